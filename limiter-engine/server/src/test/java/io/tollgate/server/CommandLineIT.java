package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program beside a server that runs. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class CommandLineIT {

  @TempDir Path folder;

  private Map<String, String> environment(int httpPort, int adminPort) {
    return Map.of(
        "TOLLGATE_HTTP_PORT", Integer.toString(httpPort),
        "TOLLGATE_ADMIN_PORT", Integer.toString(adminPort),
        "TOLLGATE_DATA_DIR", folder.resolve("data").toString());
  }

  @Test
  void aDoctorFindsTheServerThatRunsAndLeavesNothing() throws Exception {
    try (var server = TollgateProcess.start(folder, environment(0, 0), "serve")) {
      String listening = server.line();
      int http = TollgateProcess.port(listening, "http");
      int admin = TollgateProcess.port(listening, "admin");
      try (var doctor = TollgateProcess.start(folder, environment(http, admin), "doctor")) {
        List<String> lines = doctor.lines();
        assertEquals(0, doctor.exitCode(), lines.toString());
        assertTrue(
            lines.contains("ok       port of checks  a Tollgate runs on 127.0.0.1 port " + http),
            lines.toString());
        assertEquals("", doctor.err());
        assertFalse(Files.exists(folder.resolve("data")));
      }
      assertEquals(200, TollgateProcess.readiness(http));
    }
  }

  @Test
  void theQuestionOfTheFirstHelpIsAnswered() throws Exception {
    String help;
    try (var tollgate = TollgateProcess.start(folder, Map.of(), "--help")) {
      help = String.join("\n", tollgate.lines());
      assertEquals(0, tollgate.exitCode());
    }
    Matcher curl = Pattern.compile("curl localhost:8080(\\S+) -d '([^']+)'").matcher(help);
    assertTrue(curl.find(), help);
    try (var server = TollgateProcess.start(folder, environment(0, 0), "serve");
        HttpClient client = HttpClient.newHttpClient()) {
      int port = TollgateProcess.port(server.line(), "http");
      // As curl does that is told nothing else.
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + curl.group(1)))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(curl.group(2)))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertTrue(answer.body().startsWith("{\"allowed\":true,"), answer.body());
    }
  }

  @Test
  void aServerLoadsNoClassOfAnotherCommand() throws Exception {
    Path log = folder.resolve("classes");
    List<String> command = new ArrayList<>(TollgateProcess.command(Tollgate.class, "serve"));
    command.add(1, "-Xlog:class+load:file=" + log);
    try (var server = TollgateProcess.start(folder, environment(0, 0), command)) {
      var _ = TollgateProcess.port(server.line(), "http");
      server.terminate();
      assertEquals(0, server.exitCode());
    }
    List<String> classes = Files.readAllLines(log);
    assertTrue(classes.stream().anyMatch(line -> line.contains("io.tollgate.server.ServeCommand")));
    assertEquals(
        List.of(),
        classes.stream()
            .filter(line ->
                line.matches(
                    ".*(tollgate\\.server\\.([dD]octor|Completion|CheckConfig)|AutoComplete).*"))
            .toList());
  }
}
