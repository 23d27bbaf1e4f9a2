package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.limiter.check.BroughtLimits;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.BearerToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a connection may take for what; the time of its event loop is moved by hand. */
class RespTimeTest {

  private static final String TOKEN = "a-token-of-the-client";
  private static final String PING = "*1\r\n$4\r\nPING\r\n";

  @SuppressWarnings("NullAway.Init") // before each test
  private TestResp server;

  @BeforeEach
  void start() throws IOException {
    server = TestResp.usual();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private EmbeddedChannel connection(Optional<String> token) {
    Behind behind =
        new Behind(
            new Throttle(server.limiter, new BroughtLimits(Realm.live("standalone"), "redis")),
            new Commands(token.map(BearerToken::new)),
            server.metrics,
            token.isPresent(),
            new AtomicLong());
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel made) {
                made.pipeline().addLast(new RespConnection(made, behind));
              }
            });
    channel.freezeTime();
    return channel;
  }

  private static void send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private static String said(EmbeddedChannel channel) {
    ByteBuf out = channel.readOutbound();
    String text = out.toString(StandardCharsets.US_ASCII);
    out.release();
    return text;
  }

  private static void pass(EmbeddedChannel channel, long seconds) {
    for (long i = 0; i < seconds; i++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
  }

  private static void requireOpenFor(EmbeddedChannel channel, long seconds, long most) {
    pass(channel, seconds);
    assertTrue(channel.isOpen(), "after " + seconds + " s");
    pass(channel, most - seconds);
    assertFalse(channel.isOpen(), "after " + most + " s");
  }

  @Test
  void whoDoesNotLogInHasTenSeconds() {
    requireOpenFor(connection(Optional.of(TOKEN)), 9, 10);
  }

  @Test
  void whoSendsWhatIsNoLoginHasNoMore() {
    EmbeddedChannel channel = connection(Optional.of(TOKEN));
    for (int i = 0; i < 9; i++) {
      send(channel, PING);
      assertTrue(said(channel).startsWith("-NOAUTH"));
      pass(channel, 1);
    }
    requireOpenFor(channel, 0, 1);
  }

  @Test
  void aCommandMayBeOnItsWayForFortySeconds() {
    EmbeddedChannel channel = connection(Optional.empty());
    String unfinished = "*2\r\n$4\r\nPING\r\n$40\r\n";
    send(channel, unfinished);
    for (int i = 0; i < 39; i++) {
      send(channel, "x");
      pass(channel, 1);
    }
    requireOpenFor(channel, 0, 1);
  }

  @Test
  void whoLoggedInMayBeIdleForTenMinutes() {
    EmbeddedChannel channel = connection(Optional.of(TOKEN));
    send(channel, "*2\r\n$4\r\nAUTH\r\n$21\r\n" + TOKEN + "\r\n");
    assertEquals("+OK\r\n", said(channel));
    pass(channel, 590);
    send(channel, PING);
    assertEquals("+PONG\r\n", said(channel));
    requireOpenFor(channel, 600, 610);
  }
}
