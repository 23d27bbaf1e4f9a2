package io.tollgate.server.app;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.concurrency.AdaptiveConcurrency;
import io.tollgate.limiter.concurrency.AdaptiveConcurrency.InForce;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.redis.RedisStore;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.SystemMicroClock;
import io.tollgate.server.config.LimitsFile;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.limits.LimitsEvent;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.LimitsInForce.Origin;
import io.tollgate.server.metrics.Sources;
import io.tollgate.server.settings.HashKey;
import io.tollgate.server.settings.LimitsSettings;
import io.tollgate.server.settings.RespSettings;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import io.tollgate.server.settings.TlsSettings;
import io.tollgate.server.tls.TlsException;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What stands behind the doors of a server: counters, limits, certificate, event loops. */
final class Parts implements AutoCloseable {

  private final MicroClock clock = new SystemMicroClock();
  private final MemoryStore memory =
      new MemoryStore(clock, MemoryStoreConfig.forHeap(Runtime.getRuntime().maxMemory()));

  /** What ends each part, the last one that was opened first. */
  private final Deque<Runnable> endings = new ArrayDeque<>();

  private final EventLoops loops;
  private final Optional<SharedCounters> shared;
  private final LimitsInForce limits;
  private final Optional<TlsInForce> tls;
  private final Optional<HashKey> hashKey;
  private final Optional<String> respNamespace;
  private final AdaptiveConcurrency adaptive = new AdaptiveConcurrency();

  private Parts(Settings settings) throws IOException {
    hashKey = settings.secrets().hashKey();
    respNamespace = settings.listen().resp().map(RespSettings::namespace);
    boolean whole = false;
    try {
      loops = new EventLoops();
      endings.push(loops::close);
      shared =
          settings
              .redis()
              .map(redis -> SharedCounters.open(redis, hashKey, memory, clock, loops.all()));
      shared.ifPresent(counters -> endings.push(counters::close));
      tls = settings.tls().map(Parts::tls);
      tls.ifPresent(open -> endings.push(open::close));
      limits = limits(settings);
      endings.push(limits::close);
      whole = true;
    } finally {
      if (!whole) {
        close();
      }
    }
  }

  /**
   * Opens all of them, or none.
   *
   * @throws IOException when the limits cannot be read
   */
  static Parts open(Settings settings) throws IOException {
    return new Parts(settings);
  }

  private LimitsInForce limits(Settings settings) throws IOException {
    Origin origin =
        switch (settings.limits()) {
          case LimitsSettings.File file -> new Origin.File(file.path());
          case LimitsSettings.BuiltIn builtIn ->
              new Origin.BuiltIn(
                  LimitsFile.builtInExample(builtIn.limit(), builtIn.windowMicros()));
        };
    Optional<Path> folder = settings.data().folder();
    Consumer<LimitsEvent> events = event -> Notes.event(event.isWarning(), event.text());
    InstantSource now = InstantSource.system();
    if (shared.isEmpty()) {
      return LimitsInForce.open(origin, folder, events, now);
    }
    RedisStore store = shared.get().store();
    return LimitsInForce.open(
        origin, store.namespaces(), store::namespacesVersion, folder, events, now);
  }

  private static TlsInForce tls(TlsSettings files) {
    try {
      return TlsInForce.open(
          new TlsFiles(files.certificate(), files.key(), files.clientCa()),
          event -> Notes.event(event.isWarning(), event.text()),
          InstantSource.system());
    } catch (TlsException e) {
      throw new SettingsException(List.of("TLS: " + e.getMessage()));
    }
  }

  EventLoops loops() {
    return loops;
  }

  MemoryStore memory() {
    return memory;
  }

  LimitsInForce limits() {
    return limits;
  }

  Optional<TlsInForce> tls() {
    return tls;
  }

  /** The limiter over the counters, wherever they are. */
  Limiter limiter() {
    if (shared.isPresent()) {
      RedisStore store = shared.get().store();
      return new Limiter(_ -> limits.catalog(), store, store::hasher, HoldIds.secure(), adaptive);
    }
    HashKey key = hashKey.orElseGet(HashKey::random);
    KeyHasher hasher = new KeyHasher(key.high(), key.low());
    return new Limiter(_ -> limits.catalog(), memory, () -> hasher, HoldIds.secure(), adaptive);
  }

  /**
   * Whether checks are answered, and how.
   *
   * @param running whether the doors are open
   */
  Readiness readiness(boolean running) {
    return running && shared.isPresent()
        ? shared.get().readiness(limits.catalog().allClosed())
        : Readiness.of(running);
  }

  /** What a scrape asks. */
  Sources sources() {
    String version = Parts.class.getPackage().getImplementationVersion();
    return new Sources(
        version == null ? "unknown" : version,
        this::names,
        memory::stats,
        limits::state,
        () -> shared.map(SharedCounters::metrics),
        holders -> limits.catalog().errorBounds(holders),
        this::adapting,
        () -> tls.map(TlsInForce::state));
  }

  /** The numbers in force of limits that are still configured so. */
  private List<InForce> adapting() {
    Catalog catalog = limits.catalog();
    return adaptive.inForce().stream()
        .filter(of -> catalog.adapts(of.namespace(), of.limit()))
        .toList();
  }

  /** The configured namespaces, and the one of Redis clients, which need not be configured. */
  private Set<String> names() {
    Set<String> configured = limits.catalog().names();
    if (respNamespace.filter(name -> !configured.contains(name)).isEmpty()) {
      return configured;
    }
    Set<String> all = new HashSet<>(configured);
    all.add(respNamespace.get());
    return all;
  }

  /** Ends all of them. */
  @Override
  public void close() {
    while (!endings.isEmpty()) {
      endings.pop().run();
    }
  }
}
