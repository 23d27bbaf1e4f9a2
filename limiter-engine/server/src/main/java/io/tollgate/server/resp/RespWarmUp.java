package io.tollgate.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.limiter.check.BroughtLimits;
import io.tollgate.server.door.WarmUp;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The first commands of a Redis client. */
public final class RespWarmUp {

  private static final String COMMANDS =
      command("CL.THROTTLE", "x", "15", "30", "60") + command("PING");

  private static final String PONG = "+PONG\r\n";

  private RespWarmUp() {}

  /**
   * Makes them, on the calling thread.
   *
   * @param parts with a limiter and metrics of its own
   * @return whether each was answered
   */
  public static boolean call(RespDoor.Parts parts) {
    EmbeddedChannel channel = new EmbeddedChannel();
    Behind behind =
        new Behind(
            new Throttle(parts.limiter(), new BroughtLimits(parts.realm(), WarmUp.NAMESPACE)),
            new Commands(Optional.empty()),
            parts.metrics(),
            false,
            new AtomicLong());
    channel.pipeline().addLast(new RespConnection(channel, behind));
    boolean all = true;
    for (int i = 0; i < WarmUp.ROUNDS; i++) {
      channel.writeInbound(Unpooled.copiedBuffer(COMMANDS, StandardCharsets.US_ASCII));
      channel.runPendingTasks();
      String said = said(channel);
      all &= said.startsWith("*5\r\n:0\r\n:16\r\n") && said.endsWith(PONG);
    }
    var _ = channel.finishAndReleaseAll();
    return all;
  }

  private static String command(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  private static String said(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    for (@Nullable ByteBuf out = channel.readOutbound();
        out != null;
        out = channel.readOutbound()) {
      text.append(out.toString(StandardCharsets.US_ASCII));
      out.release();
    }
    return text.toString();
  }
}
