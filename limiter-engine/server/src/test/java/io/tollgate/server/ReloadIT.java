package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.check;
import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program while its limits change, and after it was killed. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ReloadIT {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String READ_AT = "tollgate_config_last_reload_timestamp_seconds";

  @TempDir Path folder;

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_DATA_DIR", folder.resolve("data").toString());
    return environment;
  }

  private static String limits(int limit) {
    return """
    version: 1
    namespaces:
      api:
        limits:
          - {name: m, algorithm: gcra, limit: %d, period: 1d}
    """
        .formatted(limit);
  }

  /** Checks until the answer holds a text; every answer on the way must be a decision. */
  private static void until(int port, String text) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<String> answer = check(port, "api");
    while (!answer.body().contains(text)) {
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), answer.body());
      answer = check(port, "api");
    }
  }

  @Test
  void aChangedFileCountsWithoutARestartAndAWrongOneIsInTheLog() throws Exception {
    Path file = Files.writeString(folder.resolve("limits.yaml"), limits(1_000_000));
    String name = file.toString();
    try (var tollgate = TollgateProcess.start(folder, environment(), "serve", "--limits", name)) {
      int port = port(tollgate.line(), "http");
      until(port, "\"limit\":1000000,");
      Path next = Files.writeString(folder.resolve("next"), limits(2_000_000));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      until(port, "\"limit\":2000000,");

      Files.writeString(file, limits(3_000_000).replace("gcra", "gcar"));
      long begun = System.nanoTime();
      while (!tollgate.err().contains("did you mean 'gcra'?")) {
        assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), tollgate.err());
        assertTrue(check(port, "api").body().contains("\"limit\":2000000,"));
      }
      Files.writeString(file, limits(3_000_000));
      until(port, "\"limit\":3000000,");
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
    }
  }

  @Test
  void aWrongFileShowsInHealthLogAndMetricsUntilItIsRepaired() throws Exception {
    Path file = Files.writeString(folder.resolve("limits.yaml"), limits(1_000_000));
    String name = file.toString();
    try (var tollgate = TollgateProcess.start(folder, environment(), "serve", "--limits", name)) {
      String line = tollgate.line();
      int port = port(line, "http");
      int admin = port(line, "admin");
      assertTrue(get(admin, "/health/ready").contains("{\"valid\":true,"));
      Exposition first = Exposition.classic(get(admin, "/metrics"));
      assertConfig(first, true, 0, 0, 1);

      Files.writeString(file, limits(2_000_000).replace("gcra", "gcar"));
      untilHealth(admin, "{\"valid\":false,");
      assertTrue(get(admin, "/health/ready").contains("did you mean 'gcra'?"));
      assertTrue(get(port, "/health").contains("{\"valid\":false,"));
      assertEquals(200, TollgateProcess.readiness(port));
      Exposition wrong = Exposition.classic(get(admin, "/metrics"));
      assertConfig(wrong, false, 0, 1, 1);
      assertEquals(first.value(READ_AT), wrong.value(READ_AT));
      assertTrue(check(port, "api").body().contains("\"limit\":1000000,"));
      long begun = System.nanoTime();
      while (!tollgate.err().contains("did you mean 'gcra'?")) {
        assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), tollgate.err());
      }

      Files.writeString(file, limits(3_000_000) + "  more: {limits: []}\n");
      untilHealth(admin, "{\"valid\":true,");
      Exposition repaired = Exposition.classic(get(admin, "/metrics"));
      assertConfig(repaired, true, 1, 1, 2);
      assertTrue(repaired.value(READ_AT) > wrong.value(READ_AT));

      Files.delete(file);
      untilHealth(admin, "{\"valid\":false,");
      assertConfig(Exposition.classic(get(admin, "/metrics")), false, 1, 2, 2);
      Files.writeString(file, limits(3_000_000) + "  more: {limits: []}\n");
      untilHealth(admin, "{\"valid\":true,");
      Exposition back = Exposition.classic(get(admin, "/metrics"));
      assertConfig(back, true, 1, 2, 2);
      assertEquals(repaired.value(READ_AT), back.value(READ_AT));
    }
  }

  private static void assertConfig(
      Exposition scrape, boolean valid, int reloads, int failures, int ofFile) {
    assertEquals(valid ? 1 : 0, scrape.value("tollgate_config_valid"));
    String count = "tollgate_config_reloads_total";
    assertEquals(reloads, scrape.value(count, "result", "success"));
    assertEquals(failures, scrape.value(count, "result", "failure"));
    assertEquals(ofFile, scrape.value("tollgate_config_namespaces", "source", "file"));
    assertEquals(0, scrape.value("tollgate_config_namespaces", "source", "api"));
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private static void untilHealth(int admin, String text) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String health = get(admin, "/health");
    while (!health.contains(text)) {
      assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), health);
      health = get(admin, "/health");
    }
  }

  @Test
  void aNamespaceThatWasAnsweredIsThereAfterAKill() throws Exception {
    String json =
        "{\"limits\":[{\"name\":\"m\",\"algorithm\":\"gcra\",\"limit\":77,\"period\":\"1d\"}]}";
    Map<String, String> environment = environment();
    environment.put("TOLLGATE_ADMIN_TOKEN", "admin-token-of-a-test");
    try (var tollgate = TollgateProcess.start(folder, environment, "serve")) {
      int port = port(tollgate.line(), "http");
      HttpRequest put =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/namespaces/api"))
              .header("Authorization", "Bearer admin-token-of-a-test")
              .PUT(HttpRequest.BodyPublishers.ofString(json))
              .build();
      HttpResponse<String> made = CLIENT.send(put, HttpResponse.BodyHandlers.ofString());
      assertEquals(201, made.statusCode(), made.body());
      assertEquals(json, made.body());
      tollgate.kill();
      var _ = tollgate.exitCode();
    }
    try (var tollgate = TollgateProcess.start(folder, environment, "serve")) {
      int port = port(tollgate.line(), "http");
      assertTrue(check(port, "api").body().contains("\"remaining\":76,"));
    }
  }
}
