package io.tollgate.limiter.contract;

import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.MemoryStores;
import java.util.function.Function;
import net.jqwik.api.Group;

/** The contract over the memory store. */
class MemoryStoreContractTest {

  private final Function<MicroClock, Store> stores = MemoryStores::roomy;

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
