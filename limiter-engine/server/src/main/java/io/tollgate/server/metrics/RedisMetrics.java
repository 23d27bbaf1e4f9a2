package io.tollgate.server.metrics;

import io.tollgate.limiter.redis.Observer;
import io.tollgate.limiter.redis.RedisStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a server counts of its way to Redis, and how that is now.
 *
 * <p>Safe for use by any number of threads.
 */
public final class RedisMetrics {

  private final List<RedisLoop> loops = new CopyOnWriteArrayList<>();
  private final Supplier<RedisStore.State> state;

  /**
   * Metrics of a store.
   *
   * @param state how it fares; called from any thread, and must not block
   */
  public RedisMetrics(Supplier<RedisStore.State> state) {
    this.state = state;
  }

  /**
   * Counts for one more event loop.
   *
   * @param ups told whether its connection can be used from now on, and why not
   * @param refusals told in which words Redis has refused to write
   */
  public Observer ofALoop(BiConsumer<Boolean, String> ups, Consumer<String> refusals) {
    RedisLoop loop = new RedisLoop(ups, refusals);
    loops.add(loop);
    return loop;
  }

  List<RedisLoop> loops() {
    return loops;
  }

  RedisStore.State state() {
    return state.get();
  }
}
