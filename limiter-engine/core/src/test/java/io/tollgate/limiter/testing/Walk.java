package io.tollgate.limiter.testing;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import java.util.Random;

/**
 * Random steps of time and random costs that aim at where a limit's answers change: ticks, the time
 * of one unit, whole periods; what remains, the capacity, and one more of each.
 */
public final class Walk {

  private final Random random;
  private final long tick;
  private final long period;
  private final long unit;
  private final long capacity;

  /** A walk that the seed repeats. */
  public Walk(Algorithm algorithm, long seed) {
    random = new Random(seed);
    tick = algorithm.kernel().tick().micros();
    period = Math.max(algorithm.periodMicros(), 1_000);
    unit = Math.max(1, period / algorithm.limit());
    capacity = algorithm.kernel().capacity();
  }

  /** How far the clock moves next: 0 to two periods. */
  public long pause() {
    return switch (random.nextInt(9)) {
      case 0 -> 1;
      case 1 -> tick;
      case 2 -> unit;
      case 3 -> random.nextLong(2 * unit);
      case 4 -> random.nextLong(period);
      case 5 -> random.nextInt(4) == 0 ? period : tick - 1;
      case 6 -> random.nextInt(4) == 0 ? random.nextLong(2 * period) : 0;
      default -> 0;
    };
  }

  /** What is asked next: 0 to 2^53 − 1. */
  public long cost(long remaining) {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1, 2 -> 1;
      case 3 -> remaining;
      case 4 -> atMost(remaining + 1);
      case 5 -> random.nextLong(capacity) + 1;
      case 6 -> capacity;
      case 7 -> random.nextInt(4) == 0 ? atMost(capacity + 1) : 2;
      case 8 -> random.nextInt(4) == 0 ? Exact.MAX : 3;
      default -> 1 + random.nextLong(1 + capacity / 8);
    };
  }

  /** As {@link #cost}, at least 1. */
  public long charge(long remaining) {
    return Math.max(1, cost(remaining));
  }

  /** A number from 0 to below a bound. */
  public long below(long bound) {
    return random.nextLong(bound);
  }

  /** Whether a throw of a coin says so. */
  public boolean coin() {
    return random.nextBoolean();
  }

  private static long atMost(long cost) {
    return Math.min(Exact.MAX, cost);
  }
}
