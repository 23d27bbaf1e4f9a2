package io.tollgate.server.app;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.RedisStore;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.SystemMicroClock;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.LimitsFile;
import io.tollgate.server.http.EventLoops;
import io.tollgate.server.http.HttpDoor;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.LimitsInForce.Origin;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import io.tollgate.server.settings.HashKey;
import io.tollgate.server.settings.LimitsSettings;
import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.LogLevel;
import io.tollgate.server.settings.Secret;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import io.tollgate.server.settings.TlsSettings;
import io.tollgate.server.tls.TlsException;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running standalone server. */
public final class Serve implements AutoCloseable {

  private final HttpDoor door;
  private final Parts parts;
  private final Maintenance maintenance;
  private final AtomicBoolean running;
  private final Runnable greeting;

  private Serve(
      HttpDoor door,
      Parts parts,
      Maintenance maintenance,
      AtomicBoolean running,
      Runnable greeting) {
    this.door = door;
    this.parts = parts;
    this.maintenance = maintenance;
    this.running = running;
    this.greeting = greeting;
  }

  /**
   * Starts a server; when this returns, checks are answered.
   *
   * @throws ConfigException when the limits cannot be used
   * @throws SettingsException when the files of TLS cannot be used, or Redis refuses what is set
   * @throws IOException when a port cannot be opened
   */
  public static Serve start(Settings settings) throws IOException {
    AdminToken adminToken = AdminToken.resolve(settings);
    adminToken.notes().forEach(note -> Notes.say(note.level(), note.text()));
    LimitsInForce limits =
        LimitsInForce.open(
            origin(settings.limits()),
            settings.data().folder(),
            event -> Notes.event(event.isWarning(), event.text()),
            InstantSource.system());
    Optional<TlsInForce> tls = Optional.empty();
    try {
      tls = settings.tls().map(Serve::tls);
      return start(settings, adminToken, limits, tls);
    } catch (IOException | RuntimeException e) {
      limits.close();
      tls.ifPresent(TlsInForce::close);
      throw e;
    }
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

  private static Serve start(
      Settings settings, AdminToken adminToken, LimitsInForce limits, Optional<TlsInForce> tls)
      throws IOException {
    MicroClock clock = new SystemMicroClock();
    MemoryStore memory =
        new MemoryStore(clock, MemoryStoreConfig.forHeap(Runtime.getRuntime().maxMemory()));
    EventLoops loops = new EventLoops();
    Optional<SharedCounters> shared = Optional.empty();
    try {
      Optional<HashKey> hashKey = settings.secrets().hashKey();
      shared =
          settings
              .redis()
              .map(redis -> SharedCounters.open(redis, hashKey, memory, clock, loops.all()));
      return start(settings, adminToken, new Parts(limits, tls, memory, shared, loops));
    } catch (IOException | RuntimeException e) {
      shared.ifPresent(SharedCounters::close);
      loops.close();
      throw e;
    }
  }

  /** What a server is made of, in the order in which it was opened. */
  private record Parts(
      LimitsInForce limits,
      Optional<TlsInForce> tls,
      MemoryStore memory,
      Optional<SharedCounters> shared,
      EventLoops loops) {

    Limiter limiter(Settings settings) {
      if (shared.isPresent()) {
        RedisStore store = shared.get().store();
        return new Limiter(_ -> limits.catalog(), store, store::hasher, HoldIds.secure());
      }
      HashKey key = settings.secrets().hashKey().orElseGet(HashKey::random);
      KeyHasher hasher = new KeyHasher(key.high(), key.low());
      return new Limiter(_ -> limits.catalog(), memory, hasher, HoldIds.secure());
    }

    Readiness readiness(boolean running) {
      return running && shared.isPresent()
          ? shared.get().readiness(limits.catalog().allClosed())
          : Readiness.of(running);
    }

    Sources sources() {
      String version = Serve.class.getPackage().getImplementationVersion();
      return new Sources(
          version == null ? "unknown" : version,
          () -> limits.catalog().names(),
          memory::stats,
          limits::state,
          () -> shared.map(SharedCounters::metrics),
          () -> tls.map(TlsInForce::state));
    }

    void close() {
      limits.close();
      tls.ifPresent(TlsInForce::close);
      shared.ifPresent(SharedCounters::close);
      loops.close();
    }
  }

  private static Serve start(Settings settings, AdminToken adminToken, Parts parts)
      throws IOException {
    AtomicBoolean running = new AtomicBoolean();
    HttpDoor door =
        HttpDoor.open(
            options(settings, adminToken, parts.tls),
            new HttpDoor.Parts(
                parts.limiter(settings),
                parts.limits,
                Realm.live("standalone"),
                () -> parts.readiness(running.get()),
                new Metrics(parts.sources(), System::nanoTime),
                InstantSource.system()),
            parts.loops);
    Maintenance maintenance = Maintenance.start(parts.memory);
    running.set(true);
    return new Serve(
        door, parts, maintenance, running, () -> greet(settings, door, parts.limits.catalog()));
  }

  /**
   * Says that checks are answered; whoever reads it may send a signal at once, so whatever ends the
   * server in order must be in place.
   *
   * @param out gets one line of JSON with the ports
   */
  public void announce(PrintStream out) {
    out.println(Greeting.listening(door.httpPort(), door.adminPort()));
    greeting.run();
  }

  private static Origin origin(LimitsSettings limits) {
    return switch (limits) {
      case LimitsSettings.File file -> new Origin.File(file.path());
      case LimitsSettings.BuiltIn builtIn ->
          new Origin.BuiltIn(LimitsFile.builtInExample(builtIn.limit(), builtIn.windowMicros()));
    };
  }

  private static HttpDoor.Options options(
      Settings settings, AdminToken adminToken, Optional<TlsInForce> tls) {
    ListenSettings listen = settings.listen();
    return new HttpDoor.Options(
        listen.address().getHostAddress(),
        listen.httpPort(),
        listen.adminPort(),
        settings.secrets().checkToken().map(Secret::value),
        adminToken.token().map(Secret::value),
        listen.maxConnections(),
        tls);
  }

  private static void greet(Settings settings, HttpDoor door, Catalog catalog) {
    Notes.greet(Greeting.of(settings, door.httpPort(), catalog));
    if (settings.secrets().checkToken().isEmpty() && !settings.listen().loopback()) {
      Notes.say(LogLevel.WARN, Greeting.openToAll(settings.listen()));
    }
  }

  /** The port of checks. */
  public int httpPort() {
    return door.httpPort();
  }

  /** The port of health. */
  public int adminPort() {
    return door.adminPort();
  }

  /** Says that it is not ready, finishes what is under way, and ends; takes a few seconds. */
  @Override
  public void close() {
    running.set(false);
    door.close();
    parts.close();
    maintenance.close();
  }
}
