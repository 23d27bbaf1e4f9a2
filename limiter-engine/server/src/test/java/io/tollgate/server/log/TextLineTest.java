package io.tollgate.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class TextLineTest {

  private static String line(Level level, String message, Object... parameters) {
    return new TextLine().format(Records.of(level, message, parameters));
  }

  @Test
  void aLineBeginsWithTimeAndLevelAndEndsWithTheFields() {
    assertEquals(
        "2026-01-15T11:00:00.600Z WARN  io.tollgate.Some: a € b request_id=req_1\n",
        line(Level.WARNING, "a € b", LogFields.requestId("req_1")));
  }

  @Test
  void whatPeopleReadTakesTheLinesPlaceAsItIs() {
    assertEquals("Try:\n  curl\n", line(Level.INFO, "x", new ForPeople("Try:\n  curl")));
  }

  @Test
  void anErrorIsOnTheLineAndItsFramesAndCausesBelow() {
    IOException error = new IOException("a\nb", new IOException());
    String[] lines = line(Level.SEVERE, "x", error).split("\n");
    assertEquals(
        "2026-01-15T11:00:00.600Z ERROR io.tollgate.Some: x (java.io.IOException: a\\nb)",
        lines[0]);
    assertTrue(lines[1].contains("TextLineTest.anErrorIsOnTheLine"), lines[1]);
    assertTrue(String.join("\n", lines).contains("\n    caused by java.io.IOException: \n"));
  }
}
