package io.tollgate.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.netty.channel.EventLoop;
import io.tollgate.limiter.redis.RedisAddress.Server;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question to all Sentinels at once: where the master is. The first that knows is believed, so
 * one whose machine is gone costs no time; whether it was right shows when the master is written
 * to. Confined to its loop.
 */
final class Sentinels {

  /** Says on the loop why a Sentinel cannot be asked. */
  @FunctionalInterface
  interface Explainer {

    /** Says it once. */
    void explain(Server server, @Nullable Throwable why, Consumer<ConnectFailed> told);
  }

  static final String SAYS = "no Sentinel says where ";
  static final String UNKNOWN = "knows no master of that name";

  private final String name;
  private final RedisClient client;
  private final EventLoop loop;
  private final Duration patience;
  private final CompletableFuture<Server> master = new CompletableFuture<>();

  /** What each has said instead; empty of those that have said nothing yet. */
  private final Map<Server, String> refusals = new LinkedHashMap<>();

  Sentinels(String name, RedisClient client, EventLoop loop, Duration patience) {
    this.name = name;
    this.client = client;
    this.loop = loop;
    this.patience = patience;
  }

  /**
   * Asks; completed on the loop, exceptionally when all have refused or time is over.
   *
   * @param uris how one is entered
   * @param explainer says why one could not be
   */
  CompletableFuture<Server> master(
      List<Server> servers, Function<Server, RedisURI> uris, Explainer explainer) {
    servers.forEach(server -> refusals.put(server, ""));
    for (Server server : servers) {
      var _ =
          client
              .connectSentinelAsync(StringCodec.UTF8, uris.apply(server))
              .whenComplete((connection, why) -> {
                if (connection == null) {
                  explainer.explain(server, why, failed -> refused(server, failed));
                } else {
                  loop.execute(() -> ask(server, connection));
                }
              });
    }
    var _ = loop.schedule(this::end, mostMillis(), TimeUnit.MILLISECONDS);
    return master;
  }

  /** One that is silent to TLS is asked once more when its own time is over. */
  private long mostMillis() {
    return patience.multipliedBy(5).dividedBy(4).toMillis();
  }

  private void ask(Server server, StatefulRedisSentinelConnection<String, String> connection) {
    if (master.isDone()) {
      close(connection);
      return;
    }
    var _ =
        connection
            .async()
            .getMasterAddrByName(name)
            .whenComplete((address, why) -> loop.execute(() -> told(server, address, why)));
    var _ = master.whenComplete((_, _) -> close(connection));
  }

  private static void close(StatefulRedisSentinelConnection<String, String> connection) {
    var _ = connection.closeAsync();
  }

  private void told(Server server, @Nullable SocketAddress address, @Nullable Throwable why) {
    if (address instanceof InetSocketAddress at) {
      master.complete(new Server(at.getHostString(), at.getPort()));
    } else if (why == null) {
      refused(server, new ConnectFailed(server + ": " + UNKNOWN, null));
    } else {
      refused(server, ConnectFailed.to(server, why, true));
    }
  }

  private void refused(Server server, ConnectFailed failed) {
    refusals.put(server, String.valueOf(failed.getMessage()));
    if (!refusals.containsValue("")) {
      end();
    }
  }

  /** With what was said until now. */
  private void end() {
    refusals.replaceAll((server, words) -> words.isEmpty() ? server + ": does not answer" : words);
    master.completeExceptionally(
        new ConnectFailed(SAYS + name + " is: " + String.join(", ", refusals.values()), null));
  }
}
