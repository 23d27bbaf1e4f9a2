package io.tollgate.limiter.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A warm check of algorithms of fixed size allocates nothing. */
class AllocationTest {

  private static final Realm REALM = Realm.live("test");
  private static final int ROUND = 50_000;
  private static final int MOST_ROUNDS = 40;

  /** What the thread's own bookkeeping and a stray compilation may cost in one round. */
  private static final long NOISE_BYTES = 4_096;

  @Test
  void warmChecksOfFixedSizeAlgorithmsAllocateNothing() {
    AtomicLong now = new AtomicLong(1_800_000_000_000_000L);
    var config = new MemoryStoreConfig(100_000, 1 << 20, MemoryStoreConfig.WhenFull.EVICT);
    MemoryStore store = new MemoryStore(() -> now.addAndGet(17), config);
    Catalog catalog = new Catalog(List.of(NamespaceSpec.of("api", limits())));
    Limiter limiter = new Limiter(_ -> catalog, store, new KeyHasher(1, 2), HoldIds.secure());
    List<CheckRequest> requests =
        IntStream.range(0, 1_000)
            .mapToObj(i -> CheckRequest.of(REALM, "api", "user_" + i, 1))
            .toList();

    long least = Long.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > NOISE_BYTES; round++) {
      least = Math.min(least, allocatedByRound(limiter, requests));
    }

    assertTrue(
        least <= NOISE_BYTES, "%d checks allocated %d bytes at best".formatted(ROUND, least));
  }

  private static List<LimitSpec> limits() {
    return List.of(
        LimitSpec.of("bucket", new Algorithm.TokenBucket(100, 60_000_000, 100)),
        LimitSpec.of("queue", leaky()),
        LimitSpec.of(
            "fixed",
            new Algorithm.FixedWindow(
                1_000, new Period.Span(3_600_000_000L), new Alignment.Epoch())),
        LimitSpec.of("sliding", new Algorithm.SlidingWindow(500, 60_000_000)));
  }

  private static Algorithm leaky() {
    return new Algorithm.LeakyBucket(100, 1_000_000, 10, Algorithm.LeakyMode.QUEUE, 2_000_000);
  }

  private static long allocatedByRound(Limiter limiter, List<CheckRequest> requests) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    CheckBuffer buffer = new CheckBuffer();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUND; i++) {
      limiter.check(requests.get(i % requests.size()), buffer, _ -> {});
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
