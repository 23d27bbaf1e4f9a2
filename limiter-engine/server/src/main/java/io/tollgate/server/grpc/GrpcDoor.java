package io.tollgate.server.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.server.door.BearerToken;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.tls.SslContextInForce;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The gRPC door: the limiter's service, health and reflection on one port.
 *
 * <p>Calls run on the event loops of the server; safe for use by any number of threads.
 */
public final class GrpcDoor implements AutoCloseable {

  /** As for HTTP/2: more at once come from no client of ours. */
  private static final int MOST_STREAMS = 128;

  /** 1,000 checks of 1 KiB each. */
  private static final int MOST_MESSAGE = 1024 * 1024;

  private static final int MOST_METADATA = 16 * 1024;
  private static final int MOST_RESETS = 200;
  private static final int RESET_SECONDS = 30;
  private static final int MOST_AGE_MINUTES = 30;
  private static final int GRACE_SECONDS = 30;
  private static final int IDLE_MINUTES = 10;
  private static final int LEAST_PING_SECONDS = 10;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int DRAIN_SECONDS = 5;
  private static final int BACKLOG = 1_024;
  private static final long HEALTH_MILLIS = 250;

  /** A client that does not read holds at most this much of ours, and one read's answers. */
  private static final WriteBufferWaterMark UNREAD =
      new WriteBufferWaterMark(32 * 1024, 128 * 1024);

  /**
   * Where the door stands, and who may call.
   *
   * @param address that it is bound to
   * @param port 0 for a free one
   * @param checkToken what those who check must show; empty when anybody may
   * @param adminToken what administrators must show; empty when anybody may
   * @param tls what it speaks TLS with; empty: plain text
   */
  public record Options(
      InetAddress address,
      int port,
      Optional<String> checkToken,
      Optional<String> adminToken,
      Optional<TlsInForce> tls) {

    /** Leaves out the tokens. */
    @Override
    public String toString() {
      return "Options[address=" + address + ", port=" + port + "]";
    }
  }

  /**
   * What the door works with.
   *
   * @param ready whether checks are answered; asked on an event loop, so it must not block
   * @param traffic the connections of all doors together
   */
  public record Parts(
      Limiter limiter,
      Realm realm,
      BooleanSupplier ready,
      Metrics metrics,
      InstantSource clock,
      Traffic traffic) {}

  private final Server server;
  private final HealthStatusManager health;
  private final Future<?> looksAtHealth;

  private GrpcDoor(Server server, HealthStatusManager health, Future<?> looksAtHealth) {
    this.server = server;
    this.health = health;
    this.looksAtHealth = looksAtHealth;
  }

  /**
   * Opens the port.
   *
   * @param loops which somebody else ends after the door
   * @throws IOException when the port cannot be opened; the message says which and why
   */
  public static GrpcDoor open(Options options, Parts parts, EventLoops loops) throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    Behind behind = new Behind(parts.limiter(), parts.realm(), parts.metrics(), parts.clock());
    TokenInterceptor tokens =
        new TokenInterceptor(
            options.checkToken().map(BearerToken::new),
            options.adminToken().map(BearerToken::new),
            parts.metrics());
    NettyServerBuilder builder =
        bounded(options, parts, loops)
            .addService(ServerInterceptors.intercept(LimiterCalls.service(behind), tokens))
            .addService(ServerInterceptors.intercept(EnvoyCalls.service(behind), tokens))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(olderReflection());
    options.tls().ifPresent(tls -> builder.sslContext(new SslContextInForce(tls)));
    Server server = builder.build();
    try {
      var _ = server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + options.address().getHostAddress()
              + " port "
              + options.port()
              + ": "
              + reason(e)
              + "; stop what is there, or set --bind or --grpc-port",
          e);
    }
    Runnable look = () -> look(health, parts.ready());
    look.run();
    Future<?> looks =
        loops
            .group()
            .scheduleAtFixedRate(look, HEALTH_MILLIS, HEALTH_MILLIS, TimeUnit.MILLISECONDS);
    return new GrpcDoor(server, health, looks);
  }

  /** Python's own client, and tools that many have installed, still ask for nothing else. */
  @SuppressWarnings("deprecation")
  private static BindableService olderReflection() {
    return ProtoReflectionService.newInstance();
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  private static NettyServerBuilder bounded(Options options, Parts parts, EventLoops loops) {
    return NettyServerBuilder.forAddress(new InetSocketAddress(options.address(), options.port()))
        .channelFactory(() -> new BoundedListener(parts.traffic(), parts.metrics()))
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .directExecutor()
        .withOption(ChannelOption.SO_REUSEADDR, true)
        .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
        .maxConcurrentCallsPerConnection(MOST_STREAMS)
        .maxInboundMessageSize(MOST_MESSAGE)
        .maxInboundMetadataSize(MOST_METADATA)
        .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
        .maxConnectionAge(MOST_AGE_MINUTES, TimeUnit.MINUTES)
        .maxConnectionAgeGrace(GRACE_SECONDS, TimeUnit.SECONDS)
        .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
        .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
  }

  private static void look(HealthStatusManager health, BooleanSupplier ready) {
    ServingStatus status = ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(LimiterMethods.SERVICE, status);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /**
   * Stops accepting, answers what is under way, and ends; takes at most a few seconds. Repeated, it
   * does nothing.
   */
  @Override
  public void close() {
    var _ = looksAtHealth.cancel(false);
    health.enterTerminalState();
    var _ = server.shutdown();
    try {
      if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        var _ = server.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      var _ = server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
