package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Bounds;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.catalog.Subject;
import io.tollgate.limiter.concurrency.AdaptiveConcurrency;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The only entrance to the limiter: every verb, over the catalog in force and a store.
 *
 * <p>Answers arrive by callback, on the calling thread where the store is in memory. Every verb
 * throws {@link NamespaceNotFoundException} or {@link InvalidRequestException} before anything is
 * charged. Safe for use by any number of threads.
 */
public final class Limiter {

  /** The most checks of one batch. */
  public static final int MAX_BATCH = 1_000;

  private static final long DEFAULT_LEASE_MICROS = 30_000_000;

  private final Function<Realm, Catalog> catalogs;
  private final Store store;
  private final Supplier<KeyHasher> hashers;
  private final HoldIds ids;
  private final AdaptiveConcurrency adaptive;

  /**
   * A limiter.
   *
   * @param catalogs the catalog in force of each realm; asked anew by each call
   */
  public Limiter(Function<Realm, Catalog> catalogs, Store store, KeyHasher hasher, HoldIds ids) {
    this(catalogs, store, () -> hasher, ids);
  }

  /**
   * A limiter whose hasher may change: instances agree on one through the store that they share.
   *
   * @param hashers the hasher in force; asked anew by each step
   */
  public Limiter(
      Function<Realm, Catalog> catalogs, Store store, Supplier<KeyHasher> hashers, HoldIds ids) {
    this(catalogs, store, hashers, ids, new AdaptiveConcurrency());
  }

  /**
   * A limiter whose estimates of what callees bear are looked at elsewhere too.
   *
   * @param adaptive what this limiter learns from leases
   */
  public Limiter(
      Function<Realm, Catalog> catalogs,
      Store store,
      Supplier<KeyHasher> hashers,
      HoldIds ids,
      AdaptiveConcurrency adaptive) {
    this.catalogs = catalogs;
    this.store = store;
    this.hashers = hashers;
    this.ids = ids;
    this.adaptive = adaptive;
  }

  /** The namespace that answers to a name. */
  public NamespaceLimits namespace(Realm realm, String namespace) {
    return catalogs
        .apply(realm)
        .find(namespace)
        .orElseThrow(() -> new NamespaceNotFoundException(namespace));
  }

  /**
   * Decides and consumes; with a cost of 0 only looks.
   *
   * @param buffer the caller's, holds the answer when the listener is called
   */
  public void check(CheckRequest request, CheckBuffer buffer, Store.Listener listener) {
    check(namespace(request.realm(), request.namespace()), request, buffer, listener);
  }

  /**
   * As {@link #check(CheckRequest, CheckBuffer, Store.Listener)}, for a caller that has looked its
   * namespace up: both then use one configuration, also while it changes.
   *
   * @param namespace what {@link #namespace} gave for the request
   */
  public void check(
      NamespaceLimits namespace,
      CheckRequest request,
      CheckBuffer buffer,
      Store.Listener listener) {
    fill(namespace, buffer, request, false);
    store.check(buffer, listener);
  }

  /**
   * What a request of Envoy's is to be asked, under the configuration in force.
   *
   * @param domain what Envoy calls the namespace
   * @param descriptors 1 to {@link DescriptorPlan#MOST_DESCRIPTORS}
   */
  public DescriptorPlan plan(Realm realm, String domain, List<Descriptor> descriptors) {
    return DescriptorPlan.of(catalogs.apply(realm), realm, domain, descriptors);
  }

  /**
   * Decides and consumes for one descriptor; with a cost of 0 only looks. Asked twice, it counts
   * twice.
   *
   * @param buffer the caller's, holds the answer when the listener is called
   */
  public void check(DescriptorQuestion question, CheckBuffer buffer, Store.Listener listener) {
    question.ask(buffer, hashers.get());
    store.check(buffer, listener);
  }

  /**
   * Decides by a limit that comes with the call, and consumes; with a cost of 0 only looks. While a
   * shared store is away its namespace's policy holds, if it is configured or another answers for
   * it.
   *
   * @param of the limits of which it is one, and the namespace that they count in
   * @throws InvalidRequestException when the numbers, the identifier or the cost cannot be used
   */
  public void check(
      BroughtLimits of,
      BroughtLimit limit,
      String identifier,
      long cost,
      CheckBuffer buffer,
      Store.Listener listener) {
    CheckRequest request = of.request(identifier, cost);
    StoreFailure policy =
        catalogs
            .apply(request.realm())
            .find(of.namespace())
            .map(namespace -> namespace.spec().onStoreFailure())
            .orElse(StoreFailure.LOCAL);
    of.ask(buffer, hashers.get(), request, limit, policy);
    store.check(buffer, listener);
  }

  /**
   * Takes back a descriptor's units, newest first, never above capacity; the buffer then holds the
   * state after it, or a denial when the store is away.
   */
  public void refund(DescriptorQuestion question, CheckBuffer buffer, Store.Listener listener) {
    question.ask(buffer, hashers.get());
    store.refund(buffer, listener);
  }

  /** Makes a buffer ask for the limits that apply to a request. */
  void ask(NamespaceLimits namespace, CheckBuffer buffer, CheckRequest request, boolean holding) {
    buffer.begin(request.realm());
    namespace.addTo(buffer, hashers.get(), request.realm(), request, holding);
  }

  private void fill(CheckBuffer buffer, CheckRequest request) {
    fill(namespace(request.realm(), request.namespace()), buffer, request, false);
  }

  private void fill(
      NamespaceLimits namespace, CheckBuffer buffer, CheckRequest request, boolean holding) {
    ask(namespace, buffer, request, holding);
    String once = request.idempotencyKey();
    if (once != null) {
      String scope =
          request.realm().id() + '\n' + request.namespace() + '\n' + request.identifier();
      buffer.answerOnce(hashers.get().textKey(scope, once));
    }
  }

  /**
   * Decides several checks.
   *
   * @param requests 1 to {@link #MAX_BATCH}; those of {@code ALL} share one realm
   */
  public void checkMany(
      List<CheckRequest> requests, BatchDecision.Mode mode, Consumer<BatchDecision> listener) {
    if (requests.isEmpty() || requests.size() > MAX_BATCH) {
      throw new InvalidRequestException(
          "checks", "has " + requests.size() + " entries", "send 1 to " + MAX_BATCH);
    }
    Batch batch = new Batch(store, this, listener);
    switch (mode) {
      case EACH -> batch.each(requests);
      case ALL -> batch.all(requests);
    }
  }

  /** Says what a check would be told, and why; consumes nothing. */
  public void explain(CheckRequest request, Consumer<Explanation> listener) {
    CheckBuffer buffer = new CheckBuffer();
    NamespaceLimits namespace = namespace(request.realm(), request.namespace());
    ask(namespace, buffer, request, false);
    buffer.explainOnly();
    store.check(buffer, b -> listener.accept(explanation(b.decision(), namespace, request)));
  }

  private static Explanation explanation(Decision d, NamespaceLimits namespace, Subject subject) {
    return new Explanation(d, namespace.reasons(subject), d.remaining(), d.retryAfterMicros());
  }

  /**
   * Decides and consumes, to be settled later at what was really used.
   *
   * @param ttlMicros 1 s to 1 h; the reservation counts as committed when it is over
   */
  public void reserve(CheckRequest request, long ttlMicros, Consumer<Held> listener) {
    requireTtl(() -> Bounds.requireReservationTtl("ttl_ms", ttlMicros));
    CheckBuffer buffer = new CheckBuffer();
    fill(buffer, request);
    HoldId id = store.place(ids.next(), buffer);
    store.reserve(buffer, id, ttlMicros, b -> listener.accept(held(b, id)));
  }

  /** Settles a reservation at what was really used, which may be more than was reserved. */
  public void commit(HoldId id, long actual, Consumer<Store.Settlement> listener) {
    if (actual < 0 || actual > Exact.MAX) {
      throw new InvalidRequestException(
          "actual", actual + " is out of bounds", "use a whole number from 0 to " + Exact.MAX);
    }
    store.commit(id, actual, listener);
  }

  /** Settles a reservation at nothing; what has leaked or left its window meanwhile stays spent. */
  public void cancel(HoldId id, Consumer<Store.Settlement> listener) {
    store.commit(id, 0, listener);
  }

  /**
   * Takes a lease of {@code cost} units over all limits of the namespace, concurrency included.
   *
   * @param ttlMicros 100 ms to 1 h; empty for the shortest default of the concurrency limits
   */
  public void acquire(CheckRequest request, OptionalLong ttlMicros, Consumer<Held> listener) {
    CheckBuffer buffer = new CheckBuffer();
    AdaptiveConcurrency.Asked asked = fillForLease(buffer, request);
    acquire(buffer, asked, store.place(ids.next(), buffer), ttlMicros, listener);
  }

  /** As {@link #acquire(CheckRequest, OptionalLong, Consumer)}; repeated with one id takes once. */
  public void acquire(
      CheckRequest request, HoldId id, OptionalLong ttlMicros, Consumer<Held> listener) {
    CheckBuffer buffer = new CheckBuffer();
    acquire(buffer, fillForLease(buffer, request), id, ttlMicros, listener);
  }

  private AdaptiveConcurrency.Asked fillForLease(CheckBuffer buffer, CheckRequest request) {
    NamespaceLimits namespace = namespace(request.realm(), request.namespace());
    fill(namespace, buffer, request, true);
    return adaptive.apply(namespace.spec().name(), buffer);
  }

  private void acquire(
      CheckBuffer buffer,
      AdaptiveConcurrency.Asked asked,
      HoldId id,
      OptionalLong ttlMicros,
      Consumer<Held> listener) {
    long ttl = ttlMicros.orElseGet(() -> defaultLease(buffer));
    requireTtl(() -> Bounds.requireLeaseTtl("ttl_ms", ttl));
    store.acquire(
        buffer,
        id,
        ttl,
        b -> {
          // A lease that was held before ends earlier, unless both were in one microsecond.
          if (b.allowed() && b.expiresAtMicros() - b.nowMicros() == ttl) {
            asked.taken(id, b);
          }
          listener.accept(held(b, id));
        });
  }

  private static long defaultLease(CheckBuffer buffer) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < buffer.size(); i++) {
      if (buffer.limit(i).algorithm() instanceof Algorithm.Concurrency concurrency) {
        shortest = Math.min(shortest, concurrency.leaseTtlMicros());
      }
    }
    return shortest == Long.MAX_VALUE ? DEFAULT_LEASE_MICROS : shortest;
  }

  /** Gives a held lease a new time to live, from now. */
  public void renew(HoldId id, long ttlMicros, Consumer<Store.Renewal> listener) {
    requireTtl(() -> Bounds.requireLeaseTtl("ttl_ms", ttlMicros));
    store.renew(id, ttlMicros, listener);
  }

  /** As {@link #release(HoldId, Outcome, Consumer)}, of work that was done. */
  public void release(HoldId id, Consumer<Store.Release> listener) {
    release(id, Outcome.SUCCESS, listener);
  }

  /**
   * Ends a lease; repeated, or after its expiry, it changes nothing.
   *
   * @param outcome how the work has ended, from which limits that adapt learn
   */
  public void release(HoldId id, Outcome outcome, Consumer<Store.Release> listener) {
    store.release(
        id,
        release -> {
          switch (release) {
            case RELEASED -> adaptive.released(id, outcome);
            case NOT_HELD -> adaptive.released(id, Outcome.IGNORE);
            case UNAVAILABLE -> {}
          }
          listener.accept(release);
        });
  }

  /**
   * Takes back units, newest first, never above capacity; answers the state after it, or a denial
   * when the store is away.
   */
  public void refund(CheckRequest request, Consumer<Decision> listener) {
    CheckBuffer buffer = new CheckBuffer();
    fill(buffer, request);
    store.refund(buffer, b -> listener.accept(b.decision()));
  }

  /**
   * Forgets what an identifier has used in a namespace; its leases only when asked. Answers the
   * state after it.
   */
  public void reset(CheckRequest request, boolean leasesToo, Consumer<Decision> listener) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(request.realm());
    namespace(request.realm(), request.namespace())
        .addOwn(buffer, hashers.get(), request.realm(), request);
    store.reset(buffer, leasesToo, b -> listener.accept(b.decision()));
  }

  private static Held held(CheckBuffer buffer, HoldId id) {
    Decision decision = buffer.decision();
    return decision.allowed()
        ? new Held(decision, Optional.of(id), buffer.expiresAtMicros())
        : new Held(decision, Optional.empty(), 0);
  }

  private static void requireTtl(Runnable bounds) {
    try {
      bounds.run();
    } catch (InvalidLimitException e) {
      throw new InvalidRequestException(e.field(), e.detail(), e.fix());
    }
  }
}
