package io.tollgate.limiter.check;

import io.tollgate.limiter.decision.LimitReport;
import java.util.Optional;

/**
 * The periods that Envoy's protocol has names for, with the lengths that its rate limit service
 * gives them: a month has 30 days and a year 365, counted from the epoch.
 */
public enum RateUnit {
  /** A second. */
  SECOND(1),
  /** A minute. */
  MINUTE(60),
  /** An hour. */
  HOUR(3_600),
  /** A day of UTC. */
  DAY(86_400),
  /** Seven days, from Thursday. */
  WEEK(7 * 86_400),
  /** 30 days. */
  MONTH(30 * 86_400),
  /** 365 days. */
  YEAR(365 * 86_400);

  private final long micros;

  RateUnit(long seconds) {
    this.micros = seconds * 1_000_000;
  }

  /** The length of the period. */
  public long periodMicros() {
    return micros;
  }

  /** The unit of a limit's period; empty when it has none of these lengths. */
  public static Optional<RateUnit> of(LimitReport limit) {
    for (RateUnit unit : values()) {
      if (unit.micros == limit.periodMicros()) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }
}
