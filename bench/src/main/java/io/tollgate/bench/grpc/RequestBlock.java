package io.tollgate.bench.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The header blocks of requests (HPACK, RFC 7541): the first of a connection names everything and
 * has the server remember it; all that follow are six bytes that point there. Immutable.
 */
final class RequestBlock {

  private static final int METHOD_POST = 0x83;
  private static final int SCHEME_HTTP = 0x86;

  /** Literals that are remembered, whose names stand in the static table. */
  private static final int PATH = 0x44;

  private static final int AUTHORITY = 0x41;
  private static final int CONTENT_TYPE = 0x5f;
  private static final int NEW_NAME = 0x40;

  /** What is remembered is counted backwards from here. */
  private static final int LAST_REMEMBERED = 0x80 | 62;

  /** A length below this is one byte. */
  private static final int MOST_TEXT = 126;

  /** What an entry of the table takes beside its texts. */
  private static final int ENTRY = 32;

  private static final String GRPC = "application/grpc";
  private static final String TE = "te";
  private static final String TRAILERS = "trailers";

  private final byte[] first;
  private final byte[] next;
  private final int tableSize;

  RequestBlock(String path, String authority) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(METHOD_POST);
    out.write(SCHEME_HTTP);
    out.write(PATH);
    text(out, path);
    out.write(AUTHORITY);
    text(out, authority);
    out.write(CONTENT_TYPE);
    text(out, GRPC);
    out.write(NEW_NAME);
    text(out, TE);
    text(out, TRAILERS);
    this.first = out.toByteArray();
    this.next =
        new byte[] {
          (byte) METHOD_POST,
          (byte) SCHEME_HTTP,
          (byte) (LAST_REMEMBERED + 3),
          (byte) (LAST_REMEMBERED + 2),
          (byte) (LAST_REMEMBERED + 1),
          (byte) LAST_REMEMBERED
        };
    this.tableSize =
        entry(":path", path)
            + entry(":authority", authority)
            + entry("content-type", GRPC)
            + entry(TE, TRAILERS);
  }

  private static int entry(String name, String value) {
    return ENTRY + name.length() + value.length();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    if (text.length() > MOST_TEXT) {
      throw new IllegalArgumentException("longer than " + MOST_TEXT + " characters: " + text);
    }
    out.write(text.length());
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Of the first request of a connection. */
  byte[] first() {
    return first.clone();
  }

  /** Of all others. */
  byte[] next() {
    return next.clone();
  }

  /** Bytes that the server must remember. */
  int tableSize() {
    return tableSize;
  }
}
