package io.tollgate.limiter.algorithm;

import org.jspecify.annotations.Nullable;

/**
 * Numbers for a part of a bucket: those wanted, or as near below them as can be counted exactly.
 *
 * <p>A bucket is exact because its limit and its period have much in common, and a part of the
 * limit may have less: 10^12 in 30 days is exact, a third of it is not.
 */
final class Share {

  /** Makes a bucket of some limit and burst, or throws. */
  @FunctionalInterface
  interface Maker {

    Algorithm make(long limit, long burst);
  }

  private Share() {}

  /** The roundest limit that leaves the burst whole, else the most burst that there can be. */
  static Algorithm of(long limit, long burst, Maker maker) {
    for (long step = 1; step <= limit; step *= 10) {
      Algorithm rounder = make(limit - limit % step, burst, maker);
      if (rounder != null) {
        return rounder;
      }
    }
    for (long step = 1; step <= limit; step *= 10) {
      if (make(limit - limit % step, 1, maker) != null) {
        return ofMostBurst(limit - limit % step, burst, maker);
      }
    }
    return ofMostBurst(1, burst, maker);
  }

  private static Algorithm ofMostBurst(long limit, long burst, Maker maker) {
    long least = 1;
    long most = burst;
    while (least < most) {
      long middle = least + (most - least + 1) / 2;
      boolean exact = make(limit, middle, maker) != null;
      least = exact ? middle : least;
      most = exact ? most : middle - 1;
    }
    return maker.make(limit, least);
  }

  private static @Nullable Algorithm make(long limit, long burst, Maker maker) {
    try {
      return maker.make(limit, burst);
    } catch (InvalidLimitException e) {
      return null;
    }
  }
}
