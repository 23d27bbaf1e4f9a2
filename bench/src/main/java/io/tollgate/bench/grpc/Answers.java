package io.tollgate.bench.grpc;

import org.HdrHistogram.Histogram;

/** Counts answers by what they say. Not safe for several threads. */
public final class Answers {

  /** A latency above this is recorded as this: longer than any run waits. */
  private static final long MOST_NANOS = 120_000_000_000L;

  /** Digits of a recorded latency. */
  private static final int DIGITS = 3;

  private final Histogram latency = new Histogram(1_000, MOST_NANOS, DIGITS);
  private long answered;
  private long denied;
  private long failed;
  private long leastRemaining = Long.MAX_VALUE;
  private String failure = "";

  /** Counts a call that has ended well. */
  void count(boolean allowed, long nanos) {
    answered++;
    if (!allowed) {
      denied++;
    }
    latency.recordValue(Math.min(nanos, MOST_NANOS));
  }

  /** Counts a call that has not. */
  void fail(String why) {
    answered++;
    failed++;
    failure = why;
  }

  /** Counts units that are left. */
  void remaining(long units) {
    leastRemaining = Math.min(leastRemaining, units);
  }

  /** All calls that have ended. */
  public long answered() {
    return answered;
  }

  /** Those that ended well and do not say that the check may pass. */
  public long denied() {
    return denied;
  }

  /** Those that have not ended with the status OK and one message. */
  public long failed() {
    return failed;
  }

  /** What was wrong with the last of these. */
  public String failure() {
    return failure;
  }

  /** The least number of units left that an answer has said; -1 when none was looked at. */
  public long leastRemaining() {
    return leastRemaining == Long.MAX_VALUE ? -1 : leastRemaining;
  }

  /** Nanoseconds from before a call was written to the end of its answer. */
  public Histogram latency() {
    return latency;
  }
}
