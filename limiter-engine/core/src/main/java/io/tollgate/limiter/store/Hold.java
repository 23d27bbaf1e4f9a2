package io.tollgate.limiter.store;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import java.util.List;

/**
 * What is remembered of a reservation or a lease.
 *
 * @param charges which keys it charged
 * @param cost how much, each of them
 * @param expiresAtMicros on the realm's clock
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

  /** How long after its end a hold still gets a precise answer instead of "unknown". */
  private static final long REMEMBERED_MICROS = 3_600_000_000L;

  long forgetAtMicros() {
    return expiresAtMicros + REMEMBERED_MICROS - realm.offsetMicros();
  }

  /** Whether it is neither settled nor expired. */
  boolean openAt(long nowMicros) {
    return !settled && expiresAtMicros > nowMicros;
  }

  long bytes() {
    return bytesFor(charges.size());
  }

  static long bytesFor(int charges) {
    return 240 + 48L * charges;
  }

  Hold asSettled() {
    return new Hold(kind, realm, charges, cost, expiresAtMicros, true);
  }

  Hold until(long newExpiry) {
    return new Hold(kind, realm, charges, cost, newExpiry, settled);
  }
}
