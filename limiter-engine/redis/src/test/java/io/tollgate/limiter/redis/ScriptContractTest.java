package io.tollgate.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.contract.EveryContract;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.HandClock;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.lifecycle.AfterContainer;

/** The contract over the script in a real Redis, whose clock the contract moves. */
class ScriptContractTest extends EveryContract {

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
    return new ScriptStore(
        REDIS,
        STORES.incrementAndGet() + ":",
        () -> {
          FROZEN.moveTo(clock.nowMicros());
          return clock.nowMicros();
        });
  }
}
