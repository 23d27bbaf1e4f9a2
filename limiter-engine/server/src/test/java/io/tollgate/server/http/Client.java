package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes that it is told to, and reads documented answers only. */
final class Client implements AutoCloseable {

  /** A hang shows as a failure after this time. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final Asked asked = new Asked();

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A POST as bytes. */
  static String post(String path, String body, String... headers) {
    return request("POST", path, body, headers);
  }

  static String request(String method, String path, String body, String... headers) {
    StringBuilder out = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      out.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return out + "Content-Length: " + length + "\r\n\r\n" + body;
  }

  Client send(String text) throws IOException {
    asked.sent(text);
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  Client send(byte[] bytes) throws IOException {
    asked.raw(bytes);
    return write(bytes);
  }

  private Client write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends the head and the body of a POST whose body is any bytes. */
  Answer postBytes(String path, byte[] body) throws IOException {
    send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length
            + "\r\n\r\n");
    return send(body).read();
  }

  /** Posts a body and reads the answer. */
  Answer call(String path, String body) throws IOException {
    return send(post(path, body, new String[0])).read();
  }

  Answer check(String body, String... headers) throws IOException {
    return send(post("/v1/check", body, headers)).read();
  }

  void finishSending() throws IOException {
    socket.shutdownOutput();
  }

  Answer read() throws IOException {
    return read(true);
  }

  /** Reads one answer; {@code body} is false for one that has a length but no body. */
  Answer read(boolean body) throws IOException {
    String statusLine = line();
    assertEquals("HTTP/1.1 ", statusLine.substring(0, 9));
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 2)) != null) {
        throw new AssertionError("the header " + name + " occurs twice");
      }
    }
    int length = body ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ends after " + bytes.length + " of " + length + " bytes");
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Answer answer = new Answer(status, headers, new String(bytes, StandardCharsets.UTF_8));
    if (status >= 200) {
      Documented.require(answer, asked.next());
    }
    return answer;
  }

  /** Whether the server has closed the connection, with nothing more to read. */
  boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed after '" + line + "'");
      }
      line.append((char) b);
    }
    assertEquals('\r', line.charAt(line.length() - 1));
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
