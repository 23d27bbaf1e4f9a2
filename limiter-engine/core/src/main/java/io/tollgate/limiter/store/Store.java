package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.HoldId;
import java.util.function.Consumer;

/**
 * Decides and charges in one atomic step per call; all state of a call changes together or not at
 * all.
 *
 * <p>Answers arrive by callback: a memory store answers on the calling thread before it returns, a
 * remote one later on its own. A buffer belongs to the store from the call until the callback. Safe
 * for use by any number of threads.
 */
public interface Store {

  /** Called when a buffer holds its answer. */
  @FunctionalInterface
  interface Listener {

    /** The buffer is the caller's again. */
    void decided(CheckBuffer buffer);
  }

  /**
   * Makes an id lead to where a question's counters are; a store that does not spread leaves it as
   * it is.
   *
   * @param id an id never given before
   */
  default HoldId place(HoldId id, CheckBuffer buffer) {
    return id;
  }

  /** The most entries of one step; more would keep others waiting for too long. */
  default int mostEntries() {
    return CheckBuffer.MAX_ENTRIES;
  }

  /**
   * Whether what two owners have cannot change in one step. What is wider than an owner, such as a
   * namespace's own limits, goes with any.
   */
  default boolean keepsOwnersApart() {
    return false;
  }

  /** Decides, and charges every limit of the buffer if all enforced ones admit. */
  void check(CheckBuffer buffer, Listener listener);

  /**
   * Decides and charges, and remembers the charge until it is committed or cancelled.
   *
   * @param ttlMicros after which the reservation counts as committed
   */
  void reserve(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener);

  /** Settles a reservation at what was really used; 0 takes back all that still counts. */
  void commit(HoldId id, long actual, Consumer<Settlement> listener);

  /**
   * Decides over all limits, concurrency included, and takes a lease. Repeated with the id of a
   * held lease it is allowed, takes nothing more and does not renew it.
   */
  void acquire(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener);

  /** Gives a held lease a new time to live, from now. */
  void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener);

  /** Ends a lease; repeated, or after its expiry, it changes nothing. */
  void release(HoldId id, Consumer<Release> listener);

  /** Takes back each entry's cost, newest units first, and reports the state after it. */
  void refund(CheckBuffer buffer, Listener listener);

  /** Forgets what the entries have used; leases only when asked. */
  void reset(CheckBuffer buffer, boolean leasesToo, Listener listener);

  /** What became of a lease that was to end. */
  enum Release {
    /** It was held, and is not any more. */
    RELEASED,
    /** Nobody held it. */
    NOT_HELD,
    /** The store is away: it ends with its time at the latest. */
    UNAVAILABLE
  }

  /** What became of a reservation. */
  sealed interface Settlement {
    /** Settled now. */
    record Committed(long units) implements Settlement {}

    /** Settled by an earlier call; nothing changed. */
    record SettledBefore() implements Settlement {}

    /** Committed by its expiry; nothing changed. */
    record Expired() implements Settlement {}

    /** No such reservation. */
    record Unknown() implements Settlement {}

    /** The store is away: it may be settled, or not. */
    record Unavailable() implements Settlement {}
  }

  /** What became of a lease. */
  sealed interface Renewal {
    /** Held until then, on the realm's clock. */
    record Renewed(long expiresAtMicros) implements Renewal {}

    /** It had expired or was released. */
    record Expired() implements Renewal {}

    /** No such lease. */
    record Unknown() implements Renewal {}

    /** The store is away: it may be renewed, or not. */
    record Unavailable() implements Renewal {}
  }
}
