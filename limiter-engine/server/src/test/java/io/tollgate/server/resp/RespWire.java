package io.tollgate.server.resp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection by hand: bytes out, answers in, each as one line of text. */
final class RespWire implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RespWire(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RespWire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A command as clients send it. */
  static String command(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      int length = word.getBytes(StandardCharsets.UTF_8).length;
      text.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  RespWire send(String bytes) throws IOException {
    return send(bytes.getBytes(StandardCharsets.UTF_8));
  }

  RespWire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a command and reads its answer. */
  String ask(String... words) throws IOException {
    return send(command(words)).read();
  }

  /** Says that nothing more will come. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** The next answer: {@code +OK}, {@code :1}, {@code 'text'}, {@code [0, 16]}, {@code {a: b}}. */
  String read() throws IOException {
    String line = line();
    int size = "*%$".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
    return switch (line.charAt(0)) {
      case '*' -> elements(size);
      case '%' -> pairs(size);
      case '$' -> size < 0 ? "nil" : bulk(size);
      case '_' -> "null";
      default -> line;
    };
  }

  private String elements(int count) throws IOException {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(read());
    }
    return text.append(']').toString();
  }

  private String pairs(int count) throws IOException {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(read()).append(": ").append(read());
    }
    return text.append('}').toString();
  }

  private String bulk(int length) throws IOException {
    String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (in.read() != '\r' || in.read() != '\n') {
      throw new IOException("a bulk string without its end: " + text);
    }
    return "'" + text + "'";
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder();
    int b = in.read();
    while (b != '\r') {
      if (b < 0) {
        throw new IOException("ended after '" + text + "'");
      }
      text.append((char) b);
      b = in.read();
    }
    if (in.read() != '\n') {
      throw new IOException("a CR without LF");
    }
    return text.toString();
  }

  /** Whether the server has ended the connection, without another answer. */
  boolean ended() {
    try {
      return in.read() < 0;
    } catch (IOException _) {
      return true;
    }
  }

  /** Whether the server ends the connection without any answer of this protocol. */
  boolean endedWithoutAnswer() {
    try {
      int first = in.read();
      while (first >= 0 && "+-:$*%_".indexOf(first) < 0) {
        first = in.read();
      }
      return first < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
