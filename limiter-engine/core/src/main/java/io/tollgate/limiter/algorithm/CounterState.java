package io.tollgate.limiter.algorithm;

import org.jspecify.annotations.Nullable;

/**
 * What one key has used, loaded from a store into memory that the caller owns and reuses.
 *
 * <p>The meaning of the numbers belongs to the kernel: for a bucket {@code time} is when the debt
 * was last brought up to date and {@code used} the debt; for a window {@code time} is the window's
 * start and {@code used} its count, with {@code previous} the count of the window before. Not safe
 * for use by several threads.
 */
public final class CounterState {

  /** Ticks since the epoch. */
  public long time;

  /** Debt or count of the current window. */
  public long used;

  /** Count of the previous window; only the sliding window counter has one. */
  public long previous;

  /** Entries of a sliding log; null for every other algorithm. */
  public @Nullable EntryLog log;

  /** Held leases of a concurrency limit; null for every other algorithm. */
  public @Nullable LeaseSet leases;

  /** In whose name a concurrency limit is charged; null for every other charge. */
  public @Nullable HoldId leaseId;

  /** How long a charged lease lasts, in ticks; 0 for every other charge. */
  public long leaseTtl;

  /** Set when a kernel moved a state back from the future; such a state must be written back. */
  public boolean reanchored;

  /** A state that has used nothing. */
  public CounterState() {}

  /** Makes this a state that has used nothing. */
  public void clear() {
    time = 0;
    used = 0;
    previous = 0;
    log = null;
    leases = null;
    leaseId = null;
    leaseTtl = 0;
    reanchored = false;
  }

  EntryLog requireLog() {
    EntryLog present = log;
    if (present == null) {
      present = new EntryLog();
      log = present;
    }
    return present;
  }

  LeaseSet requireLeases() {
    LeaseSet present = leases;
    if (present == null) {
      present = new LeaseSet();
      leases = present;
    }
    return present;
  }
}
