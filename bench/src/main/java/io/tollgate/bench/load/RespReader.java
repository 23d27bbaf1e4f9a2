package io.tollgate.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Reads answers of Redis's protocol to a check: five numbers, of which the first says yes or no and
 * the third how many units are left; or an error.
 *
 * <p>Anything else is no answer, so that nothing is counted that was not read.
 */
final class RespReader implements AnswerReader {

  /** Far above an error, and five numbers of 19 digits with a sign. */
  private static final int MOST_LENGTH = 1024;

  private static final int NUMBERS = 5;
  private static final int REMAINING = 2;
  private static final byte[] HEAD = "*5\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int allowed;
  private final long[] numbers = new long[NUMBERS];
  private boolean failed;
  private int length;

  /**
   * Reads answers of one connection.
   *
   * @param allowed the first number of an answer that says yes
   */
  RespReader(int allowed) {
    this.allowed = allowed;
  }

  @Override
  public int read(byte[] bytes, int from, int to) {
    if (from == to) {
      return -1;
    }
    int end = bytes[from] == '-' ? lineEnd(bytes, from, to) : numbersEnd(bytes, from, to);
    if (end < 0 && to - from > MOST_LENGTH) {
      throw broken("an answer of more than " + MOST_LENGTH + " bytes", bytes, from, to);
    }
    if (end >= 0) {
      failed = bytes[from] == '-';
      length = end - from;
    }
    return end;
  }

  private int numbersEnd(byte[] bytes, int from, int to) {
    for (int i = 0; i < HEAD.length; i++) {
      if (from + i == to) {
        return -1;
      }
      if (bytes[from + i] != HEAD[i]) {
        throw broken("not five numbers", bytes, from, to);
      }
    }
    int at = from + HEAD.length;
    for (int i = 0; i < NUMBERS && at >= 0; i++) {
      at = numberEnd(bytes, at, to, i);
    }
    return at;
  }

  /** Keeps the number of a line; -1 when the line has not ended yet. */
  private int numberEnd(byte[] bytes, int from, int to, int i) {
    if (from == to) {
      return -1;
    }
    boolean negative = from + 1 < to && bytes[from + 1] == '-';
    int at = from + (negative ? 2 : 1);
    int digits = at;
    long value = 0;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + bytes[at] - '0';
      at++;
    }
    if (bytes[from] != ':' || (at < to && (at == digits || bytes[at] != '\r'))) {
      throw broken("not a number", bytes, from, to);
    }
    if (to - at < 2) {
      return -1;
    }
    numbers[i] = negative ? -value : value;
    return at + 2;
  }

  private static int lineEnd(byte[] bytes, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (bytes[i] == '\r') {
        return i + 2;
      }
    }
    return -1;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public boolean denied() {
    return !failed && numbers[0] != allowed;
  }

  @Override
  public long remaining() {
    return failed ? UNSAID : numbers[REMAINING];
  }

  @Override
  public int length() {
    return length;
  }

  private static IllegalStateException broken(String what, byte[] bytes, int from, int to) {
    int shown = Math.min(200, to - from);
    return new IllegalStateException(
        what + ": " + new String(bytes, from, shown, StandardCharsets.ISO_8859_1));
  }
}
