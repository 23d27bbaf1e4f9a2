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

/** An event loop with a store of its own, as a server has several. */
final class TestLoop implements AutoCloseable {

  /** Far above what a loaded machine needs: these tests do not ask how fast an answer is. */
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  final EventLoop loop = group.next();

  /**
   * A store that is up, with a hash key that all of these share. A first connection may fail: of
   * several cold processes on one loaded machine each needs seconds for it.
   */
  RedisStore open(int port) {
    RedisStore store = open(RedisAddress.of("127.0.0.1", port), LIMIT_NANOS, new FailingObserver());
    Day.await(() -> !store.state().degraded(), "the store is up");
    return store;
  }

  /** A store that is up, or has failed to connect once, and answers within a limit. */
  RedisStore open(RedisAddress address, long limitNanos, Observer observer) {
    SystemMicroClock clock = new SystemMicroClock();
    RedisStore store =
        RedisStore.open(
            new RedisStore.Parts(
                address,
                new Batcher.Config(32, 4, 1_000, limitNanos),
                new Fleet.Member("", "instance " + ProcessHandle.current().pid(), 9, 10, true),
                new MemoryStore(clock, MemoryStoreConfig.forHeap(0)),
                clock,
                () -> observer,
                _ -> {}),
            List.of(loop));
    var _ = store.awaitFirstAttempt(Duration.ofSeconds(30));
    return store;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
