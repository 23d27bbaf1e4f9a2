package io.tollgate.limiter.algorithm;

/** The bounds of configured numbers, each with the text that says what to write instead. */
public final class Bounds {

  private static final long LEAST_LEASE_MICROS = 100_000;
  private static final long MOST_HOLD_MICROS = 3_600_000_000L;
  private static final long LEAST_RESERVATION_MICROS = 1_000_000;
  private static final long MOST_DELAY_MICROS = 3_600_000_000L;

  private Bounds() {}

  static void requireLimit(long limit, long most) {
    if (limit < 1 || limit > most) {
      throw new InvalidLimitException(
          "limit", limit + " is out of bounds", "use a whole number from 1 to " + most);
    }
  }

  static void requirePeriod(long micros) {
    var _ = new Period.Span(micros);
  }

  static long requireSpan(Period period) {
    if (period instanceof Period.Span span) {
      return span.micros();
    }
    throw new InvalidLimitException(
        "period",
        "a month has no fixed length",
        "add align: calendar, or use a duration such as 30d");
  }

  static void requireBucket(long limit, long periodMicros, long burst, long maxDelayMicros) {
    requireLimit(limit, Exact.MAX);
    requirePeriod(periodMicros);
    if (burst < 1 || burst > Exact.MAX) {
      throw new InvalidLimitException(
          "burst", burst + " is out of bounds", "use a whole number from 1 to " + Exact.MAX);
    }
    if (maxDelayMicros < 0 || maxDelayMicros > MOST_DELAY_MICROS) {
      throw new InvalidLimitException(
          "max_delay", maxDelayMicros + " µs is out of bounds", "use 0s to 1h");
    }
    var _ = DebtKernel.compile(limit, periodMicros, burst, maxDelayMicros);
  }

  /** Refuses a lease's time to live outside 100 ms … 1 h. */
  public static void requireLeaseTtl(String field, long micros) {
    if (micros < LEAST_LEASE_MICROS || micros > MOST_HOLD_MICROS) {
      throw new InvalidLimitException(field, micros + " µs is out of bounds", "use 100ms to 1h");
    }
  }

  /** Refuses a reservation's time to live outside 1 s … 1 h. */
  public static void requireReservationTtl(String field, long micros) {
    if (micros < LEAST_RESERVATION_MICROS || micros > MOST_HOLD_MICROS) {
      throw new InvalidLimitException(field, micros + " µs is out of bounds", "use 1s to 1h");
    }
  }
}
