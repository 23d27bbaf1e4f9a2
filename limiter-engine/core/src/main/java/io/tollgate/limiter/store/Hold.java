package io.tollgate.limiter.store;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import java.util.List;

/**
 * What is remembered of a reservation or a lease.
 *
 * @param charges which keys it charged
 * @param cost how much, each of them
 * @param expiresAtMicros when it ends, or was settled, on the realm's clock
 * @param settled whether it was committed, cancelled or released
 */
record Hold(
    Kind kind,
    Realm realm,
    List<Charge> charges,
    long cost,
    long expiresAtMicros,
    boolean settled) {

  enum Kind {
    RESERVATION,
    LEASE
  }

  /**
   * One charged key.
   *
   * @param mark what the limit's kernel needs to give units back
   */
  record Charge(Limit limit, long high, long low, long mark) {}

  /** How long after its expiry a hold still gets a precise answer instead of "unknown". */
  private static final long EXPIRED_MICROS = 3_600_000_000L;

  /** The same of a settled one, which may be one of thousands a second. */
  private static final long SETTLED_MICROS = RememberedAnswer.KEPT_MICROS;

  long forgetAtMicros() {
    long after = settled ? SETTLED_MICROS : EXPIRED_MICROS;
    return expiresAtMicros + after - realm.offsetMicros();
  }

  /** Whether it is neither settled nor expired. */
  boolean openAt(long nowMicros) {
    return !settled && expiresAtMicros > nowMicros;
  }

  long bytes() {
    return bytesFor(charges.size());
  }

  static long bytesFor(int charges) {
    return 280 + 48L * charges;
  }

  Hold settledAt(long nowMicros) {
    return new Hold(kind, realm, charges, cost, nowMicros, true);
  }

  Hold until(long newExpiry) {
    return new Hold(kind, realm, charges, cost, newExpiry, settled);
  }
}
