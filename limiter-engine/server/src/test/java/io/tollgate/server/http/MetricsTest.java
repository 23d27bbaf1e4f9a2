package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.Exposition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape says of real connections. */
class MetricsTest {

  private static final String OPEN_METRICS =
      "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.4,*/*;q=0.1";

  static Answer scrape(TestDoor door, String... headers) throws IOException {
    try (Client admin = door.admin()) {
      return admin.send(Client.request("GET", "/metrics", "", headers)).read();
    }
  }

  private static Exposition read(TestDoor door) throws IOException {
    return Exposition.classic(scrape(door).body());
  }

  private static double checks(
      Exposition scrape, String namespace, String verb, String algorithm, String decision) {
    return scrape.value(
        "tollgate_checks_total",
        "namespace",
        namespace,
        "verb",
        verb,
        "algorithm",
        algorithm,
        "decision",
        decision);
  }

  private static double requests(Exposition scrape, String route, int status, String code) {
    String text = Integer.toString(status);
    return scrape.value(
        "tollgate_http_requests_total", "route", route, "status", text, "code", code);
  }

  private static String check(String identifier, String namespace) {
    return "{\"identifier\":\"" + identifier + "\",\"namespace\":\"" + namespace + "\"}";
  }

  @Test
  void decisionsAreCountedByConfiguredNamespaceVerbAlgorithmAndCode() throws IOException {
    try (TestDoor door =
            TestDoor.over(
                NamespaceSpec.of("tiny", List.of(TestDoor.perMinute(2))),
                NamespaceSpec.of("free", List.of()),
                NamespaceSpec.of("work", List.of(TestDoor.atOnce(1))),
                NamespaceSpec.of("*", List.of(TestDoor.gcra("default", 100))));
        Client client = door.client()) {
      for (int i = 0; i < 3; i++) {
        client.check(check("u", "tiny"));
      }
      client.check(check("u", "free"));
      client.check(check("u", "unheard_of"));
      client.check(check("u", "never_configured"));
      String batch = check("a", "tiny") + "," + check("a", "free") + "," + check("a", "other");
      client.send(Client.post("/v1/check:batch", "{\"checks\":[" + batch + "]}")).read();
      client.send(Client.post("/v1/reservations", check("b", "tiny"))).read();
      client.send(Client.post("/v1/leases", check("b", "work"))).read();
      client.send(Client.post("/v1/leases", check("b", "work"))).read();
      client.send(Client.post("/v1/check:explain", check("b", "tiny"))).read();
      client.send(Client.post("/v1/refund", check("b", "tiny"))).read();

      Exposition scrape = read(door);
      assertEquals(2, checks(scrape, "tiny", "check", "fixed_window", "allowed"));
      assertEquals(1, checks(scrape, "tiny", "check", "fixed_window", "rate_limited"));
      assertEquals(1, checks(scrape, "free", "check", "none", "allowed"));
      assertEquals(2, checks(scrape, "*", "check", "gcra", "allowed"));
      assertEquals(1, checks(scrape, "tiny", "batch", "fixed_window", "allowed"));
      assertEquals(1, checks(scrape, "free", "batch", "none", "allowed"));
      assertEquals(1, checks(scrape, "*", "batch", "gcra", "allowed"));
      assertEquals(1, checks(scrape, "tiny", "reserve", "fixed_window", "allowed"));
      assertEquals(1, checks(scrape, "work", "lease", "concurrency", "allowed"));
      assertEquals(1, checks(scrape, "work", "lease", "concurrency", "concurrency_exceeded"));
      assertEquals(10, scrape.family("tollgate_checks_total").samples().size());
    }
  }

  @Test
  void answersAreCountedByRouteStatusAndCode() throws IOException {
    try (TestDoor door = TestDoor.over(NamespaceSpec.of("n", List.of(TestDoor.perMinute(1))))) {
      try (Client client = door.client()) {
        client.check(check("u", "n"));
        client.check(check("u", "n"), "Prefer: status=decision");
        client.check("{}");
        client.check(check("u", "unknown"));
        client.send(Client.request("GET", "/v1/check", "")).read();
        client.send(Client.request("GET", "/secret/path", "")).read();
        client.send(Client.request("OPTIONS", "/v1/check", "")).read();
        client.send(Client.post("/v1/leases/lea_1:renew", "{\"ttl_ms\":1000}")).read();
        client.send("GARBAGE\r\n\r\n").read();
      }
      Exposition scrape = read(door);
      assertEquals(1, requests(scrape, "/v1/check", 200, "none"));
      assertEquals(1, requests(scrape, "/v1/check", 429, "rate_limited"));
      assertEquals(1, requests(scrape, "/v1/check", 400, "missing_field"));
      assertEquals(1, requests(scrape, "/v1/check", 404, "namespace_not_found"));
      assertEquals(1, requests(scrape, "/v1/check", 405, "method_not_allowed"));
      assertEquals(1, requests(scrape, "/v1/check", 204, "none"));
      assertEquals(1, requests(scrape, "/v1/leases/{id}:renew", 404, "lease_not_found"));
      assertEquals(1, requests(scrape, "none", 404, "not_found"));
      assertEquals(1, requests(scrape, "none", 400, "malformed_request"));
    }
  }

  @Test
  void connectionsAreCountedByPort() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client first = door.client()) {
      first.check(check("u", "n"));
      try (Client second = door.client()) {
        second.check(check("u", "n"));
        Exposition open = read(door);
        assertEquals(2, openOn(open, "checks"));
        assertEquals(1, openOn(open, "admin"));
      }
      Exposition later = read(door);
      for (int i = 0; i < 1_000 && openOn(later, "checks") > 1; i++) {
        later = read(door);
      }
      assertEquals(1, openOn(later, "checks"));
      assertEquals(2, later.value("tollgate_http_connections_accepted_total", "port", "checks"));
    }
  }

  private static double openOn(Exposition scrape, String port) {
    return scrape.value("tollgate_http_connections", "port", port);
  }

  @Test
  void theFormatIsOpenMetricsOnlyWhenItIsAskedFor() throws IOException {
    try (TestDoor door = TestDoor.usual()) {
      Answer classic = scrape(door);
      assertEquals("text/plain; version=0.0.4; charset=utf-8", classic.header("Content-Type"));
      Answer open = scrape(door, OPEN_METRICS);
      assertEquals(
          "application/openmetrics-text; version=1.0.0; charset=utf-8",
          open.header("Content-Type"));
      Exposition.classic(classic.body());
      Exposition read = Exposition.openMetrics(open.body());
      assertEquals("info", read.family("tollgate_build").type());
      assertEquals(1, read.value("tollgate_build_info", "version", "1.2.3"));
    }
  }

  @Test
  void nothingThatAClientSentIsEverInAScrape() throws IOException {
    List<String> planted =
        List.of("user_4711", "10.1.2.3", "alice@example", "grün", "quo\\\"te", "lf\\nlf", "{x=1}");
    try (TestDoor door =
            TestDoor.guarded(
                "check-s3cret",
                "admin-s3cret",
                NamespaceSpec.of("n", List.of(TestDoor.perMinute(1))),
                NamespaceSpec.of("*", List.of(TestDoor.gcra("default", 100))));
        Client client = door.client()) {
      String token = "Authorization: Bearer check-s3cret";
      for (String text : planted) {
        client.check(check(text, "n"), token, "X-Request-Id: req-4711");
        client.check(check(text, "n"), token, "Prefer: status=decision");
        client.check(check(text, text), token);
        client.check(check("u", "planted:namespace"), token);
        client.check(check("u", "n"), "Authorization: Bearer " + "planted-token");
      }
      client.send(Client.request("GET", "/planted/path?planted=query", "")).read();
      client.send(Client.post("/v1/leases/planted-id:renew", "{\"ttl_ms\":1000}", token)).read();
      for (String accept : List.of("Accept: */*", OPEN_METRICS)) {
        String body = scrape(door, accept).body();
        for (String text : planted) {
          assertFalse(body.contains(text), text);
        }
        for (String text : List.of("4711", "planted", "127.0.0.1", "s3cret", "::1", "\\")) {
          assertFalse(body.contains(text), text);
        }
      }
    }
  }

  @Test
  void aNamespaceThatIsRemovedDisappears(@TempDir Path folder) throws IOException {
    String limits =
        "{\"limits\":[{\"name\":\"l\",\"algorithm\":\"gcra\",\"limit\":9,\"period\":\"1m\"}]}";
    try (TestDoor door =
            TestDoor.keeping(folder, NamespaceSpec.of("stays", List.of(TestDoor.perMinute(9))));
        Client client = door.client()) {
      client.check(check("u", "stays"));
      for (int round = 0; round < 2; round++) {
        client.send(Client.request("PUT", "/v1/namespaces/goes", limits)).read();
        client.check(check("u", "goes"));
        Exposition before = read(door);
        assertTrue(before.hasLabel("tollgate_checks_total", "namespace", "goes"));
        assertEquals(1, checks(before, "goes", "check", "gcra", "allowed"));
        client.send(Client.request("DELETE", "/v1/namespaces/goes", "")).read();
        Exposition after = read(door);
        assertFalse(after.hasLabel("tollgate_checks_total", "namespace", "goes"));
        assertEquals(1, checks(after, "stays", "check", "fixed_window", "allowed"));
      }
    }
  }
}
