package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers again, without asking a far store, what that store denied a moment ago.
 *
 * <p>A check that was denied is denied here until it would pass, for 250 ms at most, whenever it is
 * asked at the same cost or a higher one under the very same limits. It is judged anew by the
 * counters that the store answered with, at the time that the store has by now: what remains and
 * how long to wait are exact but for what others were charged meanwhile. That time is counted from
 * the sending, so it is never behind the store's, and no denial outlasts its counters.
 *
 * <p>Not for answers that do not hold the whole state (leases, sliding logs), nor for questions
 * that want the store itself: peeks, explanations, those with an idempotency key or in a test
 * realm. A repeated denial allocates nothing. Confined to one thread; only the {@link Epoch} is
 * shared.
 */
public final class DenialCache {

  /** How long a denial is repeated at most, from the sending of what was denied. */
  private static final long MOST_NANOS = 250_000_000;

  /** The most limits of a question: few have more than three, and each is compared. */
  private static final int MOST_LIMITS = 8;

  private final Epoch epoch;

  /** One place per hash: a later denial takes the place of an earlier one. */
  private final @Nullable Denial[] places;

  private final CounterState scratch = new CounterState();

  /**
   * A cache that knows no denial.
   *
   * @param mostEntries the most denials, at least 1; each takes some 200 bytes
   * @param epoch the one of all caches over the same store in this process
   */
  public DenialCache(int mostEntries, Epoch epoch) {
    if (mostEntries < 1) {
      throw new IllegalArgumentException("a cache of " + mostEntries + " denials: use at least 1");
    }
    this.places = new Denial[mostEntries];
    this.epoch = epoch;
  }

  /**
   * Ends what all caches know, when units may have come back.
   *
   * <p>Safe for use by any number of threads.
   */
  public static final class Epoch {

    private final AtomicLong number = new AtomicLong();

    /** An epoch for the caches of one process. */
    public Epoch() {}

    /** The number of the epoch, which each {@link #bump} raises. */
    public long number() {
      return number.get();
    }

    /**
     * Makes every cache forget all denials, those too whose questions are on their way. To be
     * called when a refund, a reset or a settlement has been answered or has failed, before its
     * caller is told.
     */
    public void bump() {
      number.incrementAndGet();
    }
  }

  /** An entry of a question, and its counter as the store had it. */
  private record Entry(
      Limit limit, long high, long low, long cost, long time, long used, long previous) {

    static Entry of(CheckBuffer b, int i) {
      CounterState state = b.states[i];
      return new Entry(
          b.limits[i], b.high[i], b.low[i], b.cost[i], state.time, state.used, state.previous);
    }

    boolean counts(CheckBuffer b, int i) {
      return b.low[i] == low && b.high[i] == high;
    }

    /** A limit that was compiled anew may have other numbers. */
    @SuppressWarnings("ReferenceEquality")
    boolean covers(CheckBuffer b, int i) {
      return counts(b, i) && b.limits[i] == limit && b.cost[i] >= cost;
    }

    /** Brings a copy of the counter to now; returns the time that counts. */
    long load(CounterState into, long nowMicros) {
      into.clear();
      into.time = time;
      into.used = used;
      into.previous = previous;
      Kernel kernel = limit.kernel();
      long now = kernel.tick().ofMicros(nowMicros);
      return kernel.advance(into, now, kernel.aheadTicks(MemoryStep.MAX_AHEAD_MICROS));
    }
  }

  /**
   * A question that was denied.
   *
   * @param epoch in which it was sent
   * @param nowMicros the store's time of the denial
   */
  private record Denial(List<Entry> entries, long epoch, long sentNanos, long nowMicros) {

    static Denial of(CheckBuffer b, long epoch, long sentNanos) {
      List<Entry> entries = new ArrayList<>(b.size);
      for (int i = 0; i < b.size; i++) {
        entries.add(Entry.of(b, i));
      }
      return new Denial(entries, epoch, sentNanos, b.nowMicros);
    }

    boolean counts(CheckBuffer b) {
      boolean same = b.size == entries.size();
      for (int i = 0; same && i < b.size; i++) {
        same = entries.get(i).counts(b, i);
      }
      return same;
    }

    boolean covers(CheckBuffer b) {
      boolean same = b.size == entries.size();
      for (int i = 0; same && i < b.size; i++) {
        same = entries.get(i).covers(b, i);
      }
      return same;
    }

    /** Rounded up: at least the time that the store has. */
    long storeMicros(long nowNanos) {
      return nowMicros + Math.ceilDiv(nowNanos - sentNanos, 1_000);
    }
  }

  /** Begins a question that is sent now; what it says is for {@link #answered}. */
  public long begin() {
    return epoch.number.get();
  }

  /**
   * Takes note of a store's answer to a check: a denial is known from now on, and a question that
   * passed ends what was known of the same counters.
   *
   * @param begun what {@link #begin} said when the question was sent
   * @param sentNanos when it was sent; any time before does too
   */
  public void answered(CheckBuffer b, long begun, long sentNanos) {
    if (b.overloaded || b.unavailable || b.degraded || !isRepeatable(b)) {
      return;
    }
    int place = place(b);
    Denial known = places[place];
    if (!b.allowed) {
      places[place] = Denial.of(b, begun, sentNanos);
    } else if (known != null && known.counts(b)) {
      places[place] = null;
    }
  }

  /**
   * Answers a check as the store would, if it is known to be denied; else leaves it as it is.
   *
   * @param nowNanos on the same clock as the time of sending
   */
  public boolean answers(CheckBuffer b, long nowNanos) {
    if (!wantsAnyAnswer(b)) {
      return false;
    }
    Denial known = places[place(b)];
    if (known == null
        || known.epoch != epoch.number.get()
        || nowNanos - known.sentNanos >= MOST_NANOS
        || !known.covers(b)) {
      return false;
    }
    long now = known.storeMicros(nowNanos);
    if (!isDenied(b, known, now)) {
      return false;
    }
    deny(b, known, now);
    return true;
  }

  private static boolean isRepeatable(CheckBuffer b) {
    boolean repeatable = wantsAnyAnswer(b) && !b.realm.movable();
    for (int i = 0; repeatable && i < b.size; i++) {
      repeatable = b.cost[i] > 0 && b.limits[i].kernel().storage() != Kernel.Storage.LIST;
    }
    return repeatable;
  }

  private static boolean wantsAnyAnswer(CheckBuffer b) {
    return !b.dry && b.answerKey == null && b.size <= MOST_LIMITS;
  }

  /** The hash is seeded: nobody can choose keys that share a place. */
  private int place(CheckBuffer b) {
    long mix = 0;
    for (int i = 0; i < b.size; i++) {
      mix = 31 * mix + b.low[i];
    }
    return Math.floorMod(mix, places.length);
  }

  private boolean isDenied(CheckBuffer b, Denial known, long now) {
    boolean denied = false;
    for (int i = 0; !denied && i < b.size; i++) {
      long time = known.entries.get(i).load(scratch, now);
      Limit limit = b.limits[i];
      denied = !limit.shadow() && !limit.kernel().admits(scratch, time, b.cost[i]);
    }
    return denied;
  }

  private static void deny(CheckBuffer b, Denial known, long now) {
    b.answer(now, false);
    for (int i = 0; i < b.size; i++) {
      CounterState state = b.states[i];
      long time = known.entries.get(i).load(state, now);
      b.answer(i, b.limits[i].kernel().admits(state, time, b.cost[i]), state, time, false);
    }
  }
}
