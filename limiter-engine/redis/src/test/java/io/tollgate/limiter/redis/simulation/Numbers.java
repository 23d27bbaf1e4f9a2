package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;

/**
 * The numbers of a limit, or of an instance's share of it, and what they admit.
 *
 * @param capacity what may pass at once
 */
record Numbers(Algorithm algorithm, long limit, long capacity) {

  private static final long DAY_MICROS = 86_400_000_000L;

  static Numbers of(Algorithm algorithm) {
    return new Numbers(algorithm, algorithm.limit(), algorithm.burst());
  }

  /** As it is published: divided and rounded down, but at least 1. */
  Numbers share(long instances) {
    return new Numbers(
        algorithm, Math.max(1, limit / instances), Math.max(1, capacity / instances));
  }

  /**
   * How much more passes when a clock is stepped: it may lead into another window, and its end lies
   * elsewhere from then on.
   */
  long byStep() {
    return algorithm instanceof Algorithm.FixedWindow ? 2 * capacity : capacity;
  }

  /** In nanoseconds; a day for windows of a calendar. */
  long period() {
    long micros = algorithm.periodMicros();
    return (micros == 0 ? DAY_MICROS : micros) * 1_000;
  }

  /** The most in any span of less than so many nanoseconds, as docs/algorithms.md has it. */
  long in(long nanos) {
    long windows = Math.ceilDiv(nanos, period());
    return switch (algorithm) {
      case Algorithm.FixedWindow _ -> limit * (windows + 1);
      case Algorithm.SlidingWindow _ -> limit * (windows + 1) - (windows > 0 ? 1 : 0);
      case Algorithm.SlidingLog _ -> limit * Math.max(1, windows);
      case Algorithm.TokenBucket _, Algorithm.Gcra _, Algorithm.LeakyBucket _ ->
          capacity + refilled(nanos);
      case Algorithm.Concurrency _ -> limit;
    };
  }

  private long refilled(long nanos) {
    long micros = Math.ceilDiv(nanos, 1_000);
    return Math.max(0, Math.ceilDiv(limit * micros, period() / 1_000) - 1);
  }
}
