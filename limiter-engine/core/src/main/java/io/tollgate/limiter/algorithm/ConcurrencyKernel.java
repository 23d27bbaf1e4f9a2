package io.tollgate.limiter.algorithm;

import org.jspecify.annotations.Nullable;

/**
 * Concurrency: the weights of the leases held now stay within the limit.
 *
 * <p>A charge takes a lease in the name of {@link CounterState#leaseId}. A crashed holder's leases
 * count until their time to live is over. The wait is an upper bound: leases may be released early.
 */
final class ConcurrencyKernel extends Kernel {

  private final long limit;

  ConcurrencyKernel(long limit) {
    super(Tick.MICROSECOND);
    this.limit = limit;
  }

  @Override
  public Storage storage() {
    return Storage.LIST;
  }

  @Override
  public KernelShape shape() {
    return new KernelShape.Concurrency(limit);
  }

  @Override
  public long capacity() {
    return limit;
  }

  @Override
  public long advance(CounterState state, long now, long maxAhead) {
    LeaseSet leases = state.requireLeases();
    if (leases.pullBackTo(now, maxAhead)) {
      state.reanchored = true;
    }
    leases.dropExpired(now);
    return now;
  }

  @Override
  long room(CounterState state, long now) {
    return limit - state.requireLeases().sum();
  }

  @Override
  public long waitFor(CounterState state, long now, long cost) {
    if (cost > limit) {
      return NEVER;
    }
    LeaseSet leases = state.requireLeases();
    long excess = leases.sum() + cost - limit;
    return cost == 0 || excess <= 0 ? 0 : leases.expiryThatFrees(excess) - now;
  }

  @Override
  public long resetAfter(CounterState state, long now) {
    return Math.max(0, state.requireLeases().latestExpiry() - now);
  }

  @Override
  public void charge(CounterState state, long now, long cost) {
    HoldId id = state.leaseId;
    if (id == null || state.leaseTtl < 1) {
      throw new IllegalStateException("a concurrency limit is charged with a lease only");
    }
    if (cost > 0) {
      state.requireLeases().put(id, cost, now, state.leaseTtl);
    }
  }

  /** Leases end by release or expiry only. */
  @Override
  public void refund(CounterState state, long now, long cost) {}

  @Override
  public long mark(CounterState state, long now) {
    return now;
  }

  /** Leases end by release or expiry only. */
  @Override
  public void giveBack(CounterState state, long now, long mark, long cost) {}

  @Override
  public long used(CounterState state, long now) {
    return state.requireLeases().sum();
  }

  @Override
  boolean adoptAlike(Kernel from, CounterState state) {
    return from instanceof ConcurrencyKernel;
  }

  @Override
  public long idleAt(CounterState state) {
    return state.requireLeases().latestExpiry();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConcurrencyKernel that && limit == that.limit;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(limit);
  }
}
