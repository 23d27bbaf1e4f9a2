package io.tollgate.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Connections to Redis on which a command is executed at most once.
 *
 * <p>Lettuce keeps what it has sent until it is answered, and after a reconnect sends it again: a
 * check would count twice. Refusing commands while there is no connection keeps it from that; its
 * replay filter alone did not (6.8.1), and stands here in case that changes.
 */
public final class RedisConnections implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Far above what a batcher has under way. */
  private static final int MOST_UNDER_WAY = 1_024;

  private final RedisClient client;

  /** Connections to a server; none is made before it is asked for. */
  public RedisConnections(RedisURI address) {
    client = RedisClient.create(address);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(_ -> true)
            .requestQueueSize(MOST_UNDER_WAY)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).tcpNoDelay(true).build())
            .build());
  }

  /**
   * Opens a connection, which comes back by itself when it breaks.
   *
   * @param loop runs the callbacks, all on one thread
   */
  public ScriptPort open(Executor loop) {
    StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
    return new LettucePort(connection, loop);
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
