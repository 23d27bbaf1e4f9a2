package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.LeaseSet;
import io.tollgate.limiter.limit.LimitKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reservations and leases of the memory store.
 *
 * <p>A hold lives in the stripe of its own id. A call first reads it there to learn which keys it
 * charged, then locks all stripes in index order and reads it again.
 */
final class MemoryHolds {

  private final MemoryStep step;

  MemoryHolds(MemoryStep step) {
    this.step = step;
  }

  /** The caller holds the locks of the buffer's stripes and of the id's. */
  void reserve(CheckBuffer b, HoldId id, long ttlMicros) {
    Stripe home = step.stripe(id.low());
    if (home.holds.containsKey(id)) {
      throw new IllegalArgumentException("the reservation id " + id + " was used before");
    }
    step.load(b);
    step.judge(b);
    take(b, home, id, ttlMicros, Hold.Kind.RESERVATION);
    step.report(b);
  }

  /** The caller holds the locks of the buffer's stripes and of the id's. */
  void acquire(CheckBuffer b, HoldId id, long ttlMicros) {
    Stripe home = step.stripe(id.low());
    Hold held = home.holds.get(id);
    step.load(b);
    if (held != null && held.openAt(b.nowMicros)) {
      b.allowed = true;
      b.overloaded = false;
      b.expiresAt = held.expiresAtMicros();
      Arrays.fill(b.admitted, 0, b.size, true);
      step.report(b, false);
    } else {
      for (int i = 0; i < b.size; i++) {
        b.states[i].leaseId = id;
        b.states[i].leaseTtl = ttlMicros;
      }
      step.judge(b);
      take(b, home, id, ttlMicros, Hold.Kind.LEASE);
      step.report(b);
    }
  }

  private void take(CheckBuffer b, Stripe home, HoldId id, long ttlMicros, Hold.Kind kind) {
    if (!b.allowed || b.dry) {
      return;
    }
    if (!step.hasSideRoom(home, Hold.bytesFor(b.size), step.storeNow(b))) {
      MemoryStep.refuse(b, home);
      return;
    }
    if (step.hasRoom(b)) {
      step.charge(b);
      b.expiresAt = b.nowMicros + ttlMicros;
      Hold hold = remember(b, kind, b.expiresAt);
      Hold before = home.holds.put(id, hold);
      step.addSideBytes(hold.bytes() - (before == null ? 0 : before.bytes()));
    }
  }

  /**
   * A lease remembers its concurrency limits only: rates are not given back. A reservation of
   * nothing remembers what its commit will charge.
   */
  private static Hold remember(CheckBuffer b, Hold.Kind kind, long expiresAtMicros) {
    List<Hold.Charge> charges = new ArrayList<>(b.size);
    for (int i = 0; i < b.size; i++) {
      boolean concerns =
          kind == Hold.Kind.RESERVATION
              ? b.admitted[i]
              : b.states[i].leases != null && MemoryStep.written(b, i);
      if (concerns) {
        long mark = b.limits[i].kernel().mark(b.states[i], b.times[i]);
        charges.add(new Hold.Charge(b.limits[i], b.high[i], b.low[i], mark));
      }
    }
    long cost = b.size == 0 ? 0 : b.cost[0];
    return new Hold(kind, b.realm, charges, cost, expiresAtMicros, false);
  }

  Store.Settlement commit(HoldId id, long actual) {
    Stripe home = step.stripe(id.low());
    Hold known = find(home, id, Hold.Kind.RESERVATION);
    if (known == null) {
      return new Store.Settlement.Unknown();
    }
    CheckBuffer b = bufferOf(known);
    step.start(b, step.index(id.low()));
    try {
      Hold hold = home.holds.get(id);
      if (hold == null) {
        return new Store.Settlement.Unknown();
      }
      if (hold.settled()) {
        return new Store.Settlement.SettledBefore();
      }
      if (hold.expiresAtMicros() <= b.nowMicros) {
        return new Store.Settlement.Expired();
      }
      settle(b, hold, actual);
      home.settled(id, hold.settledAt(b.nowMicros));
      return new Store.Settlement.Committed(actual);
    } finally {
      step.unlock(b);
    }
  }

  private void settle(CheckBuffer b, Hold hold, long actual) {
    step.load(b);
    for (int i = 0; i < b.size; i++) {
      var kernel = b.limits[i].kernel();
      if (actual > hold.cost()) {
        kernel.charge(b.states[i], b.times[i], actual - hold.cost());
        step.put(b, i, true);
      } else if (!b.adopted[i]) {
        kernel.giveBack(
            b.states[i], b.times[i], hold.charges().get(i).mark(), hold.cost() - actual);
        step.put(b, i, false);
      }
    }
  }

  Store.Renewal renew(HoldId id, long ttlMicros) {
    Stripe home = step.stripe(id.low());
    Hold known = find(home, id, Hold.Kind.LEASE);
    if (known == null) {
      return new Store.Renewal.Unknown();
    }
    CheckBuffer b = bufferOf(known);
    step.start(b, step.index(id.low()));
    try {
      Hold hold = home.holds.get(id);
      if (hold == null || !hold.openAt(b.nowMicros)) {
        return new Store.Renewal.Expired();
      }
      boolean held = true;
      for (int i = 0; i < b.size; i++) {
        LeaseSet leases = leases(b, i);
        held &= leases != null && leases.renew(id, b.nowMicros, ttlMicros);
      }
      if (!held) {
        return new Store.Renewal.Expired();
      }
      home.holds.put(id, hold.until(b.nowMicros + ttlMicros));
      return new Store.Renewal.Renewed(b.nowMicros + ttlMicros);
    } finally {
      step.unlock(b);
    }
  }

  /** Whether this call ended a lease that was still held. */
  boolean release(HoldId id) {
    Stripe home = step.stripe(id.low());
    Hold known = find(home, id, Hold.Kind.LEASE);
    if (known == null) {
      return false;
    }
    CheckBuffer b = bufferOf(known);
    step.start(b, step.index(id.low()));
    try {
      Hold hold = home.holds.get(id);
      if (hold == null || !hold.openAt(b.nowMicros)) {
        return false;
      }
      for (int i = 0; i < b.size; i++) {
        LeaseSet leases = leases(b, i);
        if (leases != null) {
          leases.release(id);
        }
      }
      home.settled(id, hold.settledAt(b.nowMicros));
      return true;
    } finally {
      step.unlock(b);
    }
  }

  private @Nullable LeaseSet leases(CheckBuffer b, int i) {
    ListState list = step.stripe(b.low[i]).lists.get(new LimitKey(b.high[i], b.low[i]));
    return list == null ? null : list.leases();
  }

  private static @Nullable Hold find(Stripe home, HoldId id, Hold.Kind kind) {
    home.lock.lock();
    try {
      Hold hold = home.holds.get(id);
      return hold != null && hold.kind() == kind ? hold : null;
    } finally {
      home.lock.unlock();
    }
  }

  private static CheckBuffer bufferOf(Hold hold) {
    CheckBuffer b = new CheckBuffer();
    b.begin(hold.realm());
    for (Hold.Charge charge : hold.charges()) {
      b.addKey(charge.limit(), charge.high(), charge.low(), hold.cost());
    }
    return b;
  }
}
