package io.tollgate.limiter.contract;

import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.MemoryStores;

/** The contract over the memory store. */
class MemoryStoreContractTest extends EveryContract {

  @Override
  protected Store emptyStore(MicroClock clock) {
    return MemoryStores.roomy(clock);
  }
}
