package io.tollgate.server.resp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tollgate.limiter.check.BroughtLimits;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.BearerToken;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Port;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The RESP door: checks of Redis clients, with numbers that come with each of them.
 *
 * <p>Connections are carried by the event loops of the server; safe for use by any number of
 * threads.
 */
public final class RespDoor implements AutoCloseable {

  /** A client that does not read holds at most this much of ours, and one read's answers. */
  private static final WriteBufferWaterMark UNREAD =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);

  /** Some 1,000 commands before others have their turn. */
  private static final int MOST_READ = 16 * 1024;

  private static final int MOST_READS = 4;
  private static final int BACKLOG = 1_024;
  private static final int DRAIN_SECONDS = 5;
  private static final long HANDSHAKE_MILLIS = 10_000;

  /**
   * Where the door stands, and who may call.
   *
   * @param address that it is bound to
   * @param port 0 for a free one
   * @param namespace where keys count
   * @param checkToken what clients must show; empty when anybody may check, which is for loopback
   * @param tls what it speaks TLS with; empty: plain text
   */
  public record Options(
      InetAddress address,
      int port,
      String namespace,
      Optional<String> checkToken,
      Optional<TlsInForce> tls) {

    /** Refuses to be open to other machines. */
    public Options {
      if (checkToken.isEmpty() && !address.isLoopbackAddress()) {
        throw new IllegalArgumentException("without a token only this machine may connect");
      }
    }

    /** Leaves out the token. */
    @Override
    public String toString() {
      return "Options[address=" + address + ", port=" + port + ", namespace=" + namespace + "]";
    }
  }

  /**
   * What the door works with.
   *
   * @param traffic the connections of all doors together
   */
  public record Parts(Limiter limiter, Realm realm, Metrics metrics, Traffic traffic) {}

  private final ChannelGroup connections =
      new DefaultChannelGroup("resp", GlobalEventExecutor.INSTANCE);
  private final Options options;
  private final Parts parts;
  private final Behind behind;
  private final Channel listener;

  private RespDoor(Options options, Parts parts, EventLoops loops) throws IOException {
    this.options = options;
    this.parts = parts;
    this.behind =
        new Behind(
            new Throttle(parts.limiter(), new BroughtLimits(parts.realm(), options.namespace())),
            new Commands(options.checkToken().map(BearerToken::new)),
            parts.metrics(),
            options.checkToken().isPresent(),
            new AtomicLong());
    this.listener = listen(loops);
  }

  /**
   * Opens the port.
   *
   * @param loops which somebody else ends after the door
   * @throws IOException when the port cannot be opened; the message says which and why
   */
  public static RespDoor open(Options options, Parts parts, EventLoops loops) throws IOException {
    return new RespDoor(options, parts, loops);
  }

  private Channel listen(EventLoops loops) throws IOException {
    RecvByteBufAllocator turns =
        new AdaptiveRecvByteBufAllocator(512, 2 * 1024, MOST_READ).maxMessagesPerRead(MOST_READS);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, turns)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    begin(channel);
                  }
                })
            .bind(new InetSocketAddress(options.address(), options.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = bound.cause();
      throw new IOException(
          "cannot listen on "
              + options.address().getHostAddress()
              + " port "
              + options.port()
              + ": "
              + cause.getMessage()
              + "; stop what is there, or set --bind or --resp-port",
          cause);
    }
    return bound.channel();
  }

  private void begin(Channel channel) {
    if (!parts.traffic().admit(channel, true)) {
      parts.metrics().ofThisLoop().refused(Port.RESP);
      var _ = channel.close();
      return;
    }
    connections.add(channel);
    if (options.tls().isPresent()) {
      SslHandler tls = options.tls().get().context().newHandler(channel.alloc());
      tls.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
      channel.pipeline().addLast(tls);
    }
    channel.pipeline().addLast(new RespConnection(channel, behind));
  }

  /** The port that it listens on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /**
   * Stops accepting, answers what is under way, and ends; takes at most a few seconds. Repeated, it
   * does nothing.
   */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(DRAIN_SECONDS, TimeUnit.SECONDS);
    for (Channel channel : connections) {
      RespConnection connection = channel.pipeline().get(RespConnection.class);
      if (connection != null) {
        channel.eventLoop().execute(connection::drain);
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(DRAIN_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
