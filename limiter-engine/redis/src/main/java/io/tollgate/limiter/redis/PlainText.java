package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Finds out whether a server speaks Redis's protocol without TLS: one that does waits for ever for
 * the end of what it takes for a command, and so says nothing to who begins TLS.
 */
final class PlainText {

  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private PlainText() {}

  /**
   * Greets it without a secret.
   *
   * @param patience for connection and answer
   * @param told whether it answers; called on a thread of its own
   */
  static void ask(Server server, Duration patience, Consumer<Boolean> told) {
    int millis = Math.toIntExact(patience.toMillis() / 2);
    Thread.ofVirtual()
        .name("tollgate-redis-plain")
        .start(() -> told.accept(answers(server, millis)));
  }

  /** An answer begins with a plus sign, or with a minus where a password is asked for. */
  private static boolean answers(Server server, int millis) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.host(), server.port()), millis);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(PING);
      int first = socket.getInputStream().read();
      return first == '+' || first == '-';
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
