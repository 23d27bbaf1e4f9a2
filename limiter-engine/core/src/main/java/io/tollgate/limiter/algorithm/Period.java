package io.tollgate.limiter.algorithm;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The span over which a limit counts: a fixed length, or a month of the calendar. */
public sealed interface Period {

  /** One month of the civil calendar. */
  Period MONTH = new Month();

  /**
   * A span of fixed length.
   *
   * @param micros 1 ms to 366 days, in microseconds
   */
  record Span(long micros) implements Period {

    private static final long LEAST = 1_000;
    private static final long MOST = 366L * 24 * 3_600 * 1_000_000;

    /** Validates the bounds. */
    public Span {
      if (micros < LEAST || micros > MOST) {
        throw new InvalidLimitException(
            "period", micros + " µs is out of bounds", "use 1ms to 366d");
      }
    }
  }

  /** One month of the civil calendar; needs {@link Alignment.Calendar}. */
  record Month() implements Period {}

  /** A span of fixed length. */
  static Period of(Duration duration) {
    return new Span(duration.dividedBy(Duration.of(1, ChronoUnit.MICROS)));
  }
}
