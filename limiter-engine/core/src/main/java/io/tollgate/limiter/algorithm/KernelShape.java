package io.tollgate.limiter.algorithm;

import java.util.function.LongFunction;

/**
 * The numbers of a kernel, for a store that does its arithmetic elsewhere.
 *
 * <p>All are whole and below 2^53; ticks are of the kernel's {@link Kernel#tick()}.
 */
public sealed interface KernelShape {

  /**
   * A debt that leaks.
   *
   * @param leak what each tick takes
   * @param perUnit what each unit adds
   * @param full the most that may be owed
   */
  record Debt(long leak, long perUnit, long full) implements KernelShape {}

  /**
   * A count in equal windows.
   *
   * @param fromFirstCall whether a window begins with a call, not at a multiple of its length
   */
  record FixedWindow(long limit, long windowMicros, boolean fromFirstCall) implements KernelShape {}

  /**
   * A count in windows of the civil calendar.
   *
   * @param mark what tells windows of one unit and zone from others
   * @param bounds the starts of the windows before, at and after an instant, and the end of the
   *     last: four in all
   */
  record Calendar(long limit, long mark, LongFunction<long[]> bounds) implements KernelShape {}

  /** A weighted count; the window is in ticks. */
  record SlidingWindow(long limit, long window) implements KernelShape {}

  /** An exact log. */
  record SlidingLog(long limit, long windowMicros) implements KernelShape {}

  /** Units held at once. */
  record Concurrency(long limit) implements KernelShape {}
}
