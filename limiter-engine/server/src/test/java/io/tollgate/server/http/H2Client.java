package io.tollgate.server.http;

import io.netty.handler.codec.http2.Http2Exception;
import io.tollgate.server.http.H2Wire.Frame;
import io.tollgate.server.http.H2Wire.Received;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A client of HTTP/2 that sends exactly the frames that it is told to. */
final class H2Client implements AutoCloseable {

  /** A hang shows as a failure after this time. */
  private static final int PATIENCE_MILLIS = 20_000;

  final H2Wire wire = new H2Wire();
  private final Socket socket;
  private final byte[] buffer = new byte[64 * 1024];

  /** Whether what is read is made room for again. */
  private boolean roomy = true;

  private int latest = -1;

  private H2Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Connects and says hello. */
  static H2Client to(int port, int... settings) throws IOException {
    return over(new Socket(InetAddress.getLoopbackAddress(), port), settings);
  }

  /** Connects with so little room in the system that a client which does not read is felt soon. */
  static H2Client narrowTo(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return over(socket);
  }

  /** Says hello on a socket, which may be one of TLS. */
  static H2Client over(Socket socket, int... settings) throws IOException {
    H2Client client = new H2Client(socket);
    client.send(H2Wire.hello(settings));
    return client;
  }

  /** Reads without telling the server, so that it runs out of room. */
  H2Client neverMakeRoom() {
    roomy = false;
    return this;
  }

  /** The id of a new stream. */
  int open() {
    latest += 2;
    return latest;
  }

  H2Client send(byte[]... parts) throws IOException {
    socket.getOutputStream().write(H2Wire.join(parts));
    socket.getOutputStream().flush();
    return this;
  }

  Answer post(String path, String body, String... more) throws IOException {
    int stream = open();
    return send(wire.post(stream, path, body, more)).answer(stream);
  }

  Answer get(String path, String... more) throws IOException {
    return ask(H2Wire.head("GET", path, more));
  }

  /** Sends a request without body, with exactly these fields. */
  Answer ask(String... fields) throws IOException {
    int stream = open();
    return send(wire.headers(stream, true, fields)).answer(stream);
  }

  /** Sends a request that has no answer; the code of its stream's reset, or -1. */
  long askInVain(String... fields) throws IOException {
    int stream = open();
    Received received = wire.stream(stream);
    send(wire.headers(stream, true, fields));
    readUntil(() -> received.reset >= 0 || received.ended);
    return received.reset;
  }

  /** The whole answer of a stream. */
  Answer answer(int stream) throws IOException {
    Received received = wire.stream(stream);
    readUntil(() -> received.ended || received.reset >= 0);
    if (!received.ended) {
      throw new AssertionError("stream " + stream + " was reset with " + received.reset);
    }
    return received.answer();
  }

  /** The code with which a stream is reset. */
  long reset(int stream) throws IOException {
    Received received = wire.stream(stream);
    readUntil(() -> received.reset >= 0);
    return received.reset;
  }

  /** The code with which the server says that it goes away. */
  long goAway() throws IOException {
    readUntil(() -> wire.goAway() != null);
    return Objects.requireNonNull(wire.goAway()).number(4);
  }

  /** Reads until the connection ends; a reset is an end too. */
  void end() throws IOException {
    try {
      readUntil(() -> false);
    } catch (EOFException | java.net.SocketException e) {
      return;
    }
  }

  void readUntil(BooleanSupplier enough) throws IOException {
    while (!enough.getAsBoolean()) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new EOFException("the connection has ended");
      }
      try {
        for (Frame frame : wire.take(Arrays.copyOf(buffer, count))) {
          react(frame);
        }
      } catch (Http2Exception e) {
        throw new AssertionError("the server's frames are wrong", e);
      }
    }
  }

  private void react(Frame frame) throws IOException {
    boolean asks = !frame.has(H2Wire.ACK);
    if (frame.type == H2Wire.SETTINGS && asks) {
      send(H2Wire.frame(H2Wire.SETTINGS, H2Wire.ACK, 0, new byte[0]));
    } else if (frame.type == H2Wire.PING && asks) {
      send(H2Wire.frame(H2Wire.PING, H2Wire.ACK, 0, frame.payload));
    } else if (frame.type == H2Wire.DATA && roomy && frame.payload.length > 0) {
      int count = frame.payload.length;
      send(H2Wire.windowUpdate(frame.stream, count), H2Wire.windowUpdate(0, count));
    }
  }

  void finishSending() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
