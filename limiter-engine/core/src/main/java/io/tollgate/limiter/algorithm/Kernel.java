package io.tollgate.limiter.algorithm;

/**
 * The compiled arithmetic of one limit: pure steps over a {@link CounterState}.
 *
 * <p>Every question assumes that {@link #advance} brought the state to {@code now} before, with the
 * {@code now} that it returned. For every state and cost: {@code admits(cost)} ⟺ {@code cost ≤
 * remaining()} ⟺ {@code waitFor(cost) == 0}. Kernels are immutable, equal when they count alike,
 * and safe for use by any number of threads. None of the steps allocates, save those of the sliding
 * log and of concurrency.
 */
public abstract sealed class Kernel
    permits DebtKernel,
        FixedWindowKernel,
        SlidingWindowKernel,
        SlidingLogKernel,
        ConcurrencyKernel {

  /** A wait that never ends: the cost is above what the limit can ever admit. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Where a store keeps the state of a kernel. */
  public enum Storage {
    /** {@code time} and {@code used}. */
    TWO_WORDS,
    /** {@code time}, {@code used} and {@code previous}. */
    THREE_WORDS,
    /** A list that grows with use. */
    LIST
  }

  private final Tick tick;

  /** Set once, before the kernel is published by the table. */
  private int number;

  Kernel(Tick tick) {
    this.tick = tick;
  }

  /** The kernel that a cell names by number. */
  public static Kernel byNumber(int number) {
    return KernelTable.byNumber(number);
  }

  /** A number of at least 1 that stands for this kernel in a cell. */
  public final int number() {
    return number;
  }

  final void number(int assigned) {
    number = assigned;
  }

  /** The unit of time of all of this kernel's steps. */
  public final Tick tick() {
    return tick;
  }

  /** Where a store keeps the state. */
  public abstract Storage storage();

  /** Its numbers, for arithmetic elsewhere. */
  public abstract KernelShape shape();

  /** The largest cost that can ever pass. */
  public abstract long capacity();

  /**
   * Brings a state to {@code now}: leaks, moves on to the current window, drops what has expired.
   *
   * <p>A state from the future means that the clock went back. Up to {@code maxAhead} ticks the
   * state's own time counts, so that a step back never refunds. Beyond, the clock was stepped
   * forward and back: the state is moved to {@code now}, keeps what was used, and {@link
   * CounterState#reanchored} is set.
   *
   * @return the time that counts, at least {@code now}
   */
  public abstract long advance(CounterState state, long now, long maxAhead);

  /** Units that are left now; below 0 when more was used than the limit admits. */
  abstract long room(CounterState state, long now);

  /** Whether a cost may pass now. */
  public boolean admits(CounterState state, long now, long cost) {
    return cost == 0 || cost <= room(state, now);
  }

  /** The largest cost that would pass now. */
  public final long remaining(CounterState state, long now) {
    return Math.max(0, room(state, now));
  }

  /**
   * The least wait after which this cost passes if nobody else spends; 0 when it passes now, {@link
   * #NEVER} when it is above {@link #capacity()}.
   */
  public abstract long waitFor(CounterState state, long now, long cost);

  /** The wait until nothing used counts any more; for fixed windows until the next boundary. */
  public abstract long resetAfter(CounterState state, long now);

  /** How long what was charged last must wait before it is released; 0 unless this is a queue. */
  public long delay(CounterState state) {
    return 0;
  }

  /** Adds a cost, admitted or not; saturates far above the capacity instead of overflowing. */
  public abstract void charge(CounterState state, long now, long cost);

  /** Takes back units, newest first; never below nothing used. */
  public abstract void refund(CounterState state, long now, long cost);

  /** What a reservation remembers of a charge just made, for {@link #giveBack}. */
  public abstract long mark(CounterState state, long now);

  /**
   * Takes back units of one earlier charge, but only what of it still counts: what has leaked
   * since, or belongs to a closed window, stays spent.
   *
   * @param mark what {@link #mark} said after the charge
   */
  public abstract void giveBack(CounterState state, long now, long mark, long cost);

  /** Whole units that count against the limit now, rounded up. */
  public abstract long used(CounterState state, long now);

  /**
   * Turns a state that another kernel wrote into one of this kernel, keeping what was used. Both
   * times are the same instant in each kernel's ticks. Leases and rates do not become each other:
   * what is held is not used up, and nobody would release what was.
   *
   * @return the time that counts, as {@link #advance} gives it
   */
  public final long adopt(Kernel from, CounterState state, long nowMicros, long maxAheadMicros) {
    long fromNow =
        from.advance(state, from.tick.ofMicros(nowMicros), from.aheadTicks(maxAheadMicros));
    // Its ticks may be coarser than ours: what is charged now is not charged earlier for that.
    long now = Math.max(tick.ofMicros(from.tick.toMicros(fromNow)), tick.ofMicros(nowMicros));
    if (!adoptAlike(from, state)) {
      boolean leased = from instanceof ConcurrencyKernel || this instanceof ConcurrencyKernel;
      long units = leased ? 0 : from.used(state, fromNow);
      boolean moved = state.reanchored;
      state.clear();
      state.reanchored = moved;
      now = advance(state, now, 0);
      if (units > 0) {
        charge(state, now, units);
      }
      return now;
    }
    return advance(state, now, aheadTicks(maxAheadMicros));
  }

  /** Keeps a state of a kernel of the same kind in full detail; false where that is impossible. */
  abstract boolean adoptAlike(Kernel from, CounterState state);

  /** The time at which a state no longer differs from a fresh one. */
  public abstract long idleAt(CounterState state);

  /** A bound on how far a state may be ahead, in this kernel's ticks. */
  public final long aheadTicks(long micros) {
    return micros / tick.micros();
  }
}
