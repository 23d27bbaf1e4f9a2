package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.Exact;
import org.jspecify.annotations.Nullable;

/**
 * The cell that has the least to lose of those offered: the largest share of its capacity remains,
 * and among equals it is like a fresh key soonest.
 *
 * <p>The share comes first. By time alone an exhausted key would go before younger ones, and
 * whoever is denied would free himself by asking in many names. Guarded by its stripe's lock.
 */
final class Victim {

  private @Nullable CellTable table;
  private int offset;
  private long remaining;
  private long capacity;
  private long idleAtMicros;

  /** Forgets what was offered. */
  void clear() {
    table = null;
  }

  void offer(CellTable from, int at, long left, long of, long idleAt) {
    int byShare = table == null ? 1 : Exact.compareShares(left, of, remaining, capacity);
    if (byShare > 0 || (byShare == 0 && idleAt < idleAtMicros)) {
      table = from;
      offset = at;
      remaining = left;
      capacity = of;
      idleAtMicros = idleAt;
    }
  }

  /** Removes the cell from its table; false when none was offered. */
  boolean remove() {
    CellTable chosen = table;
    if (chosen == null) {
      return false;
    }
    chosen.remove(offset);
    table = null;
    return true;
  }
}
