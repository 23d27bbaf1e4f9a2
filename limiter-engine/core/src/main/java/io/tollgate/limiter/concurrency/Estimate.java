package io.tollgate.limiter.concurrency;

import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.limit.Limit;

/**
 * What is known of one counter's callee: the estimate in force and the window that is being
 * watched.
 *
 * <p>A window is at least a second and at least ten units of work that were done. It ends at once,
 * and the limit is halved, when of at least ten half were dropped. Safe for use by any number of
 * threads.
 */
final class Estimate {

  private static final long WINDOW_NANOS = 1_000_000_000L;
  private static final int LEAST_SAMPLES = 10;

  /** Work that takes less shows the clock rather than the callee. */
  private static final long LEAST_NANOS = 100_000;

  private final String namespace;
  private final String name;
  private final Gradient2 gradient;

  private Limit configured;
  private Gradient2.Range range;
  private Limit inForce;

  private long begun;
  private int done;
  private int dropped;
  private double took;
  private long mostInFlight;

  Estimate(String namespace, Limit limit) {
    this.namespace = namespace;
    this.name = limit.name();
    this.configured = limit;
    this.range = range(limit);
    this.gradient = new Gradient2(range);
    this.inForce = limit.holding(gradient.limit(range));
  }

  private static Gradient2.Range range(Limit limit) {
    return limit.algorithm() instanceof Concurrency held && held.adapts()
        ? new Gradient2.Range(held.minLimit(), held.limit())
        : new Gradient2.Range(limit.algorithm().limit(), limit.algorithm().limit());
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  /** The units that may be held now. */
  synchronized long units() {
    return inForce.algorithm().limit();
  }

  /** The limit with the number in force, under a configuration that may have changed. */
  synchronized Limit inForce(Limit limit) {
    if (limit != configured) {
      configured = limit;
      range = range(limit);
      inForce = limit.holding(gradient.limit(range));
    }
    return inForce;
  }

  /**
   * Learns of work that has ended.
   *
   * @param now a monotonic clock, nanoseconds
   * @param nanos how long it took
   * @param inFlight units that were held as it began, its own among them
   */
  synchronized void ended(long now, long nanos, long inFlight, boolean wasDropped) {
    if (!wasDropped && nanos < LEAST_NANOS) {
      return;
    }
    if (done + dropped == 0) {
      begun = now;
    }
    mostInFlight = Math.max(mostInFlight, inFlight);
    if (wasDropped) {
      dropped++;
    } else {
      done++;
      took += nanos;
    }
    if (done + dropped >= LEAST_SAMPLES && dropped >= done) {
      gradient.halve(range);
      next();
    } else if (done >= LEAST_SAMPLES && now - begun >= WINDOW_NANOS) {
      gradient.update(took / done, mostInFlight, (double) done / (done + dropped), range);
      next();
    }
  }

  private void next() {
    long units = gradient.limit(range);
    if (units != inForce.algorithm().limit()) {
      inForce = configured.holding(units);
    }
    done = 0;
    dropped = 0;
    took = 0;
    mostInFlight = 0;
  }
}
