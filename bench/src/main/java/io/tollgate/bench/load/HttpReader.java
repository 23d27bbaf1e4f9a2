package io.tollgate.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Reads answers of HTTP/1.1.
 *
 * <p>Only what the servers here send is understood: a status line, a Content-Length. All else is an
 * error, so that nothing is counted that was not read.
 */
final class HttpReader implements AnswerReader {

  /** Far above the heads of all servers here. */
  private static final int MOST_HEAD = 8 * 1024;

  /** Far above their bodies. */
  private static final int MOST_BODY = MOST_BYTES - MOST_HEAD;

  /** Length of {@code HTTP/1.1 200}. */
  private static final int STATUS_END = 12;

  private static final byte[] VERSION = "http/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTENT_LENGTH =
      "content-length:".getBytes(StandardCharsets.US_ASCII);

  private static final int OK = 200;
  private static final byte[] ALLOWED = "{\"allowed\":true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REMAINING = "\"remaining\":".getBytes(StandardCharsets.US_ASCII);

  private int status;
  private int length;
  private boolean allowed;
  private long remaining;

  /** The status of the last whole answer. */
  int status() {
    return status;
  }

  @Override
  public boolean failed() {
    return status != OK;
  }

  @Override
  public boolean denied() {
    return status == OK && !allowed;
  }

  @Override
  public long remaining() {
    return remaining;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int read(byte[] bytes, int from, int to) {
    int head = headEnd(bytes, from, to);
    if (head < 0) {
      if (to - from > MOST_HEAD) {
        throw broken("a head of more than " + MOST_HEAD + " bytes", bytes, from, to);
      }
      return -1;
    }
    if (head - from < STATUS_END || !matches(bytes, from, VERSION)) {
      throw broken("not an answer", bytes, from, to);
    }
    int body = contentLength(bytes, from, head);
    if (body < 0 || body > MOST_BODY) {
      throw broken("no Content-Length of at most " + MOST_BODY, bytes, from, to);
    }
    if (to - head < body) {
      return -1;
    }
    status = number(bytes, from + VERSION.length, from + STATUS_END);
    length = body;
    understand(bytes, head, head + body);
    return head + body;
  }

  private void understand(byte[] bytes, int from, int to) {
    allowed = find(bytes, from, Math.min(to, from + ALLOWED.length), ALLOWED) >= 0;
    int said = failed() ? -1 : find(bytes, from, to, REMAINING);
    remaining = said < 0 ? UNSAID : digits(bytes, said, to);
  }

  private static int headEnd(byte[] bytes, int from, int to) {
    for (int i = from; i + 3 < to; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r') {
        return i + 4;
      }
    }
    return -1;
  }

  private static int contentLength(byte[] bytes, int from, int head) {
    for (int i = from; i < head - CONTENT_LENGTH.length; i++) {
      if (bytes[i] == '\n' && matches(bytes, i + 1, CONTENT_LENGTH)) {
        int digits = i + 1 + CONTENT_LENGTH.length;
        while (bytes[digits] == ' ') {
          digits++;
        }
        int end = digits;
        while (bytes[end] != '\r') {
          end++;
        }
        return number(bytes, digits, end);
      }
    }
    return -1;
  }

  /** Compares with a text in lower case. */
  private static boolean matches(byte[] bytes, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      byte b = bytes[at + i];
      byte lower = b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
      if (lower != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** The digits as a number, or -1 when there is another character or too many of them. */
  private static int number(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9' || to - from > 9) {
        return -1;
      }
      value = value * 10 + bytes[i] - '0';
    }
    return from == to ? -1 : value;
  }

  /** Where the text ends, or -1. */
  private static int find(byte[] bytes, int from, int to, byte[] text) {
    for (int i = from; i + text.length <= to; i++) {
      int same = 0;
      while (same < text.length && bytes[i + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return i + same;
      }
    }
    return -1;
  }

  /** The number that begins here; 0 when there is none, so that it is seen. */
  private static long digits(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }

  private static IllegalStateException broken(String what, byte[] bytes, int from, int to) {
    int shown = Math.min(200, to - from);
    return new IllegalStateException(
        what + ": " + new String(bytes, from, shown, StandardCharsets.ISO_8859_1));
  }
}
