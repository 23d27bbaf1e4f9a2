package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.wire.Fuzz;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** No damaged stream of requests confuses, stops or charges more than it is answered. */
class RequestFuzzSimulationTest {

  private static final int STREAMS = Boolean.getBoolean("tollgate.long") ? 100_000 : 1_500;

  @Test
  void damagedStreamsAreAnsweredInOrderOrRefusedAndClosed() throws IOException {
    long seed = Fuzz.seed(RequestFuzzSimulationTest.class);
    try (TestDoor door = TestDoor.usual()) {
      Fuzz fuzz = new Fuzz(door.door.httpPort(), seed);
      fuzz.run(0, STREAMS);
      System.out.println("answered: " + fuzz.statuses() + ", whole: " + fuzz.whole());
      assertTrue(door.door.connections().open() < 10, () -> door.door.connections() + " stay");
      assertTrue(fuzz.whole() > STREAMS / 10, "too few streams were whole: " + fuzz.whole());
      assertTrue(fuzz.statuses().size() > 5, () -> "too few kinds: " + fuzz.statuses());
    }
  }
}
