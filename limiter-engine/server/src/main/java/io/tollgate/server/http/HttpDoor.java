package io.tollgate.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.BearerToken;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The HTTP door of a standalone server: checks and health on one port, health on another.
 *
 * <p>Safe for use by any number of threads.
 */
public final class HttpDoor implements AutoCloseable {

  /** A client that does not read holds at most this much of ours, and one read's answers. */
  private static final WriteBufferWaterMark UNREAD =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);

  /** Connections that wait to be accepted; the system may lower it. */
  private static final int BACKLOG = 1_024;

  private static final int DRAIN_SECONDS = 5;

  /** Only administrators change anything; each change may hold a body of 256 KiB. */
  private static final int MOST_CHANGES = 64;

  /** One Prometheus, its twin and somebody who looks; each may hold some MiB of text. */
  private static final int MOST_SCRAPES = 4;

  private final EventLoops loops;
  private final boolean ownLoops;
  private final Traffic traffic;
  private final ChannelGroup connections =
      new DefaultChannelGroup("http", GlobalEventExecutor.INSTANCE);
  private final ChannelGroup listeners =
      new DefaultChannelGroup("listeners", GlobalEventExecutor.INSTANCE);
  private final Metrics metrics;
  private int httpPort;
  private int adminPort;

  /**
   * Where the door stands, and who may check.
   *
   * @param bind the address or host name of both ports
   * @param httpPort 0 for a free one
   * @param adminPort 0 for a free one
   * @param checkToken what those who check must show; empty when anybody may
   * @param adminToken what administrators must show; empty when anybody may
   * @param maxConnections open at once on both ports together; more are closed at once
   * @param tls what both ports speak TLS with; empty: they speak plain text
   * @param proxies whose forwarded addresses are believed
   */
  public record Options(
      String bind,
      int httpPort,
      int adminPort,
      Optional<String> checkToken,
      Optional<String> adminToken,
      int maxConnections,
      Optional<TlsInForce> tls,
      TrustedProxies proxies) {

    /** Leaves out the tokens. */
    @Override
    public String toString() {
      return "Options[bind=" + bind + ", httpPort=" + httpPort + ", adminPort=" + adminPort + "]";
    }
  }

  /**
   * How the connections of both ports fare.
   *
   * @param open how many there are now
   * @param refused how many were closed at once, since there were too many
   * @param failedHandshakes how many never came to speak TLS
   */
  public record Connections(int open, long refused, long failedHandshakes) {}

  private HttpDoor(int maxConnections, Metrics metrics, Optional<EventLoops> others) {
    this.traffic = new Traffic(maxConnections);
    this.metrics = metrics;
    this.loops = others.orElseGet(EventLoops::new);
    this.ownLoops = others.isEmpty();
  }

  /**
   * What a door works with.
   *
   * @param limits the limits that the limiter asks, which administrators read and change
   * @param realm whose counters are asked
   * @param readiness whether checks are answered; asked on event loops, so it must not block
   * @param metrics where everything is counted
   * @param clock the time in dates and ids
   */
  public record Parts(
      Limiter limiter,
      LimitsInForce limits,
      Realm realm,
      Supplier<Readiness> readiness,
      Metrics metrics,
      InstantSource clock) {}

  /**
   * Opens both ports, on event loops that end with the door.
   *
   * @throws IOException when a port cannot be opened; the message says which and why
   */
  public static HttpDoor open(Options options, Parts parts) throws IOException {
    return open(options, parts, Optional.empty());
  }

  /**
   * Opens both ports on event loops of somebody else, who ends them after the door.
   *
   * @throws IOException when a port cannot be opened; the message says which and why
   */
  public static HttpDoor open(Options options, Parts parts, EventLoops loops) throws IOException {
    return open(options, parts, Optional.of(loops));
  }

  private static HttpDoor open(Options options, Parts parts, Optional<EventLoops> loops)
      throws IOException {
    Keys keys =
        new Keys(
            options.checkToken().map(BearerToken::new),
            options.adminToken().map(BearerToken::new),
            resolve(options.bind()).isLoopbackAddress());
    Background background = new Background(MOST_CHANGES);
    Background scrapes = new Background(MOST_SCRAPES);
    HttpDoor opened = new HttpDoor(options.maxConnections(), parts.metrics(), loops);
    try {
      opened.httpPort =
          opened.listen(
              options,
              options.httpPort(),
              opened.door(options, parts, background, scrapes, keys, true));
      opened.adminPort =
          opened.listen(
              options,
              options.adminPort(),
              opened.door(options, parts, background, scrapes, keys, false));
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private Door door(
      Options options,
      Parts parts,
      Background background,
      Background scrapes,
      Keys keys,
      boolean checks) {
    return new Door(parts, background, scrapes, keys, traffic, options.proxies(), checks);
  }

  private int listen(Options options, int port, Door door) throws IOException {
    String bind = options.bind();
    InetSocketAddress address = new InetSocketAddress(resolve(bind), port);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
            .childHandler(new DoorInitializer(door, connections, options.tls()))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      Throwable cause = bound.cause();
      throw new IOException(
          "cannot listen on "
              + bind
              + " port "
              + port
              + ": "
              + cause.getMessage()
              + "; stop what is there, or set --bind, --http-port or --admin-port",
          cause);
    }
    Channel channel = bound.channel();
    listeners.add(channel);
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private static InetAddress resolve(String bind) throws IOException {
    try {
      return InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      throw new IOException("cannot listen on " + bind + ": no such address", e);
    }
  }

  /** The connections of all doors, which other doors count theirs with. */
  public Traffic traffic() {
    return traffic;
  }

  /** The port of checks. */
  public int httpPort() {
    return httpPort;
  }

  /** The port of the operator. */
  public int adminPort() {
    return adminPort;
  }

  /** How the connections of both ports fare now. */
  public Connections connections() {
    return new Connections(
        traffic.open(), metrics.refusedConnections(), metrics.failedHandshakes());
  }

  /**
   * Stops accepting, answers what is under way, and ends; takes at most a few seconds. Repeated, it
   * does nothing.
   */
  @Override
  public void close() {
    listeners.close().awaitUninterruptibly(DRAIN_SECONDS, TimeUnit.SECONDS);
    for (Channel channel : connections) {
      channel.eventLoop().execute(() -> Protocols.drain(channel));
    }
    connections.newCloseFuture().awaitUninterruptibly(DRAIN_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    if (ownLoops) {
      loops.close();
    }
  }
}
