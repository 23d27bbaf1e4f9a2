package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.SystemMicroClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** An event loop with a store of its own, as a server has several. */
final class TestLoop implements AutoCloseable {

  /** Far above what a loaded machine needs: these tests do not ask how fast an answer is. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final AtomicLong STORES = new AtomicLong();
  private static final int DENIALS = 1_000;
  private static final Duration FIRST = Duration.ofSeconds(30);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  final EventLoop loop = group.next();

  /**
   * A store that is up, with a hash key that all of these share, and asks Redis each time. A first
   * connection may fail: of several cold processes on one loaded machine each needs seconds for it.
   */
  RedisStore open(int port) {
    return open(RedisAddress.of("127.0.0.1", port));
  }

  /** As {@link #open(int)}, of any Redis. */
  RedisStore open(RedisAddress address) {
    RedisStore store = open(address, "", LIMIT_NANOS, 0, FailingObserver::new);
    Day.await(() -> !store.state().degraded(), "the store is up");
    return store;
  }

  /** A store that has begun to connect. */
  private RedisStore open(
      RedisAddress address,
      String prefix,
      long limitNanos,
      int denials,
      Supplier<Observer> observers) {
    SystemMicroClock clock = new SystemMicroClock();
    String id = ProcessHandle.current().pid() + "-" + STORES.incrementAndGet();
    return RedisStore.open(
        new RedisStore.Parts(
            address,
            new Batcher.Config(32, 4, 1_000, limitNanos),
            denials,
            new Fleet.Member(prefix, id, 9, 10, true),
            new MemoryStore(clock, MemoryStoreConfig.forHeap(0)),
            clock,
            observers,
            _ -> {}),
        List.of(loop));
  }

  /** A store that is up, or has failed to connect once, and remembers so many denials. */
  RedisStore open(RedisAddress address, long limitNanos, Observer observer, int denials) {
    RedisStore store = open(address, "", limitNanos, denials, () -> observer);
    var _ = store.awaitFirstAttempt(FIRST);
    return store;
  }

  /** A store that may fail, with a prefix, whose calls may take so long. */
  RedisStore tryToOpen(RedisAddress address, String prefix, Duration limit) {
    RedisStore store = open(address, prefix, limit.toNanos(), DENIALS, CountingObserver::new);
    var _ = store.awaitFirstAttempt(FIRST);
    return store;
  }

  /** How an attempt to connect ends. */
  RedisStore.State attempt(Entry entry) {
    try (RedisStore store = tryToOpen(entry.address(), "tollgate:", Duration.ofSeconds(5))) {
      return store.state();
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
