package io.tollgate.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.contract.EveryContract;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.HandClock;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assertions;

/**
 * The contract over a lane to a real Redis, whose clock the contract moves, and which gives no more
 * rights than are documented.
 */
abstract class RedisContract extends EveryContract {

  /** A server with a clock, and a connection to it. */
  static final class Over implements AutoCloseable {

    private final FrozenRedis frozen;
    private final RedisClient client;
    private final RedisCommands<byte[], byte[]> redis;

    Over(RedisVersion version) {
      frozen = new FrozenRedis(version, HandClock.START);
      Rights.documented().grant(frozen.server.port);
      client = RedisClient.create(Rights.url(frozen.server.port));
      redis = client.connect(ByteArrayCodec.INSTANCE).sync();
    }

    @Override
    public void close() {
      client.shutdown();
      frozen.close();
    }
  }

  /** Scenes of one test each have a store of their own. */
  private static final AtomicLong STORES = new AtomicLong();

  /** The Redis of all tests of a class. */
  abstract Over over();

  @Override
  protected Store emptyStore(MicroClock clock) {
    Over over = over();
    String prefix = Rights.PREFIX + STORES.incrementAndGet() + ":";
    Observer observer = new FailingObserver();
    WaitingPort port = new WaitingPort(over.redis, () -> over.frozen.moveTo(clock.nowMicros()));
    Fleet fleet = new Fleet(new Fleet.Member(prefix, "one", 1, 2, false), Assertions::fail);
    Link link = new Link(new Link.Config(1, 1, 1, 1), port, fleet, port, new Random(1), observer);
    link.start();
    return new RedisLane(
        new OneServer(new Batcher(new Batcher.Config(1, 1, 2, 1), link, port), link),
        new StepCodec(prefix, fleet::hasher),
        new FailurePolicy(
            new MemoryStore(clock, MemoryStoreConfig.forHeap(0)), clock, fleet::instances, 1),
        clock,
        observer,
        port,
        Optional.empty());
  }
}
