package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.limit.StoreFailure;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every call is answered while the Redis of a server is away. */
class StoreAwayTest {

  private static final String UNKNOWN_ID = "00000000000000000000000001";

  @SuppressWarnings("NullAway.Init") // before all
  private static RedisDoor away;

  @BeforeAll
  static void open() throws IOException {
    away =
        new RedisDoor(
            RedisDoor.NOWHERE,
            namespace("local", StoreFailure.LOCAL),
            namespace("open", StoreFailure.OPEN),
            namespace("closed", StoreFailure.CLOSED));
  }

  @AfterAll
  static void close() {
    away.close();
  }

  private static NamespaceSpec namespace(String name, StoreFailure onStoreFailure) {
    return new NamespaceSpec(
        name,
        onStoreFailure,
        Headers.DRAFT,
        List.of(TestDoor.perMinute(2), TestDoor.atOnce(2)),
        List.of(),
        List.of());
  }

  private static Answer post(String path, String body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    try (Client client = new Client(away.door.httpPort())) {
      return client.send(head.toString()).read();
    }
  }

  private static String ask(String namespace, String identifier) {
    return "{\"identifier\":\"" + identifier + "\",\"namespace\":\"" + namespace + "\"}";
  }

  @Test
  void aLocalLimitGoesOnCountingAndSaysSo() throws IOException {
    for (int i = 0; i < 3; i++) {
      Answer answer = post("/v1/check", ask("local", "one"));
      assertEquals(i < 2, answer.body().contains("\"allowed\":true"), answer.body());
      assertTrue(answer.body().contains("\"degraded\":true"), answer.body());
    }
  }

  @Test
  void anOpenLimitAllowsEverything() throws IOException {
    for (int i = 0; i < 5; i++) {
      Answer answer = post("/v1/check", ask("open", "one"));
      assertTrue(answer.body().contains("\"allowed\":true"), answer.body());
      assertTrue(answer.body().contains("\"degraded\":true"), answer.body());
    }
  }

  @Test
  void aClosedLimitDeniesAndSaysWhenToTryAgain() throws IOException {
    Answer decision = post("/v1/check", ask("closed", "one"));
    assertEquals(200, decision.status());
    assertEquals("STORE_UNAVAILABLE", decision.code());
    assertTrue(decision.body().contains("\"retry_after_ms\":1000"), decision.body());
    Answer denied = post("/v1/check", ask("closed", "one"), "Prefer: status=decision");
    assertEquals(503, denied.status());
    assertEquals("1", denied.header("Retry-After"));
    assertTrue(denied.body().contains("the store of the limits is away"), denied.body());
  }

  @Test
  void aBatchIsDecidedByEachOnesPolicy() throws IOException {
    String checks = ask("open", "two") + "," + ask("closed", "two") + "," + ask("local", "two");
    Answer each = post("/v1/check:batch", "{\"mode\":\"each\",\"checks\":[" + checks + "]}");
    assertEquals(3, each.body().split("\"degraded\":true", -1).length - 1, each.body());
    assertEquals(1, each.body().split("STORE_UNAVAILABLE", -1).length - 1, each.body());
    Answer all = post("/v1/check:batch", "{\"mode\":\"all\",\"checks\":[" + checks + "]}");
    assertTrue(all.body().startsWith("{\"allowed\":false"), all.body());
  }

  @Test
  void leasesAndReservationsAreMadeHereAndSettledHere() throws IOException {
    Answer lease = post("/v1/leases", ask("local", "three"));
    String id = lease.body().replaceAll(".*\"lease_id\":\"(\\w+)\".*", "$1");
    assertEquals(200, post("/v1/leases/" + id + ":renew", "{\"ttl_ms\":5000}").status());
    Answer released = post("/v1/leases/" + id + ":release", "");
    assertEquals("{\"released\":true}", released.body());
    Answer reserved = post("/v1/reservations", ask("local", "four"));
    String reservation = reserved.body().replaceAll(".*\"reservation_id\":\"(\\w+)\".*", "$1");
    Answer committed = post("/v1/reservations/" + reservation + ":commit", "{\"actual\":1}");
    assertEquals("{\"committed\":1}", committed.body());
  }

  @Test
  void whatNobodyKnowsIsRefusedAndMayBeTriedAgain() throws IOException {
    for (String path :
        List.of(
            "/v1/reservations/res_" + UNKNOWN_ID + ":commit",
            "/v1/reservations/res_" + UNKNOWN_ID + ":cancel",
            "/v1/leases/lea_" + UNKNOWN_ID + ":renew",
            "/v1/leases/lea_" + UNKNOWN_ID + ":release")) {
      String body = path.endsWith("commit") ? "{\"actual\":1}" : "";
      body = path.endsWith("renew") ? "{\"ttl_ms\":5000}" : body;
      Answer answer = post(path, body);
      assertEquals(503, answer.status(), path);
      assertEquals("STORE_UNAVAILABLE", answer.code(), path);
      assertEquals("1", answer.header("Retry-After"), path);
    }
    for (String path : List.of("/v1/refund", "/v1/reset")) {
      Answer answer = post(path, ask("open", "one"));
      assertEquals(503, answer.status(), path);
      assertEquals("STORE_UNAVAILABLE", answer.code(), path);
    }
  }

  @Test
  void readinessSaysDegradedAndOnlyTheOperatorWhy() throws IOException {
    String get = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Client checks = new Client(away.door.httpPort());
        Client admin = new Client(away.door.adminPort())) {
      Answer forAll = checks.send(get).read();
      assertEquals(200, forAll.status());
      assertEquals("{\"status\":\"degraded\"}", forAll.body());
      Answer forOperator = admin.send(get).read();
      assertTrue(forOperator.body().contains("\"up\":0"), forOperator.body());
      assertTrue(forOperator.body().contains("Connection refused"), forOperator.body());
      assertFalse(forOperator.body().contains("unresolved"), forOperator.body());
    }
  }
}
