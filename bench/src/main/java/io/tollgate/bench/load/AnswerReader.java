package io.tollgate.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Finds whole HTTP/1.1 answers in bytes that arrive in pieces. Not safe for several threads.
 *
 * <p>Only what the servers here send is understood: a status line, a Content-Length. All else is an
 * error, so that nothing is counted that was not read.
 */
final class AnswerReader {

  /** Far above the heads of all servers here. */
  private static final int MOST_HEAD = 8 * 1024;

  /** Far above their bodies. */
  private static final int MOST_BODY = 32 * 1024;

  /** Length of {@code HTTP/1.1 200}. */
  private static final int STATUS_END = 12;

  private static final byte[] VERSION = "http/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTENT_LENGTH =
      "content-length:".getBytes(StandardCharsets.US_ASCII);

  /** The longest answer that is read. */
  static final int MOST_BYTES = MOST_HEAD + MOST_BODY;

  private int status;
  private int bodyFrom;
  private int bodyTo;

  /** The status of the last whole answer. */
  int status() {
    return status;
  }

  /** Where its body begins. */
  int bodyFrom() {
    return bodyFrom;
  }

  /** Where its body has ended. */
  int bodyTo() {
    return bodyTo;
  }

  /**
   * Reads the answer that begins at {@code from}.
   *
   * @return where it ends, or -1 when not all of it is there yet
   * @throws IllegalStateException when it is none, or too long
   */
  int read(byte[] bytes, int from, int to) {
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
    int length = contentLength(bytes, from, head);
    if (length < 0 || length > MOST_BODY) {
      throw broken("no Content-Length of at most " + MOST_BODY, bytes, from, to);
    }
    if (to - head < length) {
      return -1;
    }
    status = number(bytes, from + VERSION.length, from + STATUS_END);
    bodyFrom = head;
    bodyTo = head + length;
    return bodyTo;
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

  private static IllegalStateException broken(String what, byte[] bytes, int from, int to) {
    int shown = Math.min(200, to - from);
    return new IllegalStateException(
        what + ": " + new String(bytes, from, shown, StandardCharsets.ISO_8859_1));
  }
}
