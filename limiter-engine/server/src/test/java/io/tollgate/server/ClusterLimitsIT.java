package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisCluster;
import io.tollgate.limiter.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program, twice, over a real Cluster. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ClusterLimitsIT {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Some of each master. */
  private static final List<String> USERS =
      IntStream.range(0, 30).mapToObj(i -> "user_" + i).toList();

  private static final String OWN =
      "{\"name\":\"own\",\"algorithm\":\"token_bucket\",\"limit\":4,\"period\":\"1d\"}";
  private static final String SHARED =
      "{\"name\":\"shared\",\"algorithm\":\"token_bucket\",\"limit\":100,\"period\":\"1d\","
          + "\"per\":\"namespace\"}";
  private static final String AT_ONCE =
      "{\"name\":\"at-once\",\"algorithm\":\"concurrency\",\"limit\":2,\"per\":\"namespace\"}";

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static RedisCluster cluster;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Instance one;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Instance two;

  private record Instance(TollgateProcess process, int http) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    cluster = new RedisCluster();
    one = start(cluster);
    two = start(cluster);
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    cluster.close();
  }

  private static String addresses(RedisCluster of) {
    return IntStream.range(0, RedisCluster.MASTERS)
        .mapToObj(i -> of.server(i).toString())
        .collect(Collectors.joining(","));
  }

  private static TollgateProcess serve(String mode, String addresses) throws IOException {
    Map<String, String> environment =
        Map.of(
            "REDIS_MODE",
            mode,
            "REDIS_ADDR",
            addresses,
            "REDIS_TIMEOUT_MS",
            "2000",
            "TOLLGATE_HTTP_PORT",
            "0",
            "TOLLGATE_ADMIN_PORT",
            "0",
            "TOLLGATE_DATA_DIR",
            Files.createTempDirectory(folder, "data").toString());
    return TollgateProcess.start(folder, environment, "serve");
  }

  private static Instance start(RedisCluster of) throws IOException {
    TollgateProcess process = serve("cluster", addresses(of));
    return new Instance(process, TollgateProcess.port(process.line(), "http"));
  }

  private static HttpResponse<String> send(Instance to, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.http + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  private static String asked(String user, String namespace, long cost) {
    return "{\"identifier\":\"%s\",\"namespace\":\"%s\",\"cost\":%d}"
        .formatted(user, namespace, cost);
  }

  private static String post(Instance to, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(to, "POST", path, body);
    assertEquals(200, answer.statusCode(), answer.body());
    assertFalse(answer.body().contains("\"degraded\":true"), answer.body());
    return answer.body();
  }

  private static String check(Instance by, String user, String namespace, long cost)
      throws IOException, InterruptedException {
    return post(by, "/v1/check", asked(user, namespace, cost));
  }

  private static boolean isAllowed(String decision) {
    return decision.startsWith("{\"allowed\":true,");
  }

  /** What is left of one limit, by an answer about several. */
  private static long remaining(String decision, String limit) {
    Matcher found =
        Pattern.compile("\"name\":\"" + limit + "\"[^}]*\"remaining\":(\\d+)").matcher(decision);
    assertTrue(found.find(), decision);
    return Long.parseLong(found.group(1));
  }

  private static String id(String answer, String field) {
    Matcher found = Pattern.compile("\"" + field + "\":\"([^\"]+)\"").matcher(answer);
    assertTrue(found.find(), answer);
    return found.group(1);
  }

  /** What must be so soon. */
  private interface Expectation {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(String what, Expectation expectation)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!expectation.holds()) {
      assertTrue(System.nanoTime() - start < PATIENCE_NANOS, what);
      Thread.onSpinWait();
    }
  }

  /** Makes a namespace through one server, and waits until the other one has it too. */
  private static void make(String namespace, String... limits)
      throws IOException, InterruptedException {
    String path = "/v1/namespaces/" + namespace;
    String body = "{\"limits\":[" + String.join(",", limits) + "]}";
    assertEquals(201, send(one, "PUT", path, body).statusCode());
    await(
        "the namespace does not reach the other",
        () -> send(two, "GET", path, "").statusCode() == 200);
  }

  @Test
  void everyIdentifierHasOneCounterWhicheverMasterHasItAndWhicheverServerIsAsked()
      throws Exception {
    make("many", OWN);
    for (String user : USERS) {
      int allowed = 0;
      for (int i = 0; i < 6; i++) {
        allowed += isAllowed(check(i % 2 == 0 ? one : two, user, "many", 1)) ? 1 : 0;
      }
      assertEquals(4, allowed, user);
    }
    for (int i = 0; i < RedisCluster.MASTERS; i++) {
      long keys = cluster.ask(i, redis -> redis.dbsize());
      assertTrue(keys > 1, "master " + i + " has no counter");
    }
  }

  @Test
  void whoAsksAgainUnderAKeyHearsThatHeHasPassedThoughTheNamespaceIsUsedUpMeanwhile()
      throws Exception {
    make("once", OWN, SHARED);
    for (String user : USERS.subList(0, 10)) {
      assertTrue(isAllowed(askedOnce(one, user)));
      assertTrue(isAllowed(askedOnce(two, user)));
    }
    for (String user : USERS) {
      check(one, user, "once", 3);
    }
    assertFalse(isAllowed(check(one, "somebody", "once", 4)), "100 less 10 and 90");
    for (String user : USERS.subList(0, 10)) {
      assertTrue(isAllowed(askedOnce(two, user)), "as it was answered at first");
    }
  }

  private static String askedOnce(Instance by, String user)
      throws IOException, InterruptedException {
    String body =
        "{\"identifier\":\"%s\",\"namespace\":\"once\",\"idempotency_key\":\"of-%s\"}"
            .formatted(user, user);
    return post(by, "/v1/check", body);
  }

  @Test
  void whatAnOwnLimitDeniesLeavesTheNamespacesCounterAsItWas() throws Exception {
    make("both", OWN, SHARED);
    for (String user : USERS.subList(0, 10)) {
      assertTrue(isAllowed(check(one, user, "both", 4)));
      String denied = check(two, user, "both", 1);
      assertFalse(isAllowed(denied));
      assertEquals(0, remaining(denied, "own"));
    }
    await(
        "what was taken is not put back",
        () -> remaining(check(one, "another", "both", 0), "shared") == 60);
    assertEquals(4, remaining(check(one, "another", "both", 0), "own"));
  }

  @Test
  void whatTheNamespacesLimitDeniesLeavesTheOwnCounterAsItWas() throws Exception {
    make("few", OWN, SHARED.replace("100", "6"));
    assertTrue(isAllowed(check(one, "user_1", "few", 4)));
    String denied = check(two, "user_2", "few", 3);
    assertFalse(isAllowed(denied));
    assertEquals(2, remaining(denied, "shared"));
    assertEquals(4, remaining(check(one, "user_2", "few", 0), "own"));
  }

  @Test
  void allOrNothingOverTwoIdentifiersIsRefusedAndChangesNothing() throws Exception {
    make("batch", OWN);
    String checks =
        "{\"mode\":\"%s\",\"checks\":["
            + asked("user_1", "batch", 1)
            + ","
            + asked("user_2", "batch", 1)
            + "]}";
    HttpResponse<String> refused = send(one, "POST", "/v1/check:batch", checks.formatted("all"));
    assertEquals(400, refused.statusCode());
    assertTrue(refused.body().contains("\"code\":\"CROSS_OWNER\""), refused.body());
    assertTrue(refused.body().contains("\"pointer\":\"/checks/1/identifier\""), refused.body());
    assertTrue(
        refused.body().contains("send a call for each identifier, or use each"), refused.body());
    for (String user : List.of("user_1", "user_2")) {
      assertEquals(4, remaining(check(two, user, "batch", 0), "own"));
    }
    assertTrue(isAllowed(post(one, "/v1/check:batch", checks.formatted("each"))));
    String same = checks.formatted("all").replace("user_2", "user_1");
    assertTrue(isAllowed(post(one, "/v1/check:batch", same)));
    assertEquals(1, remaining(check(two, "user_1", "batch", 0), "own"));
    assertEquals(3, remaining(check(two, "user_2", "batch", 0), "own"));
  }

  @Test
  void aReservationOverANamespacesLimitTooIsSettledByAnotherServer() throws Exception {
    make("reserved", OWN, SHARED);
    for (String user : USERS.subList(0, 5)) {
      String made = post(one, "/v1/reservations", asked(user, "reserved", 4));
      assertEquals(0, remaining(made, "own"));
      String id = id(made, "reservation_id");
      assertEquals(
          "{\"committed\":1}", post(two, "/v1/reservations/" + id + ":commit", "{\"actual\":1}"));
      assertEquals(409, send(one, "POST", "/v1/reservations/" + id + ":cancel", "").statusCode());
      assertEquals(3, remaining(check(one, user, "reserved", 0), "own"));
    }
    assertEquals(95, remaining(check(two, "another", "reserved", 0), "shared"));
    String denied = post(two, "/v1/reservations", asked(USERS.getFirst(), "reserved", 4));
    assertFalse(isAllowed(denied));
    await(
        "what a denied reservation took is not put back",
        () -> remaining(check(one, "another", "reserved", 0), "shared") == 95);
  }

  @Test
  void aLeaseOverANamespacesLimitTooIsReleasedByAnotherServer() throws Exception {
    make("leased", OWN, AT_ONCE);
    String first = post(one, "/v1/leases", asked("user_1", "leased", 1));
    assertTrue(isAllowed(first));
    assertTrue(isAllowed(post(two, "/v1/leases", asked("user_2", "leased", 1))));
    String denied = post(one, "/v1/leases", asked("user_3", "leased", 1));
    assertTrue(denied.contains("\"code\":\"CONCURRENCY_EXCEEDED\""), denied);
    assertEquals(4, remaining(check(one, "user_3", "leased", 0), "own"));
    String path = "/v1/leases/" + id(first, "lease_id");
    assertTrue(post(two, path + ":renew", "{\"ttl_ms\":20000}").startsWith("{\"renewed\":true"));
    assertEquals("{\"released\":true}", post(two, path + ":release", "{}"));
    assertEquals("{\"released\":false}", post(one, path + ":release", "{}"));
    assertTrue(isAllowed(post(one, "/v1/leases", asked("user_3", "leased", 1))));
  }

  @Test
  void whileAMasterIsGoneReadinessSaysDegradedAndOnlyItsIdentifiersAre() throws Exception {
    try (RedisCluster mortal = new RedisCluster();
        Instance server = start(mortal)) {
      assertEquals("{\"status\":\"ok\"}", send(server, "GET", "/health/ready", "").body());
      int gone = (RedisCluster.masterOfFleet() + 1) % RedisCluster.MASTERS;
      mortal.servers.get(gone).close();
      await(
          "readiness does not notice",
          () ->
              send(server, "GET", "/health/ready", "").body().equals("{\"status\":\"degraded\"}"));
      int degraded = 0;
      for (String user : USERS) {
        String decision = send(server, "POST", "/v1/check", asked(user, "any", 1)).body();
        assertTrue(isAllowed(decision), decision);
        degraded += decision.contains("\"degraded\":true") ? 1 : 0;
      }
      assertTrue(degraded > 0 && degraded < USERS.size(), degraded + " were degraded");
      await(
          "its replica does not take over",
          () -> send(server, "GET", "/health/ready", "").body().equals("{\"status\":\"ok\"}"));
      for (String user : USERS) {
        var _ = check(server, user, "any", 1);
      }
    }
  }

  private static void refuses(String mode, String address, String words) throws Exception {
    try (TollgateProcess refused = serve(mode, address)) {
      assertEquals(2, refused.exitCode());
      // A connection that is just being made may say before that it is closed.
      String last = refused.err().lines().toList().getLast();
      assertTrue(last.startsWith("Redis at " + address), refused.err());
      assertTrue(last.endsWith(words), refused.err());
    }
  }

  @Test
  void aRedisThatIsAloneIsNoClusterAndAServerOfOneIsNotAlone() throws Exception {
    try (RedisServer alone = RedisServer.start()) {
      refuses(
          "cluster",
          "127.0.0.1:" + alone.port,
          "ERR This instance has cluster support disabled; it is no Cluster: look at REDIS_MODE, or"
              + " the beginning of REDIS_URL");
    }
    for (int i = 0; i < RedisCluster.MASTERS; i++) {
      refuses(
          "single",
          cluster.server(i).toString(),
          "; it is one of a Cluster: look at REDIS_MODE, or the beginning of REDIS_URL");
    }
  }
}
