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
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Assertions;

/** The contract over a lane to a real Redis, whose clock the contract moves. */
class RedisContractTest extends EveryContract {

  private static final FrozenRedis FROZEN = new FrozenRedis(HandClock.START);
  private static final RedisClient CLIENT =
      RedisClient.create("redis://127.0.0.1:" + FROZEN.server.port);
  private static final RedisCommands<byte[], byte[]> REDIS =
      CLIENT.connect(ByteArrayCodec.INSTANCE).sync();

  /** Scenes of one test each have a store of their own. */
  private static final AtomicLong STORES = new AtomicLong();

  @AfterContainer
  static void stop() {
    CLIENT.shutdown();
    FROZEN.close();
  }

  @Override
  protected Store emptyStore(MicroClock clock) {
    String prefix = STORES.incrementAndGet() + ":";
    Observer observer = new FailingObserver();
    WaitingPort port = new WaitingPort(REDIS, () -> FROZEN.moveTo(clock.nowMicros()));
    Fleet fleet = new Fleet(new Fleet.Member(prefix, "one", 1, 2, false), Assertions::fail);
    Link link = new Link(new Link.Config(1, 1, 1, 1), port, fleet, port, new Random(1), observer);
    link.start();
    return new RedisLane(
        new Batcher(new Batcher.Config(1, 1, 2, 1), link, port),
        link,
        new StepCodec(prefix, fleet::hasher),
        new FailurePolicy(
            new MemoryStore(clock, MemoryStoreConfig.forHeap(0)), clock, fleet::instances, 1),
        clock,
        observer,
        port,
        Optional.empty());
  }
}
