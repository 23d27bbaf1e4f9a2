package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.door.WarmUp;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first requests over HTTP/1.1: a check, and that of a gateway. */
public final class HttpWarmUp {

  private static final String CHECK =
      "{\"identifier\":\"x\",\"namespace\":\"" + WarmUp.NAMESPACE + "\"}";

  private static final String REQUESTS =
      "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
          + CHECK.length()
          + "\r\n\r\n"
          + CHECK
          + "GET /v1/authz?namespace="
          + WarmUp.NAMESPACE
          + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: x\r\n\r\n";

  private static final String ANSWER = "HTTP/1.1 200 OK\r\n";

  private HttpWarmUp() {}

  /**
   * Makes them, on the calling thread.
   *
   * @param parts with a limiter and metrics of its own
   * @return whether each was answered with 200
   */
  public static boolean call(HttpDoor.Parts parts) {
    Door door =
        new Door(
            parts,
            new Background(1),
            new Background(1),
            new Keys(Optional.empty(), Optional.empty(), true),
            new Traffic(1),
            TrustedProxies.NONE,
            true);
    EmbeddedChannel channel = new EmbeddedChannel();
    Protocols.http1(channel, door, true);
    int answers = 0;
    for (int i = 0; i < WarmUp.ROUNDS; i++) {
      channel.writeInbound(Unpooled.copiedBuffer(REQUESTS, StandardCharsets.US_ASCII));
      channel.runPendingTasks();
      answers += answers(channel);
    }
    var _ = channel.finishAndReleaseAll();
    return answers == 2 * WarmUp.ROUNDS;
  }

  private static int answers(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    for (@Nullable ByteBuf out = channel.readOutbound();
        out != null;
        out = channel.readOutbound()) {
      text.append(out.toString(StandardCharsets.US_ASCII));
      out.release();
    }
    int count = 0;
    for (int at = text.indexOf(ANSWER); at >= 0; at = text.indexOf(ANSWER, at + 1)) {
      count++;
    }
    return count;
  }
}
