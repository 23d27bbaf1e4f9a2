package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.Locale;

/**
 * A limit that a request brings along in place of the configured ones: a fixed window from the
 * epoch, which counts in a key of its own for each descriptor and unit.
 *
 * @param requestsPerUnit 0 to 2^32 − 1; with 0 nothing passes
 * @param unit the window
 */
public record InlineLimit(long requestsPerUnit, RateUnit unit) {

  private static final long MOST = (1L << 32) - 1;

  /** Validates the number. */
  public InlineLimit {
    if (requestsPerUnit < 0 || requestsPerUnit > MOST) {
      throw new InvalidRequestException(
          "limit.requests_per_unit",
          requestsPerUnit + " is out of bounds",
          "use a whole number from 0 to " + MOST);
    }
  }

  /** The name under which answers report it, such as {@code inline-minute}. */
  public String name() {
    return "inline-" + unit.name().toLowerCase(Locale.ROOT);
  }

  Limit limit(StoreFailure onStoreFailure) {
    Algorithm window =
        new Algorithm.FixedWindow(
            requestsPerUnit, new Period.Span(unit.periodMicros()), new Alignment.Epoch());
    return new Limit(name(), window, false, onStoreFailure);
  }
}
