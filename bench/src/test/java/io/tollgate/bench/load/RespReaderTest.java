package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the generator writes and reads over Redis's protocol. */
class RespReaderTest {

  private static final String YES = "*5\r\n:0\r\n:16\r\n:15\r\n:-1\r\n:2\r\n";
  private static final String NO = "*5\r\n:1\r\n:16\r\n:0\r\n:30\r\n:480\r\n";
  private static final String ERROR = "-ERR unknown command\r\n";

  private final RespReader reader = new RespReader(0);
  private final Tally tally = new Tally();

  private int read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int end = reader.read(bytes, 0, bytes.length);
    if (end >= 0) {
      tally.count(reader);
    }
    return end;
  }

  @Test
  void anAnswerIsWholeOnlyWithItsLastByte() {
    for (String whole : new String[] {YES, NO, ERROR}) {
      for (int length = 0; length < whole.length(); length++) {
        assertEquals(-1, read(whole.substring(0, length)), "after " + length + " bytes");
      }
      assertEquals(whole.length(), read(whole));
      assertEquals(whole.length(), reader.length());
    }
  }

  @Test
  void pipelinedAnswersAreReadOneAfterTheOther() {
    byte[] all = (YES + ERROR + NO).getBytes(StandardCharsets.US_ASCII);
    int end = reader.read(all, 0, all.length);
    assertFalse(reader.denied());
    end = reader.read(all, end, all.length);
    assertTrue(reader.failed());
    assertFalse(reader.denied());
    assertEquals(AnswerReader.UNSAID, reader.remaining());
    assertEquals(all.length, reader.read(all, end, all.length));
    assertTrue(reader.denied());
    assertFalse(reader.failed());
  }

  @Test
  void answersAreCountedByWhatTheySay() {
    read(YES);
    read(YES.replace(":15", ":7"));
    read(NO.replace(":0\r", ":9\r"));
    read(ERROR);
    assertEquals(4, tally.answered());
    assertEquals(1, tally.denied());
    assertEquals(1, tally.failed());
    assertEquals(7, tally.leastRemaining());
  }

  @Test
  void whoSaysYesByOneIsReadSo() {
    RespReader other = new RespReader(1);
    byte[] bytes = NO.getBytes(StandardCharsets.US_ASCII);
    assertEquals(bytes.length, other.read(bytes, 0, bytes.length));
    assertFalse(other.denied());
  }

  @Test
  void whatIsNotFiveNumbersIsNotCounted() {
    for (String strange :
        new String[] {
          "+OK\r\n",
          ":1\r\n",
          "*4\r\n:1\r\n",
          YES.replace(":16", "$16"),
          YES.replace(":16", ":"),
          YES.replace(":16", ":1x"),
          "-" + "x".repeat(2_000)
        }) {
      assertThrows(IllegalStateException.class, () -> read(strange), strange);
    }
    assertEquals(0, tally.answered());
  }

  @Test
  void aCommandHasSevenDigitsAndTheLengthsItSays() {
    Question question = Question.command(0, "THROTTLE", "user_" + Question.SLOT, "15");
    ByteBuffer out = ByteBuffer.allocate(question.length());
    question.put(out, 42);
    assertEquals(
        "*3\r\n$8\r\nTHROTTLE\r\n$12\r\nuser_0000042\r\n$2\r\n15\r\n",
        new String(out.array(), StandardCharsets.US_ASCII));
    assertEquals(0, out.remaining());
  }
}
