package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the generator writes and reads over HTTP. */
class HttpReaderTest {

  private static final String ALLOWED = "{\"allowed\":true,\"limit\":7,\"remaining\":41}";

  private final HttpReader reader = new HttpReader();
  private final Tally tally = new Tally();

  private static String answer(int status, String body) {
    return "HTTP/1.1 "
        + status
        + " X\r\nDate: now\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

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
    String whole = answer(200, ALLOWED);
    for (int length = 0; length < whole.length(); length++) {
      assertEquals(-1, read(whole.substring(0, length)), "after " + length + " bytes");
    }
    assertEquals(whole.length(), read(whole));
    assertEquals(200, reader.status());
    assertEquals(ALLOWED.length(), reader.length());
  }

  @Test
  void pipelinedAnswersAreReadOneAfterTheOther() {
    String first = answer(200, ALLOWED);
    byte[] both = (first + answer(429, "")).getBytes(StandardCharsets.US_ASCII);
    int end = reader.read(both, 0, both.length);
    assertEquals(first.length(), end);
    assertEquals(both.length, reader.read(both, end, both.length));
    assertEquals(429, reader.status());
  }

  @Test
  void namesOfHeadersMayBeInCapitals() {
    assertEquals(44, read("HTTP/1.1 200 OK\r\nContent-LENGTH:  5\r\n\r\n12345"));
  }

  @Test
  void whatHasNoLengthIsNotCounted() {
    assertThrows(
        IllegalStateException.class,
        () -> read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    assertThrows(
        IllegalStateException.class, () -> read("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"));
    assertThrows(
        IllegalStateException.class,
        () -> read("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n"));
    assertThrows(IllegalStateException.class, () -> read("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    assertThrows(IllegalStateException.class, () -> read("x".repeat(9_000)));
  }

  @Test
  void answersAreCountedByWhatTheySay() {
    read(answer(200, ALLOWED));
    read(answer(200, ALLOWED.replace("41", "3")));
    read(answer(200, ALLOWED.replace("true", "false")));
    read(answer(503, ALLOWED));
    assertEquals(4, tally.answered());
    assertEquals(1, tally.denied());
    assertEquals(1, tally.failed());
    assertEquals(3, tally.leastRemaining());
  }

  @Test
  void withoutRemainingNothingIsMadeUp() {
    read(answer(200, "{\"allowed\":true}"));
    assertEquals(-1, tally.leastRemaining());
    assertEquals(0, tally.denied());
  }

  @Test
  void aQuestionHasSevenDigitsAndTheLengthItSays() {
    Question question = Question.post("/v1/check", "{\"identifier\":\"user_#######\"}");
    ByteBuffer out = ByteBuffer.allocate(question.length());
    question.put(out, 1_234);
    String text = new String(out.array(), StandardCharsets.US_ASCII);
    assertEquals(
        "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 29\r\n\r\n{\"identifier\":\"user_0001234\"}",
        text);
    assertEquals(0, out.remaining());
  }

  @Test
  void aQuestionWithoutPlaceOrWithoutDigitsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Question.get("/check"));
    assertThrows(IllegalArgumentException.class, () -> Question.get("/#######/#######"));
    Question question = Question.get("/#######");
    ByteBuffer out = ByteBuffer.allocate(question.length());
    assertThrows(IllegalArgumentException.class, () -> question.put(out, 10_000_000));
    assertThrows(IllegalArgumentException.class, () -> question.put(out, -1));
  }
}
