package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.KernelShape;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Units that were taken in one step of Redis, and are spent where they were taken.
 *
 * <p>Units of two steps are never put together: each step has its own mark and its own end.
 */
final class Hand {

  /**
   * A call takes about a millisecond, and a busy loop as long to begin it: what goes back so much
   * before its window's end arrives in it.
   */
  private static final long MOST_MARGIN_NANOS = 10_000_000;

  private static final long SHARE_OF_MARGIN = 8;

  /** So soon the units of a holder who has become idle are everybody's again. */
  private static final long MOST_LIFE_MICROS = TimeUnit.SECONDS.toMicros(1);

  /** Of a sliding window's length: by so much a charge may be older than its check. */
  private static final long SHARE_OF_WINDOW = 10;

  /** What tells the store which charge it was. */
  final long mark;

  /** Who asks after that gets nothing of it, on the lane's clock. */
  final long endNanos;

  /** When what is left goes back. */
  final long dueNanos;

  long units;

  /** How often the counter had been reset when the step was sent. */
  final int resets;

  private Hand(long units, long mark, long sentNanos, long lifeNanos, int resets) {
    this.units = units;
    this.mark = mark;
    this.resets = resets;
    this.endNanos = sentNanos + lifeNanos;
    this.dueNanos = endNanos - Math.min(MOST_MARGIN_NANOS, lifeNanos / SHARE_OF_MARGIN);
  }

  /**
   * What a step has charged, to be spent while the counter has not taken it back by itself: never
   * beyond the end of a fixed window.
   *
   * @param charged the step's question of one entry, with its answer
   * @param sentNanos when it was sent
   * @param resets how often the counter had been reset then
   */
  static Hand of(Limit limit, long units, CheckBuffer charged, long sentNanos, int resets) {
    Kernel kernel = limit.kernel();
    CounterState state = charged.state(0);
    long time = charged.time(0);
    long lifeNanos = lifeNanos(limit, units);
    if (limit.algorithm() instanceof Algorithm.FixedWindow) {
      long micros = kernel.tick().toMicros(kernel.resetAfter(state, time));
      lifeNanos = Math.min(lifeNanos, TimeUnit.MICROSECONDS.toNanos(micros));
    }
    return new Hand(units, kernel.mark(state, time), sentNanos, lifeNanos, resets);
  }

  /** How long units may be in hand, but for the end of a fixed window. */
  static long lifeNanos(Limit limit, long units) {
    Kernel kernel = limit.kernel();
    long micros =
        switch (kernel.shape()) {
          case KernelShape.Debt(long leak, long perUnit, long _) ->
              kernel.tick().toMicros(units * perUnit / leak);
          case KernelShape.SlidingWindow(long _, long window) ->
              kernel.tick().toMicros(window) / SHARE_OF_WINDOW;
          case KernelShape.FixedWindow _,
              KernelShape.Calendar _,
              KernelShape.SlidingLog _,
              KernelShape.Concurrency _ ->
              MOST_LIFE_MICROS;
        };
    return TimeUnit.MICROSECONDS.toNanos(Math.min(micros, MOST_LIFE_MICROS));
  }

  /** Whether it covers a cost that was asked for at a time. */
  boolean covers(long cost, long askedNanos) {
    return units >= cost && askedNanos - endNanos <= 0;
  }
}
