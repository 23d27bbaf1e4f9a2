package io.tollgate.limiter.testing;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Explanation;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.concurrency.AdaptiveConcurrency;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A limiter over one store, whose clock and limits the test changes as it goes.
 *
 * <p>Questions that name no namespace go to {@link #NAMESPACE}. Answers are awaited, so a store may
 * give them on another thread.
 */
public final class Scene {

  /** The namespace of questions that name none. */
  public static final String NAMESPACE = "api";

  /** The only limit of a scene made by {@link #of}. */
  public static final String LIMIT = "main";

  private static final long PATIENCE_SECONDS = 30;

  /** Moves the store's time. */
  public final HandClock clock = new HandClock();

  /** The store under test. */
  public final Store store;

  /** The entrance under test. */
  public final Limiter limiter;

  /** The realm of questions that name none. */
  public final Realm realm = Realm.live("standalone");

  private volatile Catalog catalog;

  /** A limiter over a new store with these namespaces. */
  public Scene(Function<MicroClock, Store> stores, List<NamespaceSpec> namespaces) {
    store = stores.apply(clock);
    catalog = new Catalog(namespaces);
    KeyHasher hasher = new KeyHasher(1, 2);
    AdaptiveConcurrency adaptive = new AdaptiveConcurrency(() -> clock.nowMicros() * 1_000);
    limiter = new Limiter(_ -> catalog, store, () -> hasher, countingIds(), adaptive);
  }

  /** A limiter over a new store with one limit. */
  public static Scene of(Function<MicroClock, Store> stores, Algorithm algorithm) {
    return new Scene(stores, List.of(namespace(LimitSpec.of(LIMIT, algorithm))));
  }

  /** The usual namespace with these limits. */
  public static NamespaceSpec namespace(LimitSpec... limits) {
    return NamespaceSpec.of(NAMESPACE, List.of(limits));
  }

  private static HoldIds countingIds() {
    AtomicLong last = new AtomicLong();
    return () -> {
      long next = last.incrementAndGet();
      return new HoldId(next, next * 0x9e3779b97f4a7c15L);
    };
  }

  /** Puts other limits in force, as a reload does. */
  public void reload(NamespaceSpec... namespaces) {
    catalog = new Catalog(List.of(namespaces));
  }

  /** Puts another algorithm in force for the only limit. */
  public void change(Algorithm algorithm) {
    reload(namespace(LimitSpec.of(LIMIT, algorithm)));
  }

  /** A question to the usual namespace. */
  public CheckRequest ask(String identifier, long cost) {
    return CheckRequest.of(realm, NAMESPACE, identifier, cost);
  }

  /** A question to the usual namespace under an idempotency key. */
  public CheckRequest askOnce(String identifier, long cost, String key) {
    return new CheckRequest(realm, identifier, NAMESPACE, identifier, cost, null, Map.of(), key);
  }

  /** Decides and consumes. */
  public Decision check(String identifier, long cost) {
    return check(ask(identifier, cost));
  }

  /** Decides and consumes. */
  public Decision check(CheckRequest request) {
    return await(l -> limiter.check(request, new CheckBuffer(), b -> l.accept(b.decision())));
  }

  /** Looks without consuming. */
  public Decision peek(String identifier) {
    return check(identifier, 0);
  }

  /** What would pass now. */
  public long remaining(String identifier) {
    return peek(identifier).remaining().orElseThrow();
  }

  /** Decides without consuming. */
  public Explanation explain(CheckRequest request) {
    return await(l -> limiter.explain(request, l));
  }

  /** Whether a cost would pass now. */
  public boolean wouldPass(String identifier, long cost) {
    return explain(ask(identifier, cost)).decision().allowed();
  }

  /** Decides several checks. */
  public BatchDecision checkMany(BatchDecision.Mode mode, CheckRequest... requests) {
    return await(l -> limiter.checkMany(List.of(requests), mode, l));
  }

  /** Reserves. */
  public Held reserve(String identifier, long cost, long ttlMicros) {
    return await(l -> limiter.reserve(ask(identifier, cost), ttlMicros, l));
  }

  /** Settles a reservation at what was used. */
  public Store.Settlement commit(HoldId id, long actual) {
    return await(l -> limiter.commit(id, actual, l));
  }

  /** Settles a reservation at nothing. */
  public Store.Settlement cancel(HoldId id) {
    return await(l -> limiter.cancel(id, l));
  }

  /** Takes a lease. */
  public Held acquire(String identifier, long weight, long ttlMicros) {
    return await(l -> limiter.acquire(ask(identifier, weight), OptionalLong.of(ttlMicros), l));
  }

  /** Takes a lease under an id of the caller's. */
  public Held acquire(String identifier, HoldId id, long weight, long ttlMicros) {
    return await(l -> limiter.acquire(ask(identifier, weight), id, OptionalLong.of(ttlMicros), l));
  }

  /** Gives a lease a new time to live. */
  public Store.Renewal renew(HoldId id, long ttlMicros) {
    return await(l -> limiter.renew(id, ttlMicros, l));
  }

  /** Ends a lease; true when it was still held. */
  public boolean release(HoldId id) {
    return Scene.<Store.Release>await(l -> limiter.release(id, l)) == Store.Release.RELEASED;
  }

  /** Ends a lease, and says how the work has ended. */
  public boolean release(HoldId id, Outcome outcome) {
    return Scene.<Store.Release>await(l -> limiter.release(id, outcome, l))
        == Store.Release.RELEASED;
  }

  /** Takes back units. */
  public Decision refund(String identifier, long cost) {
    return await(l -> limiter.refund(ask(identifier, cost), l));
  }

  /** Forgets what was used. */
  public void reset(String identifier, boolean leasesToo) {
    Scene.<Decision>await(l -> limiter.reset(ask(identifier, 0), leasesToo, l));
  }

  private static <T> T await(Consumer<Consumer<T>> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    call.accept(answer::complete);
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
