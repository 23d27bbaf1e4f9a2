package io.tollgate.limiter.algorithm;

import org.jspecify.annotations.Nullable;

/**
 * The sliding log: every charge of the last window is kept, so the limit holds exactly in any
 * window.
 *
 * <p>Memory grows with the limit; therefore the limit is bounded. A charge at τ counts in (now − W,
 * now], so it frees at τ + W.
 */
final class SlidingLogKernel extends Kernel {

  private final long limit;
  private final long window;

  SlidingLogKernel(long limit, long periodMicros) {
    super(Tick.MICROSECOND);
    this.limit = limit;
    this.window = periodMicros;
  }

  @Override
  public Storage storage() {
    return Storage.LIST;
  }

  @Override
  public KernelShape shape() {
    return new KernelShape.SlidingLog(limit, window);
  }

  @Override
  public long capacity() {
    return limit;
  }

  @Override
  public long advance(CounterState state, long now, long maxAhead) {
    EntryLog log = state.requireLog();
    long counted = now;
    if (log.newest() > now) {
      if (log.newest() - now <= maxAhead) {
        counted = log.newest();
      } else {
        log.pullBackTo(now);
        state.reanchored = true;
      }
    }
    log.dropUntil(counted - window);
    return counted;
  }

  @Override
  long room(CounterState state, long now) {
    return limit - state.requireLog().sum();
  }

  @Override
  public long waitFor(CounterState state, long now, long cost) {
    if (cost > limit) {
      return NEVER;
    }
    EntryLog log = state.requireLog();
    long excess = log.sum() + cost - limit;
    return cost == 0 || excess <= 0 ? 0 : log.timeThatFrees(excess) + window - now;
  }

  @Override
  public long resetAfter(CounterState state, long now) {
    EntryLog log = state.requireLog();
    return log.sum() == 0 ? 0 : log.newest() + window - now;
  }

  @Override
  public void charge(CounterState state, long now, long cost) {
    if (cost > 0) {
      state.requireLog().add(now, cost);
    }
  }

  @Override
  public void refund(CounterState state, long now, long cost) {
    state.requireLog().takeNewest(cost);
  }

  @Override
  public long mark(CounterState state, long now) {
    return now;
  }

  @Override
  public void giveBack(CounterState state, long now, long mark, long cost) {
    state.requireLog().takeAt(mark, cost);
  }

  @Override
  public long used(CounterState state, long now) {
    return state.requireLog().sum();
  }

  @Override
  boolean adoptAlike(Kernel from, CounterState state) {
    if (!(from instanceof SlidingLogKernel old)) {
      return false;
    }
    if (window < old.window) {
      // What a shorter window drops is still the other's until this one is charged.
      state.log = state.requireLog().copy();
    }
    return true;
  }

  @Override
  public long idleAt(CounterState state) {
    return state.requireLog().newest() + window;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SlidingLogKernel that && limit == that.limit && window == that.window;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(limit * 31 + window);
  }
}
