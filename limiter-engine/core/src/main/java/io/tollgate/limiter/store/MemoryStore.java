package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.LimitKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All counters in this process's memory, for tens of millions of keys.
 *
 * <p>Keys are spread over stripes by their hash. A step locks the stripes of all its keys in index
 * order, decides, and changes all or nothing; locks are held for less than a microsecond. Buckets
 * and windows live in primitive cells and allocate nothing per step; everything that grows lives
 * beside them, bounded in bytes. Cells that no longer differ from a fresh key are swept as others
 * arrive. Every method answers on the calling thread before it returns.
 */
public final class MemoryStore implements Store {

  private final MemoryStep step;
  private final MemoryHolds holds;

  /** An empty store. */
  public MemoryStore(MicroClock clock, MemoryStoreConfig config) {
    this.step = new MemoryStep(clock, config);
    this.holds = new MemoryHolds(step);
  }

  @Override
  public void check(CheckBuffer b, Listener listener) {
    LimitKey answerKey = b.answerKey;
    step.start(b, answerKey == null ? -1 : step.index(answerKey.low()));
    try {
      if (answerKey == null) {
        step.decide(b);
      } else {
        decideOnce(b, answerKey);
      }
    } finally {
      step.unlock(b);
    }
    listener.decided(b);
  }

  private void decideOnce(CheckBuffer b, LimitKey answerKey) {
    Stripe stripe = step.stripe(answerKey.low());
    RememberedAnswer first = stripe.answers.get(answerKey);
    if (first != null && first.expiresAtMicros() > b.nowMicros) {
      first.restore(b);
      return;
    }
    if (!step.hasSideRoom(stripe, RememberedAnswer.bytesFor(b.size), step.storeNow(b))) {
      step.load(b);
      step.judge(b);
      MemoryStep.refuse(b, stripe);
      step.report(b);
      return;
    }
    step.decide(b);
    if (!b.dry) {
      var answer = new RememberedAnswer(b, b.nowMicros + RememberedAnswer.KEPT_MICROS);
      RememberedAnswer before = stripe.answers.put(answerKey, answer);
      step.addSideBytes(answer.bytes() - (before == null ? 0 : before.bytes()));
    }
  }

  @Override
  public void reserve(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    step.start(b, step.index(id.low()));
    try {
      holds.reserve(b, id, ttlMicros);
    } finally {
      step.unlock(b);
    }
    listener.decided(b);
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    listener.accept(holds.commit(id, actual));
  }

  @Override
  public void acquire(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    step.start(b, step.index(id.low()));
    try {
      holds.acquire(b, id, ttlMicros);
    } finally {
      step.unlock(b);
    }
    listener.decided(b);
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    listener.accept(holds.renew(id, ttlMicros));
  }

  @Override
  public void release(HoldId id, Consumer<Release> listener) {
    listener.accept(holds.release(id) ? Release.RELEASED : Release.NOT_HELD);
  }

  @Override
  public void refund(CheckBuffer b, Listener listener) {
    step.start(b, -1);
    try {
      step.load(b);
      for (int i = 0; i < b.size; i++) {
        b.admitted[i] = true;
        b.limits[i].kernel().refund(b.states[i], b.times[i], b.cost[i]);
        step.put(b, i, false);
      }
      b.allowed = true;
      b.overloaded = false;
      step.report(b, false);
    } finally {
      step.unlock(b);
    }
    listener.decided(b);
  }

  @Override
  public void reset(CheckBuffer b, boolean leasesToo, Listener listener) {
    step.start(b, -1);
    try {
      for (int i = 0; i < b.size; i++) {
        b.admitted[i] = true;
        forget(b, i, leasesToo);
      }
      b.allowed = true;
      b.overloaded = false;
      step.load(b);
      step.report(b);
    } finally {
      step.unlock(b);
    }
    listener.decided(b);
  }

  private void forget(CheckBuffer b, int i, boolean leasesToo) {
    Stripe stripe = step.stripe(b.low[i]);
    ListState list = stripe.lists.get(new LimitKey(b.high[i], b.low[i]));
    boolean keep = list != null && list.leases() != null && !leasesToo;
    Kernel.@Nullable Storage kept = keep ? Kernel.Storage.LIST : null;
    step.addSideBytes(-stripe.removeExcept(kept, b.high[i], b.low[i]));
  }

  /** What the store holds; adds up stripe by stripe, so it is near enough under load. */
  public StoreStats stats() {
    long keys = 0;
    long bytes = 0;
    long reanchored = 0;
    long evicted = 0;
    long refused = 0;
    for (Stripe stripe : step.stripes()) {
      stripe.lock.lock();
      try {
        keys += stripe.cells();
        bytes += stripe.twoWords.bytes() + stripe.threeWords.bytes();
        reanchored += stripe.reanchored;
        evicted += stripe.evicted;
        refused += stripe.refused;
      } finally {
        stripe.lock.unlock();
      }
    }
    return new StoreStats(keys, bytes, step.sideBytes(), reanchored, evicted, refused);
  }

  /**
   * Sweeps one stripe, for a timer: an idle store gives its memory back too.
   *
   * @param turn any counter; each value names a stripe
   */
  public void sweep(int turn) {
    long now = step.nowMicros();
    Stripe stripe = step.stripe(turn);
    stripe.lock.lock();
    try {
      stripe.sweep(now);
      step.addSideBytes(-stripe.forgetSettled(now, 0) - stripe.purgeAll(now));
    } finally {
      stripe.lock.unlock();
    }
  }

  /** How many values of {@link #sweep}'s turn there are. */
  public int sweepTurns() {
    return step.stripes().length;
  }

  /** Fails unless every table is sound and the side bytes add up; for tests, at rest. */
  void validate() {
    long side = 0;
    for (Stripe stripe : step.stripes()) {
      stripe.twoWords.validate();
      stripe.threeWords.validate();
      side += stripe.sideBytes();
    }
    if (side != step.sideBytes()) {
      throw new IllegalStateException(
          "side tables hold " + side + " bytes, counted were " + step.sideBytes());
    }
  }
}
