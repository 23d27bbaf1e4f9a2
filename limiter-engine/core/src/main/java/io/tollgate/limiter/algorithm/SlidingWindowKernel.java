package io.tollgate.limiter.algorithm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sliding window counter: the current cell's count plus the previous cell's, weighted by how
 * much of it the window still covers.
 *
 * <p>Assumes that the previous cell's calls were spread evenly; at worst 2·limit − 1 pass in one
 * window. The sliding log is exact where that matters. Cells are aligned to the epoch.
 */
final class SlidingWindowKernel extends Kernel {

  private final long limit;
  private final long window;
  private final long maxCount;

  private SlidingWindowKernel(Tick tick, long limit, long window) {
    super(tick);
    this.limit = limit;
    this.window = window;
    this.maxCount = Exact.MAX / window;
  }

  /**
   * Compiles in the finest tick in which {@code limit · window} is exact.
   *
   * @throws InvalidLimitException when there is none
   */
  static SlidingWindowKernel compile(long limit, long periodMicros) {
    for (Tick tick : Tick.values()) {
      long window = periodMicros / tick.micros();
      if (tick.divides(periodMicros) && Exact.fits(limit, window)) {
        return new SlidingWindowKernel(tick, limit, window);
      }
    }
    throw new InvalidLimitException(
        "limit",
        limit + " per " + periodMicros + " µs is not exact in any unit",
        "use a smaller limit, or a period of whole seconds");
  }

  @Override
  public Storage storage() {
    return Storage.THREE_WORDS;
  }

  @Override
  public KernelShape shape() {
    return new KernelShape.SlidingWindow(limit, window);
  }

  @Override
  public long capacity() {
    return limit;
  }

  @Override
  public long advance(CounterState state, long now, long maxAhead) {
    long start = now - Math.floorMod(now, window);
    if (state.time > now) {
      if (state.time - now <= maxAhead) {
        return state.time;
      }
      state.time = start;
      state.reanchored = true;
    }
    if (state.time != start) {
      state.previous = start - state.time == window ? state.used : 0;
      state.used = 0;
      state.time = start;
    }
    return now;
  }

  /** Rounded up, by a step back: adding the window first could leave the exact range. */
  private long weighted(CounterState state, long now) {
    long covered = window - (now - state.time);
    return state.used + (state.previous == 0 ? 0 : (state.previous * covered - 1) / window + 1);
  }

  @Override
  long room(CounterState state, long now) {
    return limit - weighted(state, now);
  }

  @Override
  public long waitFor(CounterState state, long now, long cost) {
    if (cost > limit) {
      return NEVER;
    }
    if (admits(state, now, cost)) {
      return 0;
    }
    long elapsed = now - state.time;
    long room = limit - state.used - cost;
    if (room >= 0) {
      return window - room * window / state.previous - elapsed;
    }
    return window - elapsed + window - (limit - cost) * window / state.used;
  }

  @Override
  public long resetAfter(CounterState state, long now) {
    long elapsed = now - state.time;
    if (state.used > 0) {
      return 2 * window - elapsed;
    }
    return state.previous > 0 ? window - elapsed : 0;
  }

  @Override
  public void charge(CounterState state, long now, long cost) {
    state.used = Math.min(maxCount, Exact.saturatedSum(state.used, cost));
  }

  @Override
  public void refund(CounterState state, long now, long cost) {
    long fromCurrent = Math.min(cost, state.used);
    state.used -= fromCurrent;
    state.previous = Math.max(0, state.previous - (cost - fromCurrent));
  }

  @Override
  public long mark(CounterState state, long now) {
    return state.time;
  }

  @Override
  public void giveBack(CounterState state, long now, long mark, long cost) {
    if (state.time == mark) {
      state.used = Math.max(0, state.used - cost);
    } else if (state.time - window == mark) {
      state.previous = Math.max(0, state.previous - cost);
    }
  }

  @Override
  public long used(CounterState state, long now) {
    return weighted(state, now);
  }

  @Override
  boolean adoptAlike(Kernel from, CounterState state) {
    if (!(from instanceof SlidingWindowKernel old)
        || old.tick().toMicros(old.window) != tick().toMicros(window)) {
      return false;
    }
    state.time = tick().ofMicros(old.tick().toMicros(state.time));
    state.used = Math.min(maxCount, state.used);
    state.previous = Math.min(maxCount, state.previous);
    return true;
  }

  @Override
  public long idleAt(CounterState state) {
    return state.time + 2 * window;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SlidingWindowKernel that
        && tick() == that.tick()
        && limit == that.limit
        && window == that.window;
  }

  @Override
  public int hashCode() {
    return Objects.hash(tick(), limit, window);
  }
}
