package io.tollgate.limiter.contract;

import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import net.jqwik.api.Group;

/** The whole contract; a store's test says how one of its kind is made, and runs all of it. */
public abstract class EveryContract {

  /** An empty store on this clock, with room for everything that the contract asks. */
  protected abstract Store emptyStore(MicroClock clock);

  @Group
  class Admission extends AdmissionContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Answers extends AnswerContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Clocks extends ClockContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class LimitChanges extends LimitChangeContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Reservations extends ReservationContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Leases extends LeaseContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Verbs extends VerbContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class SeveralLimits extends SeveralLimitsContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Batches extends BatchContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Catalogs extends CatalogContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Traps extends TrapContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }

  @Group
  class Calendars extends CalendarContractTest {
    @Override
    protected Store newStore(MicroClock clock) {
      return emptyStore(clock);
    }
  }
}
