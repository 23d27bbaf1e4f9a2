package io.tollgate.limiter.algorithm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fixed windows: a count per window that begins anew at each boundary.
 *
 * <p>Up to twice the limit passes around a boundary. Always counts in microseconds: no product
 * occurs. The state is the start of the window and its count.
 */
final class FixedWindowKernel extends Kernel {

  private final long limit;
  private final Windows windows;

  FixedWindowKernel(long limit, Windows windows) {
    super(Tick.MICROSECOND);
    this.limit = limit;
    this.windows = windows;
  }

  @Override
  public Storage storage() {
    return Storage.TWO_WORDS;
  }

  @Override
  public KernelShape shape() {
    return windows.shape(limit);
  }

  @Override
  public long capacity() {
    return limit;
  }

  @Override
  public long advance(CounterState state, long now, long maxAhead) {
    long counted = now;
    if (state.time > now) {
      if (state.time - now <= maxAhead) {
        counted = state.time;
      } else {
        state.time = windows.startAt(now, 0);
        state.reanchored = true;
      }
    }
    long start = windows.startAt(counted, state.used == 0 ? 0 : state.time);
    if (start != state.time) {
      state.time = start;
      state.used = 0;
    }
    return counted;
  }

  @Override
  long room(CounterState state, long now) {
    return limit - state.used;
  }

  @Override
  public long waitFor(CounterState state, long now, long cost) {
    if (cost > limit) {
      return NEVER;
    }
    return admits(state, now, cost) ? 0 : windows.endOf(state.time) - now;
  }

  /** The next boundary; a window that begins with the first call has none before that call. */
  @Override
  public long resetAfter(CounterState state, long now) {
    boolean notBegun = state.used == 0 && windows instanceof Windows.FromFirstCall;
    return notBegun ? 0 : windows.endOf(state.time) - now;
  }

  @Override
  public void charge(CounterState state, long now, long cost) {
    state.used = Exact.saturatedSum(state.used, cost);
  }

  @Override
  public void refund(CounterState state, long now, long cost) {
    state.used = Math.max(0, state.used - cost);
  }

  @Override
  public long mark(CounterState state, long now) {
    return state.time;
  }

  @Override
  public void giveBack(CounterState state, long now, long mark, long cost) {
    if (state.time == mark) {
      refund(state, now, cost);
    }
  }

  @Override
  public long used(CounterState state, long now) {
    return state.used;
  }

  @Override
  boolean adoptAlike(Kernel from, CounterState state) {
    return from instanceof FixedWindowKernel old && windows.equals(old.windows);
  }

  @Override
  public long idleAt(CounterState state) {
    return windows.endOf(state.time);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FixedWindowKernel that
        && limit == that.limit
        && windows.equals(that.windows);
  }

  @Override
  public int hashCode() {
    return Objects.hash(limit, windows);
  }
}
