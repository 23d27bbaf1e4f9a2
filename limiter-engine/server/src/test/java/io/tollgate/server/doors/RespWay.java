package io.tollgate.server.doors;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** {@code CL.THROTTLE}, whose limit comes with each call. */
final class RespWay implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final BufferedReader in;

  RespWay(OneServer server) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.resp.port());
      socket.setSoTimeout(PATIENCE_MILLIS);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The five numbers of an answer. */
  long[] ask(String key, long maxBurst, long count, long period, long quantity) throws IOException {
    StringBuilder command = new StringBuilder("*6\r\n");
    for (Object word : new Object[] {"CL.THROTTLE", key, maxBurst, count, period, quantity}) {
      byte[] bytes = word.toString().getBytes(StandardCharsets.UTF_8);
      command.append('$').append(bytes.length).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
    String head = in.readLine();
    if (!"*5".equals(head)) {
      throw new AssertionError(command + " was answered " + head);
    }
    long[] numbers = new long[5];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Long.parseLong(in.readLine().substring(1));
    }
    return numbers;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
