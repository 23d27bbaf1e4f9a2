package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * What one instance answers while the store that it shares is away, by each limit's {@link
 * StoreFailure}.
 *
 * <p>A {@code closed} limit denies the whole check. An {@code open} one admits and counts nothing.
 * A {@code local} one counts in this instance's memory up to its share, so that n instances admit
 * about the limit together: per outage at most one capacity of a share on each. Every answer is
 * marked as degraded. Safe for use by any number of threads.
 */
public final class FailurePolicy {

  private final MemoryStore local;
  private final IntSupplier instances;
  private final MicroClock clock;
  private final long retryAfterMicros;

  /**
   * A policy over a memory store of its own.
   *
   * @param local where shares are counted
   * @param clock of that store
   * @param instances how many instances shared the store when it was last seen, at least 1
   * @param retryAfterMicros after which a caller who was denied may try again
   */
  public FailurePolicy(
      MemoryStore local, MicroClock clock, IntSupplier instances, long retryAfterMicros) {
    this.local = local;
    this.clock = clock;
    this.instances = instances;
    this.retryAfterMicros = retryAfterMicros;
  }

  /** A step over the part of a question that is counted here. */
  @FunctionalInterface
  private interface LocalStep {

    void run(CheckBuffer part, Store.Listener listener);
  }

  /** Decides a check. */
  public void check(CheckBuffer b, Store.Listener listener) {
    decide(b, listener, local::check);
  }

  /** Decides a reservation, which is settled here. */
  public void reserve(CheckBuffer b, HoldId id, long ttlMicros, Store.Listener listener) {
    decide(b, listener, (part, l) -> local.reserve(part, id, ttlMicros, l));
  }

  /** Decides a lease, which ends here. */
  public void acquire(CheckBuffer b, HoldId id, long ttlMicros, Store.Listener listener) {
    decide(b, listener, (part, l) -> local.acquire(part, id, ttlMicros, l));
  }

  private void decide(CheckBuffer b, Store.Listener listener, LocalStep step) {
    if (isClosed(b)) {
      close(b);
      listener.decided(b);
      return;
    }
    CheckBuffer part = localPart(b);
    step.run(
        part,
        answered -> {
          if (answers(b, answered)) {
            merge(b, answered);
          } else {
            b.become(answered);
          }
          b.degraded = true;
          listener.decided(b);
        });
  }

  /** What was made here and is not settled yet. */
  public void commit(HoldId id, long actual, Consumer<Store.Settlement> listener) {
    local.commit(id, actual, listener);
  }

  /** What was taken here and is still held. */
  public void renew(HoldId id, long ttlMicros, Consumer<Store.Renewal> listener) {
    local.renew(id, ttlMicros, listener);
  }

  /** What was taken here and is still held. */
  public void release(HoldId id, Consumer<Store.Release> listener) {
    local.release(id, listener);
  }

  /** Forgets what was counted here: it would count in the next outage. */
  public void forget(CheckBuffer b, boolean leasesToo) {
    local.reset(localPart(b), leasesToo, _ -> {});
  }

  /** Says that nothing can be done without the store. */
  public void refuse(CheckBuffer b, Store.Listener listener) {
    b.answerUnavailable(now(b), retryAfterMicros);
    listener.decided(b);
  }

  private long now(CheckBuffer b) {
    return clock.nowMicros() + b.realm.offsetMicros();
  }

  private static boolean isClosed(CheckBuffer b) {
    boolean closed = false;
    for (int i = 0; i < b.size; i++) {
      closed |= isClosed(b.limits[i]);
    }
    return closed;
  }

  private static boolean isClosed(Limit limit) {
    return limit.onStoreFailure() == StoreFailure.CLOSED && !limit.shadow();
  }

  private void close(CheckBuffer b) {
    b.answerUnavailable(now(b), retryAfterMicros);
    for (int i = 0; i < b.size; i++) {
      if (!isClosed(b.limits[i])) {
        b.answerUnknown(i, true, 0);
      }
    }
  }

  private static boolean isLocal(CheckBuffer b, int i) {
    return b.limits[i].onStoreFailure() == StoreFailure.LOCAL;
  }

  private CheckBuffer localPart(CheckBuffer b) {
    int parts = Math.max(1, instances.getAsInt());
    CheckBuffer part = new CheckBuffer();
    part.begin(b.realm);
    part.dry = b.dry;
    part.answerKey = b.answerKey;
    for (int i = 0; i < b.size; i++) {
      if (isLocal(b, i)) {
        part.addKey(b.limits[i].share(parts), b.high[i], b.low[i], b.cost[i]);
      }
    }
    return part;
  }

  /** Whether an answer is to this question's limits: a remembered one may bring others. */
  private static boolean answers(CheckBuffer b, CheckBuffer part) {
    int next = 0;
    for (int i = 0; i < b.size; i++) {
      if (isLocal(b, i)) {
        if (next == part.size || !part.limits[next].name().equals(b.limits[i].name())) {
          return false;
        }
        next++;
      }
    }
    return next == part.size;
  }

  private static void merge(CheckBuffer b, CheckBuffer part) {
    b.answerAs(part);
    int next = 0;
    for (int i = 0; i < b.size; i++) {
      if (isLocal(b, i)) {
        b.answerAs(i, part, next);
        next++;
      } else {
        b.answerUnknown(i, true, 0);
      }
    }
  }
}
