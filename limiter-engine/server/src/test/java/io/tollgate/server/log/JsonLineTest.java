package io.tollgate.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {

  private static String line(LogRecord record) {
    return new JsonLine().format(record);
  }

  private static Parsed parsed(Level level, String message, Object... parameters) {
    return Parsed.line(line(Records.of(level, message, parameters)));
  }

  @Test
  void aLineHasTimeLevelLoggerMessageAndTheCallersFieldsInThisOrder() {
    assertEquals(
        "{\"time\":\"2026-01-15T11:00:00.600Z\",\"level\":\"WARN\",\"logger\":\"io.tollgate.Some\","
            + "\"message\":\"a \\u20AC {0}\",\"request_id\":\"req_1\",\"url\":\"http:\\u2026\"}\n",
        line(
            Records.of(
                Level.WARNING,
                "a € {0}",
                LogFields.requestId("req_1").and("url", "http:…"),
                new ForPeople("not here"))));
  }

  @ParameterizedTest
  @CsvSource({
    "SEVERE, ERROR",
    "WARNING, WARN",
    "INFO, INFO",
    "CONFIG, DEBUG",
    "FINE, DEBUG",
    "FINEST, DEBUG",
  })
  void levelsAreThoseOfTheSettings(String of, String level) {
    assertEquals(level, parsed(Level.parse(of), "x").text("level"));
  }

  @Test
  void anErrorHasItsClassMessageFramesAndCauses() {
    IOException cause = new IOException("disk\nfull");
    Parsed line = parsed(Level.SEVERE, "x", new IllegalStateException("no \"room\"", cause));
    assertEquals(
        Map.of("class", "java.lang.IllegalStateException", "message", "no \"room\""), line.error());
    assertTrue(
        line.stack().getFirst().contains("JsonLineTest.anErrorHasItsClass"),
        line.stack().toString());
    assertTrue(
        line.stack().contains("caused by java.io.IOException: disk\nfull"),
        line.stack().toString());
  }

  @Test
  void theRecordsOwnErrorIsTakenToo() {
    LogRecord record = Records.of(Level.SEVERE, "x");
    record.setThrown(new IOException());
    assertEquals(
        Map.of("class", "java.io.IOException", "message", ""), Parsed.line(line(record)).error());
  }

  @Test
  void runawayStacksAndCirclesOfCausesEnd() {
    IllegalStateException first = new IllegalStateException("1");
    IllegalStateException second = new IllegalStateException("2", first);
    first.initCause(second);
    StackTraceElement frame = new StackTraceElement("C".repeat(1000), "m", "C.java", 1);
    StackTraceElement[] frames = new StackTraceElement[5000];
    Arrays.fill(frames, frame);
    first.setStackTrace(frames);
    List<String> stack = parsed(Level.SEVERE, "x", first).stack();
    assertTrue(stack.contains("… 4960 more"), stack.toString());
    assertEquals(5, stack.stream().filter(line -> line.startsWith("caused by ")).count());
    assertTrue(line(Records.of(Level.SEVERE, "x", first)).length() < 100_000);
  }

  @Test
  void longTextsAreCut() {
    String text = "é".repeat(100_000);
    Parsed line = parsed(Level.SEVERE, text, LogFields.requestId(text), new IOException(text));
    String cut = "é".repeat(8192) + "…";
    assertEquals(cut, line.text("message"));
    assertEquals(cut, line.text("request_id"));
    assertEquals(cut, line.error().get("message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"H", "L", "LH", "aH", "HaL"})
  void halvesOfSurrogatePairsAreReplacedAndPairsAreKept(String halves) {
    String broken = halves.replace('H', '\ud83d').replace('L', '\ude00');
    assertEquals(
        "😀" + halves.replace('H', '\ufffd').replace('L', '\ufffd'),
        parsed(Level.INFO, "😀" + broken).text("message"));
  }

  @Test
  void aPairIsNotCutInTwo() {
    String message = parsed(Level.INFO, "a".repeat(8191) + "😀").text("message");
    assertEquals("a".repeat(8191) + "\ufffd…", message);
  }

  @Test
  void theJdksGapsAreFilledWithoutTheMachinesLocale() {
    assertEquals("1,234.5 of x", parsed(Level.INFO, "{0} of {1}", 1234.5, "x").text("message"));
    assertEquals("{0", parsed(Level.INFO, "{0", 1).text("message"));
    assertEquals("", Parsed.line(line(new LogRecord(Level.INFO, null))).text("message"));
  }

  @Test
  void aFieldCannotTakeTheNameOfALinesOwn() {
    for (String name : Set.of("time", "level", "logger", "message", "error", "", "A", "a b")) {
      assertThrows(IllegalArgumentException.class, () -> LogFields.of(name, "x"), name);
    }
    assertEquals(Map.of("times", "x"), LogFields.of("times", "x").values());
  }
}
