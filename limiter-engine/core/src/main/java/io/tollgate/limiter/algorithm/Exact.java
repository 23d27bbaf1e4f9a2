package io.tollgate.limiter.algorithm;

/** Integer arithmetic in the range that a Java long and an IEEE double both hold exactly. */
public final class Exact {

  /** The largest number that any kernel holds: 2^53 − 1. */
  public static final long MAX = (1L << 53) - 1;

  private Exact() {}

  /** Whether {@code a · b} stays within {@link #MAX}; both must be at least 0. */
  static boolean fits(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 && a * b <= MAX;
  }

  /** {@code a + b}, at most {@link #MAX}; both must lie in 0 … {@link #MAX}. */
  static long saturatedSum(long a, long b) {
    return Math.min(MAX, a + b);
  }

  /** Compares {@code part / whole} with the other share; all must lie in 0 … {@link #MAX}. */
  public static int compareShares(long part, long whole, long otherPart, long otherWhole) {
    long high = Math.multiplyHigh(part, otherWhole);
    long otherHigh = Math.multiplyHigh(otherPart, whole);
    return high != otherHigh
        ? Long.compare(high, otherHigh)
        : Long.compareUnsigned(part * otherWhole, otherPart * whole);
  }

  static long gcd(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return x;
  }
}
