package io.tollgate.limiter.algorithm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The debt kernel: token bucket, GCRA and both leaky buckets.
 *
 * <p>The state is the debt, what is used and has not leaked yet. A unit of cost adds {@code
 * perUnit} (P) to it, each tick takes {@code leak} (L) from it, where L/P is the limit over its
 * period in lowest terms; so all is exact in integers. A cost passes while the debt stays within
 * {@code full}. Source: ITU-T I.371 (GCRA, virtual scheduling), written as a debt instead of an
 * arrival time.
 */
final class DebtKernel extends Kernel {

  private final long leak;
  private final long perUnit;
  private final long freeDebt;
  private final long full;
  private final long capacity;
  private final long maxDebt;
  private final long emptyAfter;

  private DebtKernel(Tick tick, long leak, long perUnit, long freeDebt, long full) {
    super(tick);
    this.leak = leak;
    this.perUnit = perUnit;
    this.freeDebt = freeDebt;
    this.full = full;
    this.capacity = full / perUnit;
    this.maxDebt = Exact.MAX - (capacity + 1) * perUnit;
    this.emptyAfter = maxDebt / leak;
  }

  /**
   * Compiles {@code limit} units per period with a burst; a queue holds {@code maxDelayMicros}
   * more.
   *
   * @throws InvalidLimitException when the numbers are exact in no tick
   */
  static DebtKernel compile(long limit, long periodMicros, long burst, long maxDelayMicros) {
    for (Tick tick : Tick.values()) {
      DebtKernel kernel = fitting(tick, limit, periodMicros, burst, maxDelayMicros);
      if (kernel != null) {
        return kernel;
      }
    }
    throw new InvalidLimitException(
        "limit",
        limit
            + " per "
            + periodMicros
            + " µs with a burst of "
            + burst
            + " is not exact in any unit",
        "use a smaller burst, or a limit and a period with a common factor");
  }

  private static @Nullable DebtKernel fitting(
      Tick tick, long limit, long periodMicros, long burst, long maxDelayMicros) {
    if (!tick.divides(maxDelayMicros) || !Exact.fits(limit, tick.micros())) {
      return null;
    }
    long perPeriod = limit * tick.micros();
    long divisor = Exact.gcd(perPeriod, periodMicros);
    long leak = perPeriod / divisor;
    long perUnit = periodMicros / divisor;
    long maxDelay = maxDelayMicros / tick.micros();
    if (!Exact.fits(burst + 1, perUnit) || !Exact.fits(maxDelay, leak)) {
      return null;
    }
    long full = burst * perUnit + maxDelay * leak;
    boolean exact = full <= Exact.MAX && Exact.fits(2, full + perUnit);
    return exact ? new DebtKernel(tick, leak, perUnit, burst * perUnit, full) : null;
  }

  @Override
  public Storage storage() {
    return Storage.TWO_WORDS;
  }

  @Override
  public KernelShape shape() {
    return new KernelShape.Debt(leak, perUnit, full);
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long advance(CounterState state, long now, long maxAhead) {
    if (state.time >= now) {
      if (state.time - now <= maxAhead) {
        return state.time;
      }
      state.time = now;
      state.reanchored = true;
      return now;
    }
    state.used = leaked(state.used, now - state.time);
    state.time = now;
    return now;
  }

  /** The elapsed time is compared with the longest time to empty before it is multiplied. */
  private long leaked(long debt, long elapsed) {
    return elapsed > emptyAfter ? 0 : Math.max(0, debt - elapsed * leak);
  }

  /** Without the division that {@link #room} needs. */
  @Override
  public boolean admits(CounterState state, long now, long cost) {
    return cost == 0 || (cost <= capacity && state.used + cost * perUnit <= full);
  }

  @Override
  long room(CounterState state, long now) {
    return state.used > full ? -1 : (full - state.used) / perUnit;
  }

  @Override
  public long waitFor(CounterState state, long now, long cost) {
    if (cost > capacity) {
      return NEVER;
    }
    return cost == 0 ? 0 : ticksToLeak(state.used + cost * perUnit - full);
  }

  @Override
  public long resetAfter(CounterState state, long now) {
    return ticksToLeak(state.used);
  }

  @Override
  public long delay(CounterState state) {
    return full == freeDebt ? 0 : ticksToLeak(state.used - freeDebt);
  }

  private long ticksToLeak(long debt) {
    return debt <= 0 ? 0 : (debt + leak - 1) / leak;
  }

  @Override
  public void charge(CounterState state, long now, long cost) {
    if (cost <= capacity && state.used + cost * perUnit <= maxDebt) {
      state.used += cost * perUnit;
    } else {
      long units = Math.min(cost, Math.max(0, maxDebt - state.used) / perUnit);
      state.used += units * perUnit;
    }
  }

  @Override
  public void refund(CounterState state, long now, long cost) {
    long units = Math.min(cost, state.used / perUnit + 1);
    state.used = Math.max(0, state.used - units * perUnit);
  }

  @Override
  public long mark(CounterState state, long now) {
    return now;
  }

  /** A charge was at most the capacity; bounded, since its debt must be exact. */
  @Override
  public void giveBack(CounterState state, long now, long mark, long cost) {
    long units = Math.min(cost, capacity);
    state.used = Math.max(0, state.used - leaked(units * perUnit, Math.max(0, now - mark)));
  }

  @Override
  public long used(CounterState state, long now) {
    return (state.used + perUnit - 1) / perUnit;
  }

  /** Rescales the debt; the part below one unit exactly where the product fits, else rounded up. */
  @Override
  boolean adoptAlike(Kernel from, CounterState state) {
    if (!(from instanceof DebtKernel old)) {
      return false;
    }
    long units = state.used / old.perUnit;
    long part = state.used % old.perUnit;
    state.time = tick().ofMicros(old.tick().toMicros(state.time));
    state.used = Math.min(units, maxDebt / perUnit) * perUnit;
    long rest = perUnit;
    if (Exact.fits(part, perUnit)) {
      rest = (part * perUnit + old.perUnit - 1) / old.perUnit;
    }
    state.used = Math.min(maxDebt, state.used + (part == 0 ? 0 : rest));
    return true;
  }

  @Override
  public long idleAt(CounterState state) {
    return state.time + ticksToLeak(state.used);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DebtKernel that
        && tick() == that.tick()
        && leak == that.leak
        && perUnit == that.perUnit
        && freeDebt == that.freeDebt
        && full == that.full;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tick(), leak, perUnit, freeDebt, full);
  }
}
