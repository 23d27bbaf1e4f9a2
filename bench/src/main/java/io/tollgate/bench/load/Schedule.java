package io.tollgate.bench.load;

/**
 * When each request of a fixed rate is meant to leave, whatever happened to those before it.
 *
 * <p>A latency counts from there and not from the real sending, so that a server which stalls
 * cannot stop the clock by stopping the generator: coordinated omission.
 *
 * @param start of {@link System#nanoTime()}, when the first one leaves
 * @param perSecond the rate, 1 to 1,000,000
 */
record Schedule(long start, int perSecond) {

  static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Beyond, a request would be due before the clock has moved on. */
  private static final int MOST_PER_SECOND = 1_000_000;

  Schedule {
    if (perSecond < 1 || perSecond > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          "rate " + perSecond + " a second; it is 1 to " + MOST_PER_SECOND);
    }
  }

  /**
   * The moment for a request. Counted from the start, so that rounding does not add up.
   *
   * @param number from 0, below 2^33
   */
  long intended(long number) {
    return start + number * NANOS_PER_SECOND / perSecond;
  }

  /** Whether a request's moment has come; correct when the clock wraps. */
  boolean due(long number, long now) {
    return now - intended(number) >= 0;
  }

  /** What a request that is answered now has waited, in nanoseconds. */
  long waited(long number, long now) {
    return now - intended(number);
  }
}
