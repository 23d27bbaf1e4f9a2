package io.tollgate.server.http;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.Store;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.LimitsInForce.Origin;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A door on free ports over a memory store whose clock is moved by hand. */
final class TestDoor implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 1_000;

  static final long MINUTE = 60_000_000;

  /** On a minute's boundary, so that a fixed window begins here. */
  static final Instant START = Instant.parse("2026-01-15T10:30:00Z");

  static final Realm REALM = Realm.live("standalone");

  final AtomicLong micros = new AtomicLong(START.getEpochSecond() * 1_000_000);
  final AtomicBoolean ready = new AtomicBoolean(true);
  final MemoryStore store;
  final Limiter limiter;
  final LimitsInForce limits;
  final HttpDoor door;

  private TestDoor(Optional<String> token, Optional<String> adminToken, LimitsInForce limits)
      throws IOException {
    this(token, adminToken, limits, TrustedProxies.NONE);
  }

  private TestDoor(
      Optional<String> token,
      Optional<String> adminToken,
      LimitsInForce limits,
      TrustedProxies proxies)
      throws IOException {
    this(token, adminToken, limits, WhenFull.EVICT, MOST_CONNECTIONS, Optional.empty(), proxies);
  }

  private TestDoor(
      Optional<String> token,
      Optional<String> adminToken,
      LimitsInForce limits,
      WhenFull whenFull,
      int most,
      Optional<TlsInForce> tls,
      TrustedProxies proxies)
      throws IOException {
    this.limits = limits;
    store =
        switch (whenFull) {
          case EVICT -> memory(micros);
          case DENY -> new MemoryStore(micros::get, new MemoryStoreConfig(1_024, 0, whenFull));
        };
    limiter = limiter(store, limits);
    HttpDoor.Options options =
        new HttpDoor.Options("127.0.0.1", 0, 0, token, adminToken, most, tls, proxies);
    Metrics metrics = metrics(limits, store, System::nanoTime);
    door =
        HttpDoor.open(
            options,
            new Parts(
                limiter, limits, REALM, () -> Readiness.of(ready.get()), metrics, () -> START));
  }

  /** Options of a door whose administration is open to this machine. */
  static HttpDoor.Options options(
      String bind, int httpPort, int adminPort, Optional<String> checkToken) {
    return new HttpDoor.Options(
        bind,
        httpPort,
        adminPort,
        checkToken,
        Optional.empty(),
        MOST_CONNECTIONS,
        Optional.empty(),
        TrustedProxies.NONE);
  }

  static MemoryStore memory(AtomicLong micros) {
    return new MemoryStore(micros::get, new MemoryStoreConfig(100_000, 10_000_000, WhenFull.EVICT));
  }

  static Limiter limiter(Store store, LimitsInForce limits) {
    return new Limiter(r -> limits.catalog(), store, new KeyHasher(1, 2), HoldIds.secure());
  }

  static Parts parts(
      Limiter limiter, LimitsInForce limits, Supplier<Readiness> ready, InstantSource clock) {
    MemoryStore unused = memory(new AtomicLong());
    Metrics metrics = metrics(limits, unused, System::nanoTime);
    return new Parts(limiter, limits, REALM, ready, metrics, clock);
  }

  static Metrics metrics(LimitsInForce limits, MemoryStore store, LongSupplier nanoClock) {
    Sources sources =
        new Sources(
            "1.2.3",
            () -> limits.catalog().names(),
            store::stats,
            limits::state,
            Optional::empty,
            _ -> Map.of(),
            List::of,
            Optional::empty);
    return new Metrics(sources, nanoClock);
  }

  /** Limits that are kept nowhere. */
  static LimitsInForce limits(NamespaceSpec... namespaces) {
    try {
      return limits(Optional.empty(), new Origin.BuiltIn(List.of(namespaces)));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read", e);
    }
  }

  private static LimitsInForce limits(Optional<Path> folder, Origin origin) throws IOException {
    return LimitsInForce.open(origin, folder, _ -> {}, () -> START);
  }

  /** A door whose administrators' namespaces are kept in a folder. */
  static TestDoor keeping(Path folder, NamespaceSpec... namespaces) throws IOException {
    Origin origin = new Origin.BuiltIn(List.of(namespaces));
    return new TestDoor(Optional.empty(), Optional.empty(), limits(Optional.of(folder), origin));
  }

  /** A door with tokens, the limits of a file, and a folder for those of administrators. */
  static TestDoor guarded(String token, String adminToken, Path file, Path folder)
      throws IOException {
    LimitsInForce limits = limits(Optional.of(folder), new Origin.File(file));
    return new TestDoor(Optional.of(token), Optional.of(adminToken), limits);
  }

  /** A door with the limits of a file. */
  static TestDoor ofFile(Path file) throws IOException {
    return new TestDoor(
        Optional.empty(), Optional.empty(), limits(Optional.empty(), new Origin.File(file)));
  }

  /** A door without room for what repeats of a check are told, which denies for that. */
  static TestDoor full(String namespace) throws IOException {
    LimitsInForce limits = limits(NamespaceSpec.of(namespace, List.of(perMinute(100))));
    return new TestDoor(
        Optional.empty(),
        Optional.empty(),
        limits,
        WhenFull.DENY,
        MOST_CONNECTIONS,
        Optional.empty(),
        TrustedProxies.NONE);
  }

  /** A door that believes these proxies. */
  static TestDoor trusting(
      TrustedProxies proxies, Optional<String> token, NamespaceSpec... namespaces)
      throws IOException {
    return new TestDoor(token, Optional.empty(), limits(namespaces), proxies);
  }

  static TestDoor over(NamespaceSpec... namespaces) throws IOException {
    return new TestDoor(Optional.empty(), Optional.empty(), limits(namespaces));
  }

  static TestDoor guarded(String token, NamespaceSpec... namespaces) throws IOException {
    return new TestDoor(Optional.of(token), Optional.empty(), limits(namespaces));
  }

  static TestDoor guarded(String token, String adminToken, NamespaceSpec... namespaces)
      throws IOException {
    return new TestDoor(Optional.of(token), Optional.of(adminToken), limits(namespaces));
  }

  /** The usual limits, over TLS. */
  static TestDoor overTls(TlsInForce tls) throws IOException {
    return new TestDoor(
        Optional.empty(),
        Optional.empty(),
        usualLimits(),
        WhenFull.EVICT,
        MOST_CONNECTIONS,
        Optional.of(tls),
        TrustedProxies.NONE);
  }

  /** The usual limits, for so many connections. */
  static TestDoor forConnections(int most) throws IOException {
    return new TestDoor(
        Optional.empty(),
        Optional.empty(),
        usualLimits(),
        WhenFull.EVICT,
        most,
        Optional.empty(),
        TrustedProxies.NONE);
  }

  /** The limits of most tests: 100 a minute in windows, and gcra for every other name. */
  static TestDoor usual() throws IOException {
    return new TestDoor(Optional.empty(), Optional.empty(), usualLimits());
  }

  private static LimitsInForce usualLimits() {
    return limits(usualNamespaces());
  }

  static NamespaceSpec[] usualNamespaces() {
    return new NamespaceSpec[] {
      NamespaceSpec.of("api_requests", List.of(perMinute(100))),
      NamespaceSpec.of("*", List.of(gcra("default", 100)))
    };
  }

  static LimitSpec perMinute(long limit) {
    return LimitSpec.of("per-minute", window(limit));
  }

  static LimitSpec shadow(String name, long limit) {
    return new LimitSpec(name, window(limit), true, LimitSpec.Per.IDENTIFIER, Map.of());
  }

  static Algorithm window(long limit) {
    return new Algorithm.FixedWindow(limit, new Period.Span(MINUTE), new Alignment.Epoch());
  }

  static LimitSpec gcra(String name, long limit) {
    return LimitSpec.of(name, new Algorithm.Gcra(limit, MINUTE, limit));
  }

  static LimitSpec atOnce(long limit) {
    return LimitSpec.of("at-once", new Algorithm.Concurrency(limit, 30_000_000));
  }

  static NamespaceSpec namespace(String name, Headers headers, LimitSpec... limits) {
    return new NamespaceSpec(
        name, StoreFailure.LOCAL, headers, List.of(limits), List.of(), List.of());
  }

  Client client() throws IOException {
    return new Client(door.httpPort());
  }

  Client admin() throws IOException {
    return new Client(door.adminPort());
  }

  /** The units that an identifier has left, as the core tells them. */
  long remaining(String namespace, String identifier) {
    List<Long> remaining = new ArrayList<>();
    limiter.check(
        CheckRequest.of(REALM, namespace, identifier, 0),
        new CheckBuffer(),
        answered -> remaining.add(answered.decision().remaining().orElseThrow()));
    return remaining.getFirst();
  }

  void advance(long byMicros) {
    micros.addAndGet(byMicros);
  }

  @Override
  public void close() {
    door.close();
    limits.close();
  }
}
