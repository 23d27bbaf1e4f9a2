package io.tollgate.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A histogram of durations; one thread counts, any other may read. */
final class Durations {

  /** Upper bounds in nanoseconds: from a quarter of a millisecond, as many checks take less. */
  private static final long[] BOUNDS = {
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000
  };

  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[BOUNDS.length + 1];
  private final Cell sumNanos = new Cell();

  /** How many buckets there are; the last has no bound. */
  static int buckets() {
    return BOUNDS.length + 1;
  }

  /** The largest duration of a bucket, in nanoseconds; of the last one there is none. */
  static long boundNanos(int bucket) {
    return BOUNDS[bucket];
  }

  /** Counts several of one duration; for the one thread that writes. */
  void add(long nanos, int times) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    COUNT.setOpaque(counts, bucket, counts[bucket] + times);
    sumNanos.add(nanos * times);
  }

  /** How many fell into this bucket and none below it. */
  long count(int bucket) {
    return (long) COUNT.getOpaque(counts, bucket);
  }

  long sumNanos() {
    return sumNanos.get();
  }
}
