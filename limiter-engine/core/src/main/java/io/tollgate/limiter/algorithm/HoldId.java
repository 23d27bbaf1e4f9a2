package io.tollgate.limiter.algorithm;

/**
 * The name of something held: a lease or a reservation. 128 random bits, so it cannot be guessed.
 *
 * @param high the upper half
 * @param low the lower half
 */
public record HoldId(long high, long low) implements Comparable<HoldId> {

  @Override
  public int compareTo(HoldId other) {
    int byHigh = Long.compare(high, other.high);
    return byHigh != 0 ? byHigh : Long.compare(low, other.low);
  }
}
