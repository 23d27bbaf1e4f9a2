package io.tollgate.limiter.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is known of a list that Redis keeps: when a first and a second number of units free.
 *
 * <p>A list of at most three entries that frees these at the same times answers every question of a
 * step as the whole one would.
 *
 * @param first units, and when they free; 0 where nothing is asked
 * @param second at least the first
 */
record Freed(long first, long firstTime, long second, long secondTime) {

  /** Reads when the units free that a cost, and the next unit, wait for. */
  static Freed read(ByteBuffer in, long limit, long used, long cost, boolean admitted) {
    long costTime = Packed.number(in);
    long nextTime = Packed.number(in);
    long left = Math.max(0, limit - used);
    long forCost = admitted || costTime == 0 ? 0 : used + cost - limit;
    long forNext = nextTime == 0 ? 0 : used + left + 1 - limit;
    return forCost < forNext
        ? new Freed(forCost, costTime, forNext, nextTime)
        : new Freed(forNext, nextTime, forCost, costTime);
  }

  /**
   * Entries that free so, oldest first.
   *
   * @param last when the last of them was made or expires
   * @param all how much they count together
   * @return their times, and how much each counts
   */
  long[][] entries(long last, long all) {
    long[] times = {firstTime, secondTime, last};
    long[] units = {first, second - first, all - second};
    int[] some = IntStream.range(0, 3).filter(i -> units[i] > 0).toArray();
    return new long[][] {
      Arrays.stream(some).mapToLong(i -> times[i]).toArray(),
      Arrays.stream(some).mapToLong(i -> units[i]).toArray()
    };
  }
}
