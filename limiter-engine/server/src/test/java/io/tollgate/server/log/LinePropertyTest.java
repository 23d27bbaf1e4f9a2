package io.tollgate.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a stranger puts into a text, a line stays one line and says the same. */
class LinePropertyTest {

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Character> nasty =
        Arbitraries.of(
            '\n', '\r', '"', '\\', '\u001b', '\0', '\u007f', '\u0085', '\u2028', '\u202e', '{',
            '\'', '\ud83d', '\ude00');
    return Arbitraries.oneOf(nasty, Arbitraries.chars().all())
        .list()
        .ofMaxSize(40)
        .map(chars -> {
          StringBuilder text = new StringBuilder();
          chars.forEach(text::append);
          return text.toString();
        });
  }

  private static LogRecord record(String text) {
    return Records.of(Level.INFO, text, LogFields.requestId(text), new IOException(text));
  }

  @Property
  void jsonIsOneLineOfPrintableAsciiThatGivesTheTextBack(@ForAll("texts") String text) {
    String line = new JsonLine().format(record(text));
    assertTrue(line.endsWith("}\n"));
    assertTrue(line.substring(0, line.length() - 1).chars().allMatch(c -> c >= ' ' && c <= '~'));
    Parsed parsed = Parsed.line(line);
    String expected = Clean.text(text, text.length());
    assertEquals(expected, parsed.text("message"));
    assertEquals(expected, parsed.text("request_id"));
    assertEquals(expected, parsed.error().get("message"));
  }

  @Property
  void textHasOneLineAndIndentedFramesWithoutControls(@ForAll("texts") String text) {
    String[] lines = new TextLine().format(record(text)).split("\n", -1);
    assertTrue(lines[0].startsWith("2026-01-15T11:00:00.600Z INFO  io.tollgate.Some: "), lines[0]);
    assertEquals("", lines[lines.length - 1]);
    for (int i = 1; i < lines.length - 1; i++) {
      assertTrue(lines[i].startsWith("    "), lines[i]);
    }
    for (String line : lines) {
      assertTrue(line.codePoints().noneMatch(Character::isISOControl), line);
      assertTrue(line.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF), line);
    }
  }
}
