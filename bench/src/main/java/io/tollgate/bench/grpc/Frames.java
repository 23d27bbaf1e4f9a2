package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The forms of HTTP/2's frames (RFC 9113, sections 4 and 6). */
final class Frames {

  static final int HEADER = 9;

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITISED = 0x20;

  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;

  /** What a peer that has not said anything else takes, and so do we. */
  static final int MOST_PAYLOAD = 16_384;

  /** Windows before anybody has said anything. */
  static final int WINDOW = 65_535;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private Frames() {}

  /**
   * What a client says first.
   *
   * @param window of each stream and of the connection
   */
  static void putPreface(ByteBuffer out, int window) {
    out.put(PREFACE);
    putHeader(out, 12, SETTINGS, 0, 0);
    out.putShort((short) ENABLE_PUSH).putInt(0);
    out.putShort((short) INITIAL_WINDOW_SIZE).putInt(window);
    putWindowUpdate(out, 0, window - WINDOW);
  }

  static void putHeader(ByteBuffer out, int length, int type, int flags, int stream) {
    out.put((byte) (length >> 16)).putShort((short) length);
    out.put((byte) type).put((byte) flags).putInt(stream);
  }

  static void putWindowUpdate(ByteBuffer out, int stream, int more) {
    putHeader(out, Integer.BYTES, WINDOW_UPDATE, 0, stream);
    out.putInt(more);
  }

  static void putInt(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }

  static int intAt(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  /** The length of the payload of the frame that begins here. */
  static int lengthAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
  }
}
