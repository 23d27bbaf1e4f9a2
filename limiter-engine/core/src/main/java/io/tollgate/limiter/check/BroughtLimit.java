package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;

/**
 * The numbers of a limit that come with a call, as redis-cell's clients send them: a GCRA that
 * admits {@code maxBurst + 1} units at once.
 *
 * @param maxBurst units beyond the first that may pass at once; 0 to 2^53 − 2
 * @param countPerPeriod units per period; 1 to 2^53 − 1
 * @param periodSeconds 1 to 366 days
 */
public record BroughtLimit(long maxBurst, long countPerPeriod, long periodSeconds) {

  private static final long MOST_SECONDS = 366L * 86_400;
  private static final long MICROS = 1_000_000;

  /** Validates each number by itself. */
  public BroughtLimit {
    require("max_burst", maxBurst, 0, Exact.MAX - 1);
    require("count_per_period", countPerPeriod, 1, Exact.MAX);
    require("period", periodSeconds, 1, MOST_SECONDS);
  }

  private static void require(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidRequestException(
          field, value + " is out of bounds", "send a whole number from " + least + " to " + most);
    }
  }

  /**
   * How it counts.
   *
   * @throws InvalidRequestException when the numbers together cannot be counted exactly
   */
  Algorithm algorithm() {
    try {
      return new Algorithm.Gcra(countPerPeriod, periodSeconds * MICROS, maxBurst + 1);
    } catch (InvalidLimitException _) {
      throw new InvalidRequestException(
          "count_per_period",
          countPerPeriod
              + " per "
              + periodSeconds
              + " s with a max_burst of "
              + maxBurst
              + " cannot be counted exactly",
          "send a smaller max_burst, or a count and a period with a common factor");
    }
  }
}
