package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.store.StoreStats;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Who may scrape, and how. */
class MetricsRouteTest {

  private static String get(String... headers) {
    return Client.request("GET", "/metrics", "", headers);
  }

  @Test
  void theCheckPortHasNoMetrics() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      Answer answer = client.send(get()).read();
      assertEquals(404, answer.status());
      assertEquals("NOT_FOUND", answer.code());
    }
  }

  @Test
  void noTokenIsNeededAndNoneIsLookedAt() throws IOException {
    try (TestDoor door =
            TestDoor.guarded("c", "a", NamespaceSpec.of("n", List.of(TestDoor.perMinute(1))));
        Client admin = door.admin()) {
      assertEquals(200, admin.send(get()).read().status());
      assertEquals(200, admin.send(get("Authorization: Bearer x")).read().status());
    }
  }

  @Test
  void aPageInABrowserCannotRead() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client admin = door.admin()) {
      for (String header :
          List.of("Origin: http://a.example", "Origin: null", "Sec-Fetch-Site: cross-site")) {
        Answer answer = admin.send(get(header)).read();
        assertEquals("FOREIGN_ORIGIN", answer.code(), header);
        assertTrue(answer.body().contains("; call from no web page\""), answer::body);
      }
      Answer rebound = admin.send("GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n\r\n").read();
      assertEquals("FOREIGN_ORIGIN", rebound.code());
    }
  }

  @Test
  void headHasTheLengthAndNoBody() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client admin = door.admin()) {
      Answer head = admin.send(Client.request("HEAD", "/metrics", "")).read(false);
      assertEquals(200, head.status());
      assertTrue(Integer.parseInt(head.header("Content-Length")) > 1_000);
      assertEquals(200, admin.send(get()).read().status());
    }
  }

  @Test
  void theFifthAtOnceIsToldToComeAgain() throws Exception {
    CountDownLatch four = new CountDownLatch(4);
    CountDownLatch go = new CountDownLatch(1);
    try (TestDoor door = TestDoor.usual();
        HttpDoor slow = slow(door, four, go);
        Client first = new Client(slow.adminPort());
        Client fifth = new Client(slow.adminPort())) {
      first.send(get().repeat(4));
      assertTrue(four.await(20, TimeUnit.SECONDS));
      Answer refused = fifth.send(get()).read();
      assertEquals(503, refused.status());
      assertEquals("TOO_MANY_SCRAPES", refused.code());
      assertEquals("1", refused.header("Retry-After"));
      go.countDown();
      for (int i = 0; i < 4; i++) {
        assertEquals(200, first.read().status());
      }
    }
  }

  /** A door whose scrapes wait. */
  private static HttpDoor slow(TestDoor door, CountDownLatch begun, CountDownLatch go)
      throws IOException {
    Supplier<Set<String>> names =
        () -> {
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return Set.of();
        };
    return opened(
        door,
        new Sources(
            "1",
            names,
            door.store::stats,
            door.limits::state,
            Optional::empty,
            _ -> Map.of(),
            List::of,
            Optional::empty));
  }

  /** The same door once more, with metrics from elsewhere. */
  private static HttpDoor opened(TestDoor door, Sources sources) throws IOException {
    return HttpDoor.open(
        TestDoor.options("127.0.0.1", 0, 0, Optional.empty()),
        new Parts(
            door.limiter,
            door.limits,
            TestDoor.REALM,
            () -> Readiness.of(true),
            new Metrics(sources, System::nanoTime),
            () -> TestDoor.START));
  }

  @Test
  void aFaultWhileScrapingIsAnswered() throws IOException {
    Supplier<StoreStats> fault =
        () -> {
          throw new IllegalStateException("planted by a test");
        };
    try (TestDoor door = TestDoor.usual();
        HttpDoor opened =
            opened(
                door,
                new Sources(
                    "1",
                    Set::of,
                    fault,
                    door.limits::state,
                    Optional::empty,
                    _ -> Map.of(),
                    List::of,
                    Optional::empty));
        Client admin = new Client(opened.adminPort())) {
      for (int i = 0; i < 5; i++) {
        assertEquals("INTERNAL", admin.send(get()).read().code());
      }
    }
  }

  @Test
  void otherMethodsAreRefusedWithThoseThatAreNot() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client admin = door.admin()) {
      Answer answer = admin.send(Client.post("/metrics", "{}")).read();
      assertEquals(405, answer.status());
      assertEquals("GET, HEAD, OPTIONS", answer.header("Allow"));
    }
  }
}
