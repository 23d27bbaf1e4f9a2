package io.tollgate.limiter.concurrency;

/**
 * Estimates how many units of work a callee bears at once, from how long they take.
 *
 * <p>The arithmetic and its numbers are those of {@code Gradient2Limit} of Netflix's
 * concurrency-limits 0.5: what work takes now is compared with what it has taken for long, and the
 * limit shrinks by that ratio, at most to half, then grows by what may wait. What was dropped is
 * ours: there the gradient is at most the part that was done. An estimate is no count, so this is
 * the one place where limits meet floating point. Confined to who holds its lock.
 */
final class Gradient2 {

  /** Where an estimate begins, within its bounds. */
  private static final double INITIAL = 20;

  /** How much longer than usual work may take before the limit shrinks. */
  private static final double TOLERANCE = 1.5;

  /** The part of each new estimate that counts. */
  private static final double SMOOTHING = 0.2;

  /** Units that may wait at the callee: the limit grows by them. */
  private static final double QUEUE = 4;

  /** No outlier shrinks the limit by more. */
  private static final double LEAST_GRADIENT = 0.5;

  /** The windows whose moving average is what work usually takes: ten minutes of a second each. */
  private static final double LONG_WINDOWS = 600;

  /** The first windows count alike. */
  private static final int WARM_UP_WINDOWS = 10;

  /** After long overload what is usual comes down by more than its average does. */
  private static final double DECAY = 0.95;

  private double estimate;
  private double usual;
  private double sum;
  private int windows;

  Gradient2(Range range) {
    estimate = range.clamp(INITIAL);
  }

  /**
   * Between what an estimate stays.
   *
   * @param least at least 1
   * @param most at least {@code least}
   */
  record Range(long least, long most) {

    double clamp(double estimate) {
      return Math.clamp(estimate, (double) least, (double) most);
    }
  }

  /** The units that may be held now. */
  long limit(Range range) {
    return (long) range.clamp(estimate);
  }

  /**
   * Learns from one window of work.
   *
   * @param took nanoseconds, the mean of what was done
   * @param inFlight the most units that were held as any of it began
   * @param done the part that was not dropped, 0 to 1
   */
  void update(double took, long inFlight, double done, Range range) {
    estimate = range.clamp(estimate);
    double soFar = usually(took);
    if (soFar / took > 2) {
      usual *= DECAY;
    }
    // Who asks for less than half of the limit says nothing about the limit.
    if (inFlight < estimate / 2) {
      return;
    }
    double slope = Math.min(Math.min(1, TOLERANCE * soFar / took), done);
    double gradient = Math.max(LEAST_GRADIENT, slope);
    double wanted = estimate * gradient + QUEUE;
    estimate = range.clamp(estimate * (1 - SMOOTHING) + wanted * SMOOTHING);
  }

  /** Gives up half of the limit: the callee does not do its work. */
  void halve(Range range) {
    estimate = range.clamp(estimate / 2);
  }

  private double usually(double took) {
    if (windows < WARM_UP_WINDOWS) {
      windows++;
      sum += took;
      usual = sum / windows;
    } else {
      double part = 2 / (LONG_WINDOWS + 1);
      usual = usual * (1 - part) + took * part;
    }
    return usual;
  }
}
