package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.check;
import static io.tollgate.server.TollgateProcess.port;
import static io.tollgate.server.TollgateProcess.readiness;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program: exit codes, streams, signals. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TollgateIT {

  private static final Map<String, String> FREE_PORTS =
      Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");

  private static final String LIMITS =
      """
      version: 1
      namespaces:
        api_requests:
          limits:
            - {name: daily, algorithm: fixed_window, limit: 3, period: 1d}
            - {name: trial, algorithm: gcra, limit: 1, period: 1d, shadow: true}
          overrides:
            - {identifier: vip, limits: {daily: unlimited}}
          endpoints:
            - match: /exports*
              limits: [{name: exports, algorithm: gcra, limit: 1, period: 1h}]
        open: {limits: []}
      """;

  @TempDir Path folder;

  private Path limits(String yaml) throws IOException {
    return Files.writeString(folder.resolve("limits.yaml"), yaml);
  }

  @Test
  void checkConfigSumsUpAGoodFileAndEndsWith0() throws Exception {
    String file = limits(LIMITS).toString();
    try (var tollgate = TollgateProcess.start(folder, Map.of(), "check-config", file)) {
      assertEquals(
          List.of(
              "api_requests: 3 limits (1 only watching), 1 endpoint, 1 override",
              "open: 0 limits, 0 endpoints, 0 overrides"),
          tollgate.lines());
      assertEquals(0, tollgate.exitCode());
      assertEquals("", tollgate.err());
    }
  }

  @Test
  void checkConfigListsAllThatIsWrongAndEndsWith2() throws Exception {
    String file = limits(LIMITS.replace("limit: 3", "limit: 0").replace("gcra", "gcar")).toString();
    try (var tollgate = TollgateProcess.start(folder, Map.of(), "check-config", file)) {
      assertEquals(List.of(), tollgate.lines());
      assertEquals(2, tollgate.exitCode());
      List<String> problems = tollgate.err().lines().toList();
      assertEquals(3, problems.size(), problems.toString());
      assertEquals(
          file
              + ":5:55: limit: '0' is out of bounds;"
              + " write a whole number from 1 to 9007199254740991",
          problems.getFirst());
      assertTrue(problems.getLast().contains("did you mean 'gcra'?"), problems.toString());
    }
  }

  @Test
  void wrongArgumentsEndWith2AndSayWhereTheHelpIs() throws Exception {
    try (var tollgate = TollgateProcess.start(folder, Map.of(), "check-config")) {
      assertEquals(2, tollgate.exitCode());
      assertTrue(tollgate.err().endsWith("Help: tollgate check-config --help\n"), tollgate.err());
    }
  }

  @Test
  void helpIsNoError() throws Exception {
    try (var tollgate = TollgateProcess.start(folder, Map.of(), "serve", "--help")) {
      String help = String.join("\n", tollgate.lines());
      assertEquals(0, tollgate.exitCode());
      assertTrue(help.contains("--http-port=PORT"), help);
      assertTrue(help.contains("TOLLGATE_TOKEN"), help);
    }
  }

  @Test
  void aSettingWithoutItsPartStopsTheStartWith2AndPlainWords() throws Exception {
    Map<String, String> environment =
        Map.of("DATABASE_URL", "postgres://db", "TOLLGATE_KEYRING", "/keys", "MODE", "full");
    try (var tollgate = TollgateProcess.start(folder, environment, "serve")) {
      assertEquals(List.of(), tollgate.lines());
      assertEquals(2, tollgate.exitCode());
      assertEquals(3, tollgate.err().lines().count(), tollgate.err());
      assertTrue(tollgate.err().contains("DATABASE_URL is set, but this server"), tollgate.err());
      assertFalse(tollgate.err().contains("\tat "), tollgate.err());
      assertFalse(tollgate.err().contains("postgres://"), tollgate.err());
    }
  }

  @Test
  void aBadLimitsFileStopsTheStartWith2() throws Exception {
    Map<String, String> environment = Map.of("TOLLGATE_LIMITS", limits("version: 2\n").toString());
    try (var tollgate = TollgateProcess.start(folder, environment, "serve")) {
      assertEquals(List.of(), tollgate.lines());
      assertEquals(2, tollgate.exitCode());
      assertTrue(tollgate.err().contains("limits.yaml:1:10: version: '2'"), tollgate.err());
    }
  }

  @Test
  void theFirstLineComesWhenChecksAreAnsweredAndSigtermEndsWith0() throws Exception {
    try (var tollgate = TollgateProcess.start(folder, FREE_PORTS, "serve")) {
      String listening = tollgate.line();
      assertTrue(
          listening.matches(
              "\\{\"event\":\"listening\",\"http\":\\d+,\"grpc\":\\d+,\"admin\":\\d+,"
                  + "\"resp\":null\\}"),
          listening);
      int port = port(listening, "http");
      HttpResponse<String> answer = check(port, "api_requests");
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().startsWith("{\"allowed\":true,\"remaining\":99,"), answer.body());
      assertEquals(200, readiness(port));
      assertEquals(200, readiness(port(listening, "admin")));
      tollgate.terminate();
      assertEquals(List.of(), tollgate.lines());
      assertEquals(0, tollgate.exitCode());
      assertTrue(
          tollgate.err().contains("curl -X POST http://127.0.0.1:" + port + "/v1/check -d '{"),
          tollgate.err());
      assertFalse(tollgate.err().contains("WARN"), tollgate.err());
    }
  }

  @Test
  void theLimitsFileIsInForce() throws Exception {
    String file = limits(LIMITS).toString();
    try (var tollgate = TollgateProcess.start(folder, FREE_PORTS, "serve", "--limits", file)) {
      int port = port(tollgate.line(), "http");
      for (int i = 0; i < 3; i++) {
        assertTrue(check(port, "api_requests").body().contains("\"allowed\":true"));
      }
      HttpResponse<String> denied = check(port, "api_requests");
      assertTrue(denied.body().contains("\"allowed\":false"), denied.body());
      assertTrue(denied.headers().firstValue("Retry-After").isPresent());
      assertEquals(404, check(port, "unknown").statusCode());
    }
  }

  @Test
  void beyondLoopbackAMissingTokenWarnsOnceAndATokenIsAskedFor() throws Exception {
    try (var open = TollgateProcess.start(folder, FREE_PORTS, "serve", "--bind", "0.0.0.0")) {
      int port = port(open.line(), "http");
      assertEquals(200, check(port, "a").statusCode());
      open.terminate();
      assertEquals(0, open.exitCode());
      assertEquals(2, open.err().split("TOLLGATE_TOKEN is not set", -1).length, open.err());
    }
    Path token = Files.writeString(folder.resolve("token"), "hunter2\n");
    Map<String, String> guarded =
        Map.of(
            "TOLLGATE_DATA_DIR", folder.resolve("data").toString(),
            "TOLLGATE_HTTP_PORT", "0",
            "TOLLGATE_ADMIN_PORT", "0",
            "TOLLGATE_BIND", "0.0.0.0",
            "TOLLGATE_TOKEN_FILE", token.toString());
    try (var tollgate = TollgateProcess.start(folder, guarded, "serve")) {
      int port = port(tollgate.line(), "http");
      assertEquals(401, check(port, "a").statusCode());
      assertEquals(200, check(port, "a", "Authorization", "Bearer hunter2").statusCode());
      assertFalse(tollgate.err().contains("WARN"), tollgate.err());
      assertFalse(tollgate.err().contains("hunter2"), tollgate.err());
    }
  }

  @Test
  void aPortThatIsTakenEndsWith1AndSaysWhich() throws Exception {
    try (var first = TollgateProcess.start(folder, FREE_PORTS, "serve")) {
      String port = Integer.toString(port(first.line(), "http"));
      try (var second = TollgateProcess.start(folder, FREE_PORTS, "serve", "--http-port", port)) {
        assertEquals(List.of(), second.lines());
        assertEquals(1, second.exitCode());
        assertTrue(second.err().contains("cannot listen on 127.0.0.1 port " + port), second.err());
        assertFalse(second.err().contains("\tat "), second.err());
      }
    }
  }

  @Test
  void aQuietServerPrintsTheListeningLineOnly() throws Exception {
    try (var tollgate =
        TollgateProcess.start(
            folder, FREE_PORTS, "serve", "--log-level", "error", "--bind", "0.0.0.0")) {
      port(tollgate.line(), "http");
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
      assertEquals("", tollgate.err());
    }
  }
}
