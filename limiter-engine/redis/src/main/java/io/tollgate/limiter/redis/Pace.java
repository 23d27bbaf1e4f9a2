package io.tollgate.limiter.redis;

/**
 * Whether checks of one counter come so fast that taking ahead of it spares steps.
 *
 * <p>A hand that is given back nearly whole costs two steps, and serves one check. Confined to one
 * thread.
 */
final class Pace {

  /** Below that many checks in a hand's life, giving back costs more steps than it spares. */
  private static final long LEAST_CHECKS = 4;

  /** Far more than come in a hand's life, and its product with a second is no overflow. */
  private static final long MOST_CHECKS = 1 << 30;

  /** Since the last take. */
  private long checks;

  private boolean tookBefore;
  private boolean busy;
  private long takenNanos;

  /** A check has come. */
  void check() {
    checks = Math.min(MOST_CHECKS, checks + 1);
  }

  /**
   * Units are taken for the checks since the last time, and may be taken ahead.
   *
   * @param lifeNanos how long they would be in hand, at most a second
   */
  void take(long nowNanos, long lifeNanos) {
    busy = tookBefore && checks * lifeNanos >= LEAST_CHECKS * (nowNanos - takenNanos);
    tookBefore = true;
    takenNanos = nowNanos;
    checks = 0;
  }

  /** Whether so many came before the last take that more are to be expected. */
  boolean isBusy() {
    return busy;
  }
}
