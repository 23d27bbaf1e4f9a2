package io.tollgate.server.door;

import io.netty.util.AsciiString;
import java.util.function.BiConsumer;

/** Takes header lines apart that were written for HTTP/1.1, for protocols that want fields. */
public final class HeaderLines {

  private HeaderLines() {}

  /**
   * Tells of each field: its name in lower case, and its value.
   *
   * @param bytes lines that end with CRLF, then at most an empty one; names are changed in place
   * @param from where the first line begins
   */
  public static void each(byte[] bytes, int from, BiConsumer<AsciiString, AsciiString> told) {
    int line = from;
    while (line < bytes.length && bytes[line] != '\r') {
      int colon = line;
      while (bytes[colon] != ':') {
        bytes[colon] = lower(bytes[colon]);
        colon++;
      }
      int next = next(bytes, line);
      told.accept(
          new AsciiString(bytes, line, colon - line, false),
          new AsciiString(bytes, colon + 2, next - 2 - (colon + 2), false));
      line = next;
    }
  }

  /** Where the line after this one begins. */
  public static int next(byte[] bytes, int line) {
    int at = line;
    while (bytes[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  private static byte lower(byte c) {
    return c >= 'A' && c <= 'Z' ? (byte) (c + ('a' - 'A')) : c;
  }
}
