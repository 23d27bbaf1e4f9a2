package io.tollgate.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.contract.AdmissionContractTest;
import io.tollgate.limiter.contract.AnswerContractTest;
import io.tollgate.limiter.contract.BatchContractTest;
import io.tollgate.limiter.contract.CalendarContractTest;
import io.tollgate.limiter.contract.CatalogContractTest;
import io.tollgate.limiter.contract.ClockContractTest;
import io.tollgate.limiter.contract.LeaseContractTest;
import io.tollgate.limiter.contract.LimitChangeContractTest;
import io.tollgate.limiter.contract.ReservationContractTest;
import io.tollgate.limiter.contract.SeveralLimitsContractTest;
import io.tollgate.limiter.contract.TrapContractTest;
import io.tollgate.limiter.contract.VerbContractTest;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.HandClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import net.jqwik.api.Group;
import net.jqwik.api.lifecycle.AfterContainer;

/** The contract over the script in a real Redis, whose clock the contract moves. */
class ScriptContractTest {

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

  private final Function<MicroClock, Store> stores = ScriptContractTest::empty;

  private static Store empty(MicroClock clock) {
    return new ScriptStore(
        REDIS,
        STORES.incrementAndGet() + ":",
        () -> {
          FROZEN.moveTo(clock.nowMicros());
          return clock.nowMicros();
        });
  }

  @Group
  class Admission extends AdmissionContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Answers extends AnswerContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Clocks extends ClockContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class LimitChanges extends LimitChangeContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Reservations extends ReservationContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Leases extends LeaseContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Verbs extends VerbContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class SeveralLimits extends SeveralLimitsContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Batches extends BatchContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Catalogs extends CatalogContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Traps extends TrapContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }

  @Group
  class Calendars extends CalendarContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return stores.apply(clock);
    }
  }
}
