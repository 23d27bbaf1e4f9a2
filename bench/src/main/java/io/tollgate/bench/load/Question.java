package io.tollgate.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/** One request, the same for all identifiers but for seven digits. Immutable. */
final class Question {

  /** Where the digits go. */
  static final String SLOT = "#######";

  /** More identifiers than this have no seven digits. */
  static final int MOST_IDENTIFIERS = 10_000_000;

  private final byte[] before;
  private final byte[] after;
  private final Supplier<AnswerReader> readers;

  private Question(String text, Supplier<AnswerReader> readers) {
    int slot = text.indexOf(SLOT);
    if (slot < 0 || text.indexOf(SLOT, slot + 1) >= 0) {
      throw new IllegalArgumentException("the identifier's digits belong in once: " + text);
    }
    this.before = text.substring(0, slot).getBytes(StandardCharsets.US_ASCII);
    this.after = text.substring(slot + SLOT.length()).getBytes(StandardCharsets.US_ASCII);
    this.readers = readers;
  }

  /** Asks with a method that has no body. */
  static Question get(String target) {
    return get(target, "");
  }

  /**
   * The same with headers.
   *
   * @param headers lines with their ends
   */
  static Question get(String target, String headers) {
    return new Question(
        "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n", HttpReader::new);
  }

  /** Asks with a body of JSON. */
  static Question post(String target, String json) {
    return new Question(
        String.format(
            Locale.ROOT,
            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n%s",
            target,
            json.length(),
            json),
        HttpReader::new);
  }

  /**
   * Asks with a command of Redis.
   *
   * @param allowed the first number of an answer that says yes
   * @param words of ASCII
   */
  static Question command(int allowed, String... words) {
    StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return new Question(text.toString(), () -> new RespReader(allowed));
  }

  /** Reads answers to it, of one connection. */
  AnswerReader newReader() {
    return readers.get();
  }

  /** What stands before the digits. */
  byte[] before() {
    return before.clone();
  }

  /** What stands behind the digits. */
  byte[] after() {
    return after.clone();
  }

  /** The bytes of one request. */
  int length() {
    return before.length + SLOT.length() + after.length;
  }

  /**
   * Writes the request for an identifier.
   *
   * @param identifier 0 to {@link #MOST_IDENTIFIERS} - 1
   */
  void put(ByteBuffer out, int identifier) {
    if (identifier < 0 || identifier >= MOST_IDENTIFIERS) {
      throw new IllegalArgumentException("no seven digits: " + identifier);
    }
    out.put(before);
    int slot = out.position();
    int rest = identifier;
    for (int i = SLOT.length() - 1; i >= 0; i--) {
      out.put(slot + i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    out.position(slot + SLOT.length()).put(after);
  }
}
