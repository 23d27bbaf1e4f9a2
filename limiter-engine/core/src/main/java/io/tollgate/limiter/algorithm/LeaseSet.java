package io.tollgate.limiter.algorithm;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The leases that one key holds, by id and by expiry; a lease past its expiry frees its units. */
public final class LeaseSet {

  private record Lease(HoldId id, long weight, long expiry, long ttl) {}

  /** A map entry, a tree entry and the lease itself, near enough for a bound. */
  private static final int BYTES_PER_LEASE = 200;

  private final Map<HoldId, Lease> byId = new HashMap<>();
  private final TreeSet<Lease> byExpiry =
      new TreeSet<>(Comparator.comparingLong(Lease::expiry).thenComparing(Lease::id));
  private long sum;
  private long lastGrant;

  /** No lease at all. */
  public LeaseSet() {}

  /** Leases of whomever, by when they expire and what they weigh. */
  public static LeaseSet of(long[] expiries, long[] weights) {
    LeaseSet leases = new LeaseSet();
    for (int i = 0; i < expiries.length; i++) {
      leases.put(new HoldId(0, i), weights[i], 0, expiries[i]);
    }
    return leases;
  }

  /** Σ of the weights of all leases. */
  long sum() {
    return sum;
  }

  /** When the last lease expires; 0 when there is none. */
  public long latestExpiry() {
    return byExpiry.isEmpty() ? 0 : byExpiry.last().expiry;
  }

  /** Bytes on the heap, near enough for a bound. */
  public long bytes() {
    return 200 + (long) BYTES_PER_LEASE * byId.size();
  }

  /** Whether a lease is held. */
  public boolean holds(HoldId id) {
    return byId.containsKey(id);
  }

  /** Adds a lease, or gives a held one a new expiry. */
  void put(HoldId id, long weight, long now, long ttl) {
    release(id);
    Lease lease = new Lease(id, weight, now + ttl, ttl);
    byId.put(id, lease);
    byExpiry.add(lease);
    lastGrant = Math.max(lastGrant, now);
    sum = Exact.saturatedSum(sum, weight);
  }

  /** Gives a held lease a new expiry; false when it is not held. */
  public boolean renew(HoldId id, long now, long ttl) {
    Lease held = byId.get(id);
    if (held == null) {
      return false;
    }
    put(id, held.weight, now, ttl);
    return true;
  }

  /** Ends a lease; nothing happens when it is not held. */
  public void release(HoldId id) {
    Lease held = byId.remove(id);
    if (held != null) {
      byExpiry.remove(held);
      sum -= held.weight;
    }
  }

  /** Ends every lease whose expiry has come. */
  void dropExpired(long now) {
    while (!byExpiry.isEmpty() && byExpiry.first().expiry <= now) {
      release(byExpiry.first().id);
    }
  }

  /** After the clock went back: no lease lasts longer from now than it was granted. */
  boolean pullBackTo(long now, long maxAhead) {
    if (lastGrant - now <= maxAhead) {
      return false;
    }
    for (Lease lease : List.copyOf(byExpiry)) {
      put(lease.id, lease.weight, now, Math.min(lease.ttl, lease.expiry - now));
    }
    lastGrant = now;
    return true;
  }

  /** The expiry with which, earliest first, at least {@code units} are freed. */
  long expiryThatFrees(long units) {
    long freed = 0;
    long expiry = 0;
    for (Lease lease : byExpiry) {
      freed += lease.weight;
      expiry = lease.expiry;
      if (freed >= units) {
        break;
      }
    }
    return expiry;
  }
}
