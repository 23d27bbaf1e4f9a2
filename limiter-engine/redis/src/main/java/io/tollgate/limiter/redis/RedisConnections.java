package io.tollgate.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.tollgate.limiter.redis.RedisAddress.Server;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connections of Lettuce, each on the event loop that uses it, on which a command is executed at
 * most once.
 *
 * <p>Lettuce keeps what it has sent until it is answered, and sends it again on the next
 * connection: a check would count twice. It does not where it makes no next one: a connection that
 * has ended fails what was under way, and {@link Link} makes another. Safe for use by any number of
 * threads.
 */
public final class RedisConnections implements AutoCloseable {

  /** Far above what a batcher has under way. */
  private static final int MOST_UNDER_WAY = 4_096;

  /** How much of a connection's time TLS may take; the rest is for finding out why it did. */
  private static final int TLS_QUARTERS = 3;

  private static final String EPOCH = "cluster_current_epoch:";

  private final RedisAddress address;
  private final Duration patience;
  private final ClientOptions options;
  private final Timer timer =
      new HashedWheelTimer(new DefaultThreadFactory("tollgate-redis-timer", true));
  private final List<ClientResources> resources = new CopyOnWriteArrayList<>();

  /**
   * Connections to a server; none is made before it is asked for.
   *
   * @param patience how long a connection may take, greeting and password included; where Sentinels
   *     are asked before, they may take as long
   */
  public RedisConnections(RedisAddress address, Duration patience) {
    this.address = address;
    this.patience = patience;
    SslOptions.Builder tls =
        SslOptions.builder()
            .jdkSslProvider()
            .handshakeTimeout(patience.multipliedBy(TLS_QUARTERS).dividedBy(4));
    address.tlsAuthorities().ifPresent(file -> tls.trustManager(file.toFile()));
    this.options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(_ -> true)
            .requestQueueSize(MOST_UNDER_WAY)
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(
                SocketOptions.builder().connectTimeout(patience).tcpNoDelay(true).build())
            .sslOptions(tls.build())
            .build();
  }

  private RedisURI.Builder uri(Server server) {
    return RedisURI.builder()
        .withHost(server.host())
        .withPort(server.port())
        .withSsl(address.tls())
        .withVerifyPeer(SslVerifyMode.FULL)
        .withTimeout(patience);
  }

  private RedisURI redis(Server server) {
    RedisURI.Builder uri = uri(server).withDatabase(address.database());
    address
        .password()
        .map(String::toCharArray)
        .ifPresent(password ->
            address
                .username()
                .ifPresentOrElse(
                    name -> uri.withAuthentication(name, password),
                    () -> uri.withPassword(password)));
    return uri.build();
  }

  private RedisURI sentinel(Server server) {
    RedisURI.Builder uri = uri(server);
    address.sentinelPassword().ifPresent(password -> uri.withPassword(password.toCharArray()));
    return uri.build();
  }

  /** Connections to the master for one event loop, which carries them and calls back. */
  public Connector on(EventLoop loop) {
    RedisClient client = client(loop);
    return listener -> {
      var _ =
          master(client, loop)
              .whenComplete((server, why) -> {
                if (server == null) {
                  listener.failed(ConnectFailed.why(why));
                } else {
                  connect(client, loop, server, false, listener);
                }
              });
    };
  }

  /** Connections to the servers of a Cluster for one event loop, which carries them. */
  Cluster cluster(EventLoop loop) {
    RedisClient client = client(loop);
    return new Cluster(
        server -> listener -> connect(client, loop, server, true, listener),
        (server, listener) -> askTopology(client, loop, server, listener));
  }

  /**
   * Ways to the servers of a Cluster.
   *
   * @param servers makes connections to each
   * @param topology asks each who has which slots
   */
  record Cluster(Function<Server, Connector> servers, TopologySource topology) {}

  private void askTopology(
      RedisClient client, EventLoop loop, Server server, TopologySource.Listener listener) {
    var _ =
        client
            .connectAsync(StringCodec.UTF8, redis(server))
            .whenComplete((connection, why) -> {
              if (connection == null) {
                explain(server, why, loop, listener::failed);
              } else {
                askTopology(connection, loop, server, listener);
              }
            });
  }

  private void askTopology(
      StatefulRedisConnection<String, String> connection,
      EventLoop loop,
      Server server,
      TopologySource.Listener listener) {
    var info = connection.async().clusterInfo().toCompletableFuture();
    var slots = connection.async().clusterSlots().toCompletableFuture();
    var _ =
        info.thenCombine(slots, (said, ranges) -> topology(said, ranges, server))
            .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((view, why) ->
                loop.execute(() -> {
                  var _ = connection.closeAsync();
                  if (view == null) {
                    listener.failed(ConnectFailed.to(server, why, true));
                  } else {
                    listener.seen(view);
                  }
                }));
  }

  private static Topology topology(String info, List<Object> slots, Server asked) {
    boolean healthy = false;
    long epoch = 0;
    for (String line : info.lines().toList()) {
      healthy |= line.equals("cluster_state:ok");
      if (line.startsWith(EPOCH)) {
        epoch = Long.parseLong(line.substring(EPOCH.length()));
      }
    }
    return Topology.of(slots, epoch, healthy, asked);
  }

  private RedisClient client(EventLoop loop) {
    ClientResources own =
        ClientResources.builder()
            .eventLoopGroupProvider(new Only(loop))
            .eventExecutorGroup(loop)
            .timer(timer)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    RedisClient client = RedisClient.create(own);
    client.setOptions(options);
    resources.add(own);
    return client;
  }

  /** Where the master is; completed on the loop. */
  private CompletableFuture<Server> master(RedisClient client, EventLoop loop) {
    if (address.sentinelMaster().isEmpty()) {
      return CompletableFuture.completedFuture(address.servers().getFirst());
    }
    return new Sentinels(address.sentinelMaster().get(), client, loop, patience)
        .master(
            address.servers(),
            this::sentinel,
            (server, why, told) -> explain(server, why, loop, told));
  }

  private void connect(
      RedisClient client,
      EventLoop loop,
      Server server,
      boolean together,
      Connector.Listener listener) {
    var _ =
        client
            .connectAsync(ByteArrayCodec.INSTANCE, redis(server))
            .whenComplete((connection, why) -> {
              if (connection == null) {
                explain(server, why, loop, listener::failed);
              } else {
                loop.execute(() -> opened(connection, loop, together, listener));
              }
            });
  }

  /** Says on the loop why there is no connection; who is silent to TLS may speak none. */
  private void explain(
      Server server, @Nullable Throwable why, EventLoop loop, Consumer<ConnectFailed> told) {
    ConnectFailed failed = ConnectFailed.to(server, why, address.tls());
    if (failed.isSilentToTls()) {
      PlainText.ask(
          server,
          patience.dividedBy(4),
          plain ->
              loop.execute(() -> told.accept(plain ? ConnectFailed.withoutTls(server) : failed)));
    } else {
      loop.execute(() -> told.accept(failed));
    }
  }

  private static void opened(
      StatefulRedisConnection<byte[], byte[]> connection,
      EventLoop loop,
      boolean together,
      Connector.Listener listener) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> of, SocketAddress to) {
            // It is.
          }

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> of) {
            onLoop(loop, listener::closed);
          }
        });
    listener.connected(new LettucePort(connection, loop, together));
    if (!connection.isOpen()) {
      listener.closed();
    }
  }

  /** At once where it can be: whoever still waits for its turn then finds no dead connection. */
  private static void onLoop(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** Gives Lettuce the one event loop. */
  private record Only(EventLoop loop) implements EventLoopGroupProvider {

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // it asks for a group
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      return (T) loop;
    }

    @Override
    public int threadPoolSize() {
      return 1;
    }

    @Override
    public Future<Boolean> release(EventExecutorGroup group, long quiet, long wait, TimeUnit unit) {
      return done();
    }

    @Override
    public Future<Boolean> shutdown(long quiet, long wait, TimeUnit unit) {
      return done();
    }

    /** The loop is somebody else's to end. */
    private static Future<Boolean> done() {
      Promise<Boolean> promise = ImmediateEventExecutor.INSTANCE.newPromise();
      return promise.setSuccess(true);
    }
  }

  /** Connections are ended by whoever has them, before. */
  @Override
  public void close() {
    for (ClientResources own : resources) {
      var _ = own.shutdown(0, 1, TimeUnit.SECONDS);
    }
    var _ = timer.stop();
  }
}
