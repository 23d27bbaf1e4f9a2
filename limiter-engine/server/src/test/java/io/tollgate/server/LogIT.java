package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.log.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What real processes say on stderr. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class LogIT {

  @TempDir Path folder;

  private TollgateProcess serve(String... environment) throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put("TOLLGATE_HTTP_PORT", "0");
    all.put("TOLLGATE_ADMIN_PORT", "0");
    for (int i = 0; i < environment.length; i += 2) {
      all.put(environment[i], environment[i + 1]);
    }
    return TollgateProcess.start(folder, all, "serve");
  }

  private String logged(String what, String... environment) throws Exception {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      all.put(environment[i], environment[i + 1]);
    }
    List<String> command = TollgateProcess.command(LoggingProgram.class, what);
    try (var program = TollgateProcess.start(folder, all, command)) {
      assertEquals(0, program.exitCode());
      return program.err();
    }
  }

  @Test
  void everyLineOfAServersLifeIsJsonAndNothingElseIsOnStdout() throws Exception {
    try (var tollgate = serve("LOG_LEVEL", "debug")) {
      int port = port(tollgate.line(), "http");
      TollgateProcess.check(port, "api_requests");
      tollgate.terminate();
      assertEquals(List.of(), tollgate.lines());
      assertEquals(0, tollgate.exitCode());
      List<Parsed> lines = Parsed.all(tollgate.err());
      Parsed greeting =
          lines.stream().filter(line -> line.texts().containsKey("url")).findFirst().orElseThrow();
      assertEquals("http://127.0.0.1:" + port, greeting.text("url"));
      assertTrue(
          greeting.text("try").startsWith("curl -X POST http://127.0.0.1:" + port + "/v1/check"));
      assertTrue(
          greeting.text("time").matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
      assertEquals("Tollgate has stopped", lines.getLast().text("message"), tollgate.err());
      assertTrue(
          lines.stream().anyMatch(line -> line.text("logger").startsWith("io.netty.")),
          "the libraries obey the level too: " + tollgate.err());
    }
  }

  @Test
  void aTextThatWouldBreakOutOfItsLineIsEscaped() throws Exception {
    Path data = folder.resolve("a\nb\r\u001b[31m\"{0}");
    for (String format : List.of("json", "text")) {
      try (var tollgate =
          serve(
              "TOLLGATE_BIND",
              "0.0.0.0",
              "TOLLGATE_DATA_DIR",
              data.toString(),
              "LOG_FORMAT",
              format)) {
        port(tollgate.line(), "http");
        tollgate.terminate();
        assertEquals(0, tollgate.exitCode());
        String err = tollgate.err();
        assertTrue(err.codePoints().noneMatch(c -> c != '\n' && Character.isISOControl(c)), err);
        if (format.equals("json")) {
          String message = Parsed.all(err).getFirst().text("message");
          assertTrue(message.contains(data + "/admin-token"), message);
        } else {
          assertTrue(err.lines().findFirst().orElseThrow().contains("/a\\nb\\r\\u001b[31m"), err);
        }
      }
    }
  }

  @Test
  void aGeneratedAdminTokenIsShownByTheFirstStartOnly() throws Exception {
    String data = folder.resolve("data").toString();
    for (boolean first : List.of(true, false)) {
      try (var tollgate = serve("TOLLGATE_BIND", "0.0.0.0", "TOLLGATE_DATA_DIR", data)) {
        port(tollgate.line(), "http");
        tollgate.terminate();
        assertEquals(0, tollgate.exitCode());
        String token = Files.readString(Path.of(data, "admin-token")).strip();
        assertEquals(first, tollgate.err().contains(token), tollgate.err());
        assertTrue(tollgate.err().contains(data), tollgate.err());
      }
    }
  }

  @Test
  void textIsForPeople() throws Exception {
    try (var tollgate = serve("LOG_FORMAT", "text", "TOLLGATE_BIND", "0.0.0.0")) {
      int port = port(tollgate.line(), "http");
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
      String err = tollgate.err();
      assertTrue(
          err.contains(
              "\nTollgate answers checks on http://localhost:" + port + ". Try:\n  curl -X POST "),
          err);
      assertTrue(err.contains("Z WARN  tollgate: TOLLGATE_TOKEN is not set"), err);
    }
  }

  @Test
  void faultsStayOneLineWithTheirRequestAndTheirCause() throws Exception {
    List<Parsed> lines = Parsed.all(logged("faults"));
    assertEquals(2, lines.size(), lines.toString());
    Parsed fault = lines.getFirst();
    assertEquals("a\nb\r\u001b[31m\"\\\ufffd \u202e", fault.text("message"));
    assertEquals("req_1\n", fault.text("request_id"));
    assertEquals(
        Map.of("class", "java.lang.IllegalStateException", "message", "outer"), fault.error());
    assertTrue(
        fault.stack().stream().anyMatch(line -> line.startsWith("caused by java.io.IOException")),
        fault.stack().toString());
    assertEquals(
        "a log line threw java.lang.UnsupportedOperationException when written",
        lines.getLast().text("message"));
  }

  @Test
  void theJdkDoesNotTakeTheLogAwayFromAProcessThatEnds() throws Exception {
    assertEquals("still here", Parsed.line(logged("ending")).text("message"));
  }

  @Test
  void theLevelHoldsBackWhatIsLessUrgent() throws Exception {
    assertTrue(logged("faults", "LOG_LEVEL", "debug").contains("a detail"));
    assertFalse(logged("faults", "LOG_LEVEL", "info").contains("a detail"));
    assertEquals(2, Parsed.all(logged("faults", "LOG_LEVEL", "error")).size());
  }

  @Test
  void aConnectionThatIsMadeTooLateIsADetail() throws Exception {
    assertEquals("", logged("given up"));
    assertTrue(logged("given up", "LOG_LEVEL", "debug").contains("endpoint is already closed"));
  }

  @Test
  void linesOfManyThreadsDoNotMixAndAThreadThatFailsIsALineToo() throws Exception {
    List<Parsed> lines = Parsed.all(logged("many"));
    assertEquals(8 * 200 + 1, lines.size());
    assertEquals(8 * 200 + 1, lines.stream().map(line -> line.text("message")).distinct().count());
    assertEquals("java.lang.NumberFormatException", lines.getLast().error().get("class"));
  }

  @Test
  void nobodyWaitsForAReaderOfStderrThatStandsStill() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(TollgateProcess.command(LoggingProgram.class, "flood"));
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    Process process = builder.start();
    try (var out = process.inputReader();
        var err = process.errorReader()) {
      assertEquals("done", out.readLine());
      // Only now somebody reads; what did not fit is counted.
      List<Parsed> lines = err.lines().map(Parsed::line).toList();
      assertEquals(0, process.waitFor());
      Parsed last = lines.getLast();
      assertTrue(last.text("message").matches("\\d+ log lines were dropped.*"), last.toString());
    } finally {
      process.destroyForcibly();
    }
  }
}
