package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.limits.LimitsInForce;
import java.io.IOException;
import java.net.ConnectException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Opening and closing. */
class HttpDoorTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";

  private static final LimitsInForce LIMITS =
      TestDoor.limits(NamespaceSpec.of("n", List.of(TestDoor.perMinute(9))));

  @AfterAll
  static void close() {
    LIMITS.close();
  }

  private static Parts parts(Limiter limiter) {
    return TestDoor.parts(limiter, LIMITS, () -> Readiness.of(true), InstantSource.system());
  }

  private static HttpDoor open(Limiter limiter, String bind, int port) throws IOException {
    return HttpDoor.open(TestDoor.options(bind, port, 0, Optional.empty()), parts(limiter));
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
      HttpDoor.Options blank = TestDoor.options("127.0.0.1", 0, 0, Optional.of(" "));
      assertThrows(IllegalArgumentException.class, () -> HttpDoor.open(blank, parts(door.limiter)));
    }
  }

  private static LateStore lateStore(int checks) {
    AtomicLong micros = new AtomicLong(TestDoor.START.getEpochSecond() * 1_000_000);
    return new LateStore(TestDoor.memory(micros), checks);
  }

  private static Limiter limiter(LateStore store) {
    return TestDoor.limiter(store, LIMITS);
  }

  @Test
  void aClientThatHalfClosedStillGetsItsLateAnswer() throws Exception {
    LateStore store = lateStore(1);
    try (HttpDoor door = open(limiter(store), "localhost", 0);
        Client client = new Client(door.httpPort())) {
      client.send(Client.post("/v1/check", CHECK));
      client.finishSending();
      store.awaitAsked();
      askEveryLoop(door);
      store.answer(0);
      assertEquals(8L, client.read().json().get("remaining"));
      assertTrue(client.atEnd());
    }
  }

  /** When all event loops have answered twice, each has seen what had happened before. */
  private static void askEveryLoop(HttpDoor door) throws IOException {
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      try (Client other = new Client(door.httpPort())) {
        String health = Client.request("GET", "/health", "");
        assertEquals(200, other.send(health).read().status());
        assertEquals(200, other.send(health).read().status());
      }
    }
  }

  @Test
  void whatAStoreAnswersOnItsOwnThreadIsWrittenOnTheEventLoop() throws Exception {
    LateStore store = lateStore(1);
    Queue<String> writers = new ConcurrentLinkedQueue<>();
    InstantSource asked =
        () -> {
          writers.add(Thread.currentThread().getName());
          return TestDoor.START;
        };
    HttpDoor.Options options = TestDoor.options("localhost", 0, 0, Optional.empty());
    try (HttpDoor door =
            HttpDoor.open(
                options, TestDoor.parts(limiter(store), LIMITS, () -> Readiness.of(true), asked));
        Client client = new Client(door.httpPort())) {
      client.send(Client.post("/v1/check", CHECK));
      store.awaitAsked();
      store.answer(0);
      assertEquals(200, client.read().status());
    }
    assertEquals(2, writers.size(), "the clock is asked for the request and for its answer");
    assertTrue(
        writers.stream().allMatch(name -> name.startsWith("tollgate-http")), writers::toString);
  }

  @Test
  void closingAnswersWhatIsUnderWayAndThenNobody() throws Exception {
    LateStore store = lateStore(2);
    HttpDoor door = open(limiter(store), "localhost", 0);
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
