package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.Limiter;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Opening and closing. */
class HttpDoorTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";

  private static HttpDoor open(Limiter limiter, String bind, int port) throws IOException {
    HttpDoor.Options options = new HttpDoor.Options(bind, port, 0, Optional.empty());
    return HttpDoor.open(options, limiter, TestDoor.REALM, () -> true);
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (TestDoor door = TestDoor.usual()) {
      int port = door.door.httpPort();
      IOException refusal =
          assertThrows(IOException.class, () -> open(door.limiter, "127.0.0.1", port));
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.startsWith("cannot listen on 127.0.0.1 port " + port + ": "), message);
      assertTrue(message.contains("already in use"), message);
    }
  }

  @Test
  void anAddressThatIsNotOursIsNamed() throws IOException {
    try (TestDoor door = TestDoor.usual()) {
      IOException refusal =
          assertThrows(IOException.class, () -> open(door.limiter, "not an address", 0));
      assertEquals("cannot listen on not an address: no such address", refusal.getMessage());
    }
  }

  @Test
  void aBlankTokenIsRefusedInsteadOfGuardingNothing() throws IOException {
    try (TestDoor door = TestDoor.usual()) {
      HttpDoor.Options blank = new HttpDoor.Options("127.0.0.1", 0, 0, Optional.of(" "));
      assertThrows(
          IllegalArgumentException.class,
          () -> HttpDoor.open(blank, door.limiter, TestDoor.REALM, () -> true));
    }
  }

  @Test
  void closingAnswersWhatIsUnderWayAndThenNobody() throws Exception {
    AtomicLong micros = new AtomicLong(TestDoor.START.getEpochSecond() * 1_000_000);
    LateStore store = new LateStore(TestDoor.memory(micros), 2);
    List<NamespaceSpec> limits = List.of(NamespaceSpec.of("n", List.of(TestDoor.perMinute(9))));
    HttpDoor door = open(TestDoor.limiter(store, limits), "localhost", 0);
    try (Client busy = new Client(door.httpPort());
        Client idle = new Client(door.httpPort())) {
      idle.send(Client.request("GET", "/health", "")).read();
      busy.send(Client.post("/v1/check", CHECK) + Client.post("/v1/check", CHECK));
      store.awaitAsked();
      Thread closing = Thread.ofVirtual().start(door::close);
      assertTrue(idle.atEnd());
      // The idle connection has ended, so the door is closing: now the store answers.
      store.answer(1);
      store.answer(0);
      Answer first = busy.read();
      assertEquals(8L, first.json().get("remaining"));
      Answer second = busy.read();
      assertEquals(7L, second.json().get("remaining"));
      assertTrue(busy.atEnd());
      closing.join();
      assertThrows(ConnectException.class, () -> new Client(door.httpPort()));
    }
    door.close();
  }
}
