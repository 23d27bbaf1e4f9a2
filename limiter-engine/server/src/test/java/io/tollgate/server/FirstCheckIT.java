package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.check;
import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does first, against the program as it is shipped. */
class FirstCheckIT {

  /** What curl says of a body given with {@code -d}. */
  private static final String[] CURL = {"Content-Type", "application/x-www-form-urlencoded"};

  private static final String WINDOW =
      """
      version: 1
      namespaces:
        api_requests:
          limits:
            - {name: m, algorithm: fixed_window, limit: 100, period: 1m, align: first_call}
      """;

  /** One unit of the built-in 100 a minute. */
  private static final Duration UNIT = Duration.ofMillis(600);

  @TempDir Path folder;

  private TollgateProcess serve(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    return TollgateProcess.startShipped(folder, environment, "serve");
  }

  private static boolean allowed(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body().startsWith("{\"allowed\":true,");
  }

  @Test
  void theFirstCheckOfTheReadmeIsAnsweredAsItSays() throws Exception {
    try (var tollgate = serve(Map.of("MODE", "standalone"))) {
      HttpResponse<String> answer = check(port(tollgate.line(), "http"), "api_requests", CURL);
      assertEquals(200, answer.statusCode());
      assertTrue(
          answer
              .body()
              .matches(
                  "\\{\"allowed\":true,\"remaining\":99,\"reset_at\":\"[0-9T:.-]+Z\","
                      + "\"code\":\"ALLOWED\",.*"),
          answer.body());
    }
  }

  @Test
  void the101stCallInsideOneWindowIsDeniedWithRetryAfter() throws Exception {
    Path limits = Files.writeString(folder.resolve("limits.yaml"), WINDOW);
    try (var tollgate = serve(Map.of("TOLLGATE_LIMITS", limits.toString()))) {
      int port = port(tollgate.line(), "http");
      for (int i = 0; i < 100; i++) {
        assertTrue(allowed(check(port, "api_requests", CURL)), "call " + (i + 1));
      }
      HttpResponse<String> denied = check(port, "api_requests", CURL);
      assertTrue(!allowed(denied), denied.body());
      long wait = Long.parseLong(denied.headers().firstValue("Retry-After").orElseThrow());
      assertTrue(wait >= 1 && wait <= 60, "Retry-After: " + wait);
    }
  }

  @Test
  void theBuiltInLimitPasses100AndOneMoreForEach600MillisecondsElapsed() throws Exception {
    try (var tollgate = serve(Map.of())) {
      int port = port(tollgate.line(), "http");
      long before = System.nanoTime();
      int passed = 0;
      for (int i = 0; i < 150; i++) {
        passed += allowed(check(port, "api_requests", CURL)) ? 1 : 0;
      }
      long elapsed = System.nanoTime() - before;
      long most = 100 + elapsed / UNIT.toNanos();
      assertTrue(passed >= 100 && passed <= most, passed + " passed, at most " + most + " may");
    }
  }

  @Test
  void baseLimitAndWindowSecondsShapeTheBuiltInLimit() throws Exception {
    try (var tollgate = serve(Map.of("BASE_LIMIT", "3", "WINDOW_SECONDS", "3600"))) {
      int port = port(tollgate.line(), "http");
      for (int remaining = 2; remaining >= 0; remaining--) {
        String body = check(port, "any", CURL).body();
        assertTrue(body.startsWith("{\"allowed\":true,\"remaining\":" + remaining + ","), body);
      }
      assertTrue(!allowed(check(port, "any", CURL)));
    }
  }
}
