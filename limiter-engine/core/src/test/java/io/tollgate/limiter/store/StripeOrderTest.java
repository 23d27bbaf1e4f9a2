package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.testing.HandClock;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A step that waits for a stripe holds those before it and none behind: so no two can deadlock. */
class StripeOrderTest {

  private static final Limit LIMIT =
      new Limit("limit", new Algorithm.TokenBucket(1, 1_000_000, 1), false);

  private final MemoryStep step =
      new MemoryStep(new HandClock(), new MemoryStoreConfig(100_000, 0, WhenFull.EVICT));

  @Property(tries = 100)
  void waitingStepHoldsExactlyTheStripesBeforeTheOneItWaitsFor(@ForAll long seed) {
    Random random = new Random(seed);
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(Realm.live("r"));
    NavigableSet<Integer> needed = new TreeSet<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      buffer.add(LIMIT, new LimitKey(random.nextLong() | 1, random.nextLong()), "u", 1);
      needed.add(step.index(buffer.key(buffer.size() - 1).low()));
    }
    int oneMore = random.nextBoolean() ? random.nextInt(step.stripes().length) : -1;
    if (oneMore >= 0) {
      needed.add(oneMore);
    }
    int waitsFor = needed.stream().skip(random.nextInt(needed.size())).findFirst().orElseThrow();
    requireOrder(buffer, oneMore, needed, waitsFor);
  }

  private void requireOrder(
      CheckBuffer buffer, int oneMore, NavigableSet<Integer> needed, int waitsFor) {
    var taken = step.stripes()[waitsFor].lock;
    CompletableFuture<Boolean> done;
    taken.lock();
    try {
      done = CompletableFuture.supplyAsync(() -> locksAllThenNone(buffer, oneMore, needed));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!taken.hasQueuedThreads()) {
        assertFalse(done.isDone() || System.nanoTime() > deadline, "it did not wait");
        Thread.onSpinWait();
      }
      for (int index : needed) {
        boolean held = step.stripes()[index].lock.isLocked();
        assertEquals(index <= waitsFor, held, index + " beside " + waitsFor);
      }
    } finally {
      taken.unlock();
    }
    assertTrue(done.orTimeout(30, TimeUnit.SECONDS).join(), "all were locked, then none");
  }

  private boolean locksAllThenNone(CheckBuffer buffer, int oneMore, Set<Integer> needed) {
    step.start(buffer, oneMore);
    boolean all = needed.stream().allMatch(this::isHeldHere);
    step.unlock(buffer);
    return all && needed.stream().noneMatch(this::isHeldHere);
  }

  private boolean isHeldHere(int index) {
    return step.stripes()[index].lock.isHeldByCurrentThread();
  }
}
