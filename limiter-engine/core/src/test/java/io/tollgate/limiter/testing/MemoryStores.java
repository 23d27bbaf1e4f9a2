package io.tollgate.limiter.testing;

import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.MicroClock;

/** Memory stores as tests need them. */
public final class MemoryStores {

  private MemoryStores() {}

  /** A store that no test fills. */
  public static MemoryStore roomy(MicroClock clock) {
    return new MemoryStore(clock, new MemoryStoreConfig(100_000, 64 << 20, WhenFull.EVICT));
  }

  /** The smallest store there is: 64 stripes of 16 keys. */
  public static MemoryStore smallest(MicroClock clock, WhenFull whenFull) {
    return new MemoryStore(clock, new MemoryStoreConfig(1_024, 1 << 20, whenFull));
  }
}
