package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.wire.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of checks that are under way when a server stops. */
class DrainUnderLoadTest {

  private static final int CONNECTIONS = 8;

  /** More than can be asked here; no time passes, so that nothing comes back. */
  private static final long UNITS = 1_000_000_000;

  private static final long ANSWERS_BEFORE = 200;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  @Test
  void everyCheckThatWasChargedIsAnswered() throws Exception {
    List<Pipeline> connections = new ArrayList<>();
    try (TestDoor door =
        TestDoor.over(NamespaceSpec.of("api_requests", List.of(TestDoor.perMinute(UNITS))))) {
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(new Pipeline(door.door.httpPort(), "user" + i, _ -> {}));
      }
      long begun = System.nanoTime();
      while (connections.stream().anyMatch(c -> c.answered() < ANSWERS_BEFORE)) {
        assertTrue(System.nanoTime() - begun < PATIENCE_NANOS, "too few answers");
        Thread.onSpinWait();
      }
      door.door.close();
      for (int i = 0; i < CONNECTIONS; i++) {
        String user = "user" + i;
        long charged = UNITS - door.remaining("api_requests", user);
        assertEquals(charged, connections.get(i).end(), user);
      }
    } finally {
      for (Pipeline connection : connections) {
        connection.close();
      }
    }
  }
}
