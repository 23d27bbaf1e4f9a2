package io.tollgate.bench.grpc;

import java.util.Arrays;

/**
 * Finds gRPC's messages in the pieces that DATA frames bring. Not safe for several threads.
 *
 * <p>A message that lies whole in a piece is looked at where it is; only what is cut is copied.
 */
final class MessageReader {

  /** Gets each message. */
  interface Sink {

    /** The bytes belong to the reader again when this returns. */
    void message(byte[] bytes, int from, int to);
  }

  static final int PREFIX = 5;

  /** Far above the answers of all servers here. */
  private static final int MOST_MESSAGE = 32 * 1024;

  private byte[] held = new byte[256];
  private int length;

  /**
   * Reads a piece.
   *
   * @throws IllegalStateException when a message is compressed, or too long
   */
  void read(byte[] bytes, int from, int to, Sink sink) {
    int at = length == 0 ? from : complete(bytes, from, to, sink);
    while (to - at >= PREFIX && to - at >= PREFIX + messageLength(bytes, at)) {
      int end = at + PREFIX + messageLength(bytes, at);
      sink.message(bytes, at + PREFIX, end);
      at = end;
    }
    hold(bytes, at, to);
  }

  /** Whether all that came was whole messages. */
  boolean isEmpty() {
    return length == 0;
  }

  /** Adds to what is held until it is a message; returns where that one has ended. */
  private int complete(byte[] bytes, int from, int to, Sink sink) {
    int at = from;
    if (length < PREFIX) {
      int more = Math.min(PREFIX - length, to - at);
      hold(bytes, at, at + more);
      at += more;
    }
    if (length < PREFIX) {
      return at;
    }
    int end = PREFIX + messageLength(held, 0);
    int more = Math.min(end - length, to - at);
    hold(bytes, at, at + more);
    at += more;
    if (length == end) {
      length = 0;
      sink.message(held, PREFIX, end);
    }
    return at;
  }

  private void hold(byte[] bytes, int from, int to) {
    int more = to - from;
    if (length + more > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, length + more));
    }
    System.arraycopy(bytes, from, held, length, more);
    length += more;
  }

  private static int messageLength(byte[] bytes, int at) {
    int found = Frames.intAt(bytes, at + 1);
    if (bytes[at] != 0 || found < 0 || found > MOST_MESSAGE) {
      throw new IllegalStateException(
          "a message that is compressed, or has more than "
              + MOST_MESSAGE
              + " bytes: flag "
              + bytes[at]
              + ", length "
              + found);
    }
    return found;
  }
}
