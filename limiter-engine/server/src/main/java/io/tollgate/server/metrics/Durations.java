package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

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

  private static final double NANOS_PER_SECOND = 1e9;
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[BOUNDS.length + 1];
  private final Cell sumNanos = new Cell();

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
  private long count(int bucket) {
    return (long) COUNT.getOpaque(counts, bucket);
  }

  /** The point of a histogram that several have counted together. */
  static HistogramDataPointSnapshot sum(List<Durations> all, Labels labels) {
    double[] bounds = new double[BOUNDS.length + 1];
    long[] counts = new long[BOUNDS.length + 1];
    for (int i = 0; i < bounds.length; i++) {
      int bucket = i;
      bounds[i] = i == BOUNDS.length ? Double.POSITIVE_INFINITY : BOUNDS[bucket] / NANOS_PER_SECOND;
      counts[i] = all.stream().mapToLong(one -> one.count(bucket)).sum();
    }
    long nanos = all.stream().mapToLong(one -> one.sumNanos.get()).sum();
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
        .sum(nanos / NANOS_PER_SECOND)
        .build();
  }
}
