package io.tollgate.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
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
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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

  private final RedisURI uri;
  private final ClientOptions options;
  private final Timer timer =
      new HashedWheelTimer(new DefaultThreadFactory("tollgate-redis-timer", true));
  private final List<ClientResources> resources = new CopyOnWriteArrayList<>();

  /**
   * Connections to a server; none is made before it is asked for.
   *
   * @param patience how long a connection may take, greeting and password included
   */
  public RedisConnections(RedisAddress address, Duration patience) {
    this.uri = uri(address, patience);
    ClientOptions.Builder builder =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(_ -> true)
            .requestQueueSize(MOST_UNDER_WAY)
            .timeoutOptions(TimeoutOptions.create())
            .socketOptions(
                SocketOptions.builder().connectTimeout(patience).tcpNoDelay(true).build());
    address
        .tlsAuthorities()
        .ifPresent(file ->
            builder.sslOptions(
                SslOptions.builder().jdkSslProvider().trustManager(file.toFile()).build()));
    this.options = builder.build();
  }

  private static RedisURI uri(RedisAddress address, Duration patience) {
    RedisURI.Builder builder;
    RedisAddress.Server first = address.servers().getFirst();
    if (address.sentinelMaster().isPresent()) {
      builder = RedisURI.builder().withSentinelMasterId(address.sentinelMaster().get());
      for (RedisAddress.Server sentinel : address.servers()) {
        RedisURI.Builder one =
            RedisURI.builder().withHost(sentinel.host()).withPort(sentinel.port());
        one.withSsl(address.tls());
        address.sentinelPassword().ifPresent(password -> one.withPassword(password.toCharArray()));
        builder.withSentinel(one.withTimeout(patience).build());
      }
    } else {
      builder = RedisURI.builder().withHost(first.host()).withPort(first.port());
    }
    builder.withDatabase(address.database()).withSsl(address.tls()).withTimeout(patience);
    address
        .password()
        .ifPresent(password -> {
          if (address.username().isPresent()) {
            builder.withAuthentication(address.username().get(), password.toCharArray());
          } else {
            builder.withPassword(password.toCharArray());
          }
        });
    return builder.build();
  }

  /** Connections for one event loop, which carries them and calls back. */
  public Connector on(EventLoop loop) {
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
    return listener -> connect(client, loop, listener);
  }

  private void connect(RedisClient client, EventLoop loop, Connector.Listener listener) {
    var _ =
        client
            .connectAsync(ByteArrayCodec.INSTANCE, uri)
            .whenComplete((connection, why) ->
                loop.execute(() -> {
                  if (connection == null) {
                    listener.failed(new ConnectFailed(why));
                  } else {
                    opened(connection, loop, listener);
                  }
                }));
  }

  private static void opened(
      StatefulRedisConnection<byte[], byte[]> connection,
      EventLoop loop,
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
    listener.connected(new LettucePort(connection, loop));
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

  /** In words without the addresses of classes, and with what Redis itself has said. */
  private static final class ConnectFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConnectFailed(@Nullable Throwable why) {
      super(words(why), why);
    }

    private static String words(@Nullable Throwable why) {
      StringBuilder words = new StringBuilder();
      for (Throwable at = why; at != null; at = at.getCause()) {
        String message = at.getMessage();
        boolean isNew = message != null && words.indexOf(message) < 0;
        if (isNew && !(at instanceof CompletionException)) {
          words.append(words.isEmpty() ? "" : ": ").append(message);
        }
      }
      return words.isEmpty() ? "cannot connect" : words.toString();
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
