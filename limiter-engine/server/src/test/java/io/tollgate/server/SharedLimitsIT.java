package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers as they are shipped, and the Redis that they share. */
class SharedLimitsIT {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Five times what is promised. */
  private static final long REACH_MILLIS = 5_000;

  private static final String LIMIT =
      "{\"limits\":[{\"name\":\"m\",\"algorithm\":\"token_bucket\",\"limit\":20,"
          + "\"period\":\"1d\"}]}";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private RedisServer redis = RedisServer.start();

  private record Instance(TollgateProcess process, int http, int admin) {}

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    redis.close();
  }

  private Instance start() throws IOException {
    Path data = Files.createTempDirectory(folder, "data");
    Map<String, String> environment =
        Map.of(
            "REDIS_ADDR",
            "127.0.0.1:" + redis.port,
            "REDIS_TIMEOUT_MS",
            "2000",
            "TOLLGATE_DATA_DIR",
            data.toString());
    TollgateProcess process =
        TollgateProcess.startShipped(
            folder, environment, "serve", "--http-port", "0", "--admin-port", "0");
    open.add(process);
    String listening = process.line();
    return new Instance(
        process, TollgateProcess.port(listening, "http"), TollgateProcess.port(listening, "admin"));
  }

  private static HttpResponse<String> send(int port, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  private static String check(Instance by, String namespace)
      throws IOException, InterruptedException {
    String body = "{\"identifier\":\"u\",\"namespace\":\"" + namespace + "\"}";
    return send(by.http, "POST", "/v1/check", body).body();
  }

  private static boolean isDegraded(String decision) {
    return decision.contains("\"degraded\":true");
  }

  /** What must be so soon. */
  private interface Expectation {
    boolean holds() throws IOException, InterruptedException;
  }

  private static long awaitMillis(String what, Expectation expectation)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!expectation.holds()) {
      assertTrue(System.nanoTime() - start < PATIENCE_NANOS, what);
      Thread.onSpinWait();
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static boolean has(Instance instance, String namespace)
      throws IOException, InterruptedException {
    return send(instance.http, "GET", "/v1/namespaces/" + namespace, "").body().equals(LIMIT);
  }

  private static void make(Instance by, String namespace) throws IOException, InterruptedException {
    assertEquals(201, send(by.http, "PUT", "/v1/namespaces/" + namespace, LIMIT).statusCode());
  }

  private static int allowed(List<Instance> instances, int checks)
      throws IOException, InterruptedException {
    int allowed = 0;
    for (int i = 0; i < checks; i++) {
      String decision = check(instances.get(i % instances.size()), "shared");
      assertFalse(isDegraded(decision), decision);
      allowed += decision.contains("\"allowed\":true") ? 1 : 0;
    }
    return allowed;
  }

  @Test
  void instancesCountTogetherAndSeeEachOthersNamespaces() throws Exception {
    Instance one = start();
    Instance two = start();
    make(one, "shared");
    long made = awaitMillis("the namespace does not reach the other", () -> has(two, "shared"));
    assertEquals(20, allowed(List.of(one, two), 30), "one limit for both");
    two.process.kill();
    Instance three = start();
    assertTrue(has(three, "shared"), "a start finds what was made before");
    assertEquals(0, allowed(List.of(three, one), 4), "and what was used");
    assertEquals(200, send(three.http, "DELETE", "/v1/namespaces/shared", "").statusCode());
    long gone = awaitMillis("the namespace does not go", () -> !has(one, "shared"));
    System.out.println("namespaces reached the other in " + made + " ms, left it in " + gone);
    assertTrue(Math.max(made, gone) < REACH_MILLIS);
  }

  @Test
  void aRedisThatIsKilledAndComesBackEmptyIsBridgedAndGivenItsNamespacesBack() throws Exception {
    Instance one = start();
    Instance two = start();
    make(one, "shared");
    var _ = awaitMillis("the namespace does not reach the other", () -> has(two, "shared"));
    redis.close();
    var _ = awaitMillis("the loss is not noticed", () -> isDegraded(check(one, "shared")));
    long start = System.nanoTime();
    assertTrue(isDegraded(check(two, "shared")));
    long answered = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertEquals("{\"status\":\"degraded\"}", send(one.http, "GET", "/health/ready", "").body());
    redis = redis.again();
    long healed =
        awaitMillis(
            "it does not heal",
            () -> !isDegraded(check(one, "shared")) && !isDegraded(check(two, "shared")));
    System.out.println("without Redis answered in " + answered + " ms, healed in " + healed);
    var _ = awaitMillis("the namespaces are lost", () -> has(start(), "shared"));
  }

  @Test
  void whatStartsWithoutRedisCountsByItselfAndTogetherWhenItComes() throws Exception {
    redis.close();
    Instance one = start();
    Instance two = start();
    assertTrue(isDegraded(check(one, "any")));
    assertTrue(one.process.err().contains("127.0.0.1:" + redis.port), one.process.err());
    redis = redis.again();
    for (Instance instance : List.of(one, two)) {
      var _ = awaitMillis("it does not come up", () -> !isDegraded(check(instance, "any")));
    }
    make(one, "shared");
    var _ = awaitMillis("the namespace does not reach the other", () -> has(two, "shared"));
    assertEquals(20, allowed(List.of(one, two), 30), "they have agreed on a hash key");
  }
}
