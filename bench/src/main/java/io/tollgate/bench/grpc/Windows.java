package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;

/**
 * What one connection may send and has taken (RFC 9113, section 5.2). Confined to one thread.
 *
 * <p>A call of one message uses a stream's window once, so only that of a long stream is counted.
 */
final class Windows {

  /** Our own window: more than a server sends before we have read. */
  static final int OURS = 16 * 1024 * 1024;

  /** Given back together, so that it costs nothing. */
  private static final int GIVEN_BACK = OURS / 4;

  private final boolean longStream;
  private long connection = Frames.WINDOW;
  private long initial = Frames.WINDOW;
  private long stream = Frames.WINDOW;
  private int taken;

  Windows(boolean longStream) {
    this.longStream = longStream;
  }

  /** Whether so much may be sent. */
  boolean has(int bytes) {
    return connection >= bytes && (longStream ? stream : initial) >= bytes;
  }

  /** Sends so much. */
  void use(int bytes) {
    connection -= bytes;
    stream -= longStream ? bytes : 0;
  }

  /** The server changes the window that streams begin with. */
  void initial(int bytes) {
    stream += bytes - initial;
    initial = bytes;
  }

  /** The server takes more. */
  void more(int of, int bytes) {
    if (of == 0) {
      connection += bytes;
    } else {
      stream += bytes;
    }
  }

  /** So much has arrived: says now and then that we take more. */
  void took(int bytes, ByteBuffer out) {
    taken += bytes;
    if (taken >= GIVEN_BACK) {
      Frames.putWindowUpdate(out, 0, taken);
      if (longStream) {
        Frames.putWindowUpdate(out, 1, taken);
      }
      taken = 0;
    }
  }
}
