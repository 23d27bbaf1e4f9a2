package io.tollgate.bench.load;

import org.HdrHistogram.Histogram;

/**
 * A closed loop of a generator of ours and how long its questions took.
 *
 * @param latency nanoseconds from before a question was sent to its answer
 */
record Timed(Closed closed, Histogram latency) {

  private static final double NANOS_PER_MICRO = 1_000;

  /** Below which so many of 100 stay, in microseconds. */
  double micros(double percentile) {
    return latency.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
  }
}
