package io.tollgate.server.limits;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.redis.RedisNamespaces;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.files.FileTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The limits in force: those of the file and those made through the API, replaced as a whole.
 *
 * <p>A changed file is in force within a second; one that cannot be used changes nothing and shows
 * in {@link #state}. What the API changes is on disk before it is in force. Thread-safe; reading
 * never waits, changing waits for the disk.
 */
public final class LimitsInForce implements AutoCloseable {

  /** The most namespaces of the API: it is made for people and deployments, not for tenants. */
  static final int MOST_MADE = 1_000;

  /** A disk that hangs must not keep the server from stopping. */
  private static final long PATIENCE_SECONDS = 5;

  private static final Change.Unavailable STOPPING =
      new Change.Unavailable("the server is stopping", "try again when it runs");

  /** Where the limits come from that are not made through the API. */
  public sealed interface Origin {

    /** A limits file, watched. */
    record File(Path path) implements Origin {}

    /** Namespaces of the program; those of the API replace them by name. */
    record BuiltIn(List<NamespaceSpec> namespaces) implements Origin {

      /** Keeps the list as it is now. */
      public BuiltIn {
        namespaces = List.copyOf(namespaces);
      }
    }
  }

  private record Snapshot(InForce inForce, LimitsState state) {}

  /** Held by whoever changes anything, also while a disk works. */
  private final ReentrantLock changing = new ReentrantLock();

  private final Optional<WatchedFile> file;
  private final ApiNamespaces api;
  private final Consumer<LimitsEvent> events;
  private final InstantSource clock;
  private final FileTimer timer = new FileTimer();
  private volatile Snapshot snapshot;
  private volatile boolean closed;

  private LimitsInForce(
      Origin origin, ApiNamespaces api, Consumer<LimitsEvent> events, InstantSource clock)
      throws IOException {
    this.api = api;
    this.events = events;
    this.clock = clock;
    this.file =
        switch (origin) {
          case Origin.File(Path path) -> Optional.of(new WatchedFile(path));
          case Origin.BuiltIn _ -> Optional.empty();
        };
    List<NamespaceSpec> base =
        switch (origin) {
          case Origin.File _ -> file.orElseThrow().first();
          case Origin.BuiltIn(List<NamespaceSpec> namespaces) -> namespaces;
        };
    InForce alone = InForce.first(file.isPresent(), base);
    InForce first;
    try {
      first = alone.withMade(api.open(events));
    } catch (InvalidLimitException tooMany) {
      throw tooMany(tooMany);
    }
    this.snapshot = new Snapshot(first, LimitsState.first(clock.instant(), first));
    tellShadows(alone, first);
  }

  /**
   * Reads the limits, and goes on to look at the file, if there is one, with a thread of its own.
   *
   * @param dataFolder where namespaces of the API are kept, made when the first is; without it
   *     there are none
   * @param events called one after the other by whoever changed something; must not block
   * @throws ConfigException when the file cannot be used, or there are too many namespaces in all
   * @throws IOException when the API's namespaces cannot be read; says which file, what and the fix
   */
  public static LimitsInForce open(
      Origin origin, Optional<Path> dataFolder, Consumer<LimitsEvent> events, InstantSource clock)
      throws IOException {
    LimitsInForce limits = unwatched(origin, dataFolder, events, clock);
    if (limits.file.isPresent()) {
      limits.timer.add(limits::poll);
    }
    return limits;
  }

  /**
   * As the other one, with namespaces of the API that instances keep together; what another has
   * changed is in force here within a second.
   *
   * @param versionInRedis the version of the namespaces that Redis had a moment ago
   * @param unusedFolder where a server without Redis keeps its own
   */
  public static LimitsInForce open(
      Origin origin,
      RedisNamespaces redis,
      LongSupplier versionInRedis,
      Optional<Path> unusedFolder,
      Consumer<LimitsEvent> events,
      InstantSource clock)
      throws IOException {
    ApiNamespaces api = new SharedNamespaces(redis, versionInRedis, unusedFolder);
    LimitsInForce limits = new LimitsInForce(origin, api, events, clock);
    limits.timer.add(limits::poll);
    limits.timer.add(limits::pollApi);
    return limits;
  }

  /** As {@link #open}, for somebody who polls. */
  static LimitsInForce unwatched(
      Origin origin, Optional<Path> dataFolder, Consumer<LimitsEvent> events, InstantSource clock)
      throws IOException {
    ApiNamespaces api = new FolderNamespaces(dataFolder);
    boolean open = false;
    try {
      LimitsInForce limits = new LimitsInForce(origin, api, events, clock);
      open = true;
      return limits;
    } finally {
      if (!open) {
        api.close();
      }
    }
  }

  /** What checks see; one volatile read. */
  public Catalog catalog() {
    return snapshot.inForce.catalog();
  }

  /** What health and metrics show. */
  public LimitsState state() {
    return snapshot.state;
  }

  /** A namespace in force by its exact name, {@code *} included. */
  public Optional<NamespaceView> find(String name) {
    return snapshot.inForce.find(name);
  }

  /** All namespaces in force, by name: at most {@link Catalog#MOST_NAMESPACES}. */
  public List<NamespaceView> list() {
    return snapshot.inForce.list();
  }

  /** Looks at the file now; called by the timer. */
  public void poll() {
    if (file.isEmpty()) {
      return;
    }
    changing.lock();
    try {
      if (closed) {
        return;
      }
      switch (file.get().poll()) {
        case WatchedFile.Found.Nothing _ -> {}
        case WatchedFile.Found.SameAgain _ -> {
          Snapshot now = snapshot;
          snapshot = new Snapshot(now.inForce, now.state.recovered(clock.instant()));
          events.accept(new LimitsEvent.Recovered(file.get().path()));
        }
        case WatchedFile.Found.Changed changed -> reload(file.get(), changed);
        case WatchedFile.Found.Wrong(ConfigException problems) -> refuse(problems);
      }
    } finally {
      changing.unlock();
    }
  }

  /** Looks at what other instances have changed; called by the timer. */
  void pollApi() {
    changing.lock();
    try {
      if (!closed) {
        api.poll(snapshot.inForce.made()).ifPresent(this::adopt);
      }
    } finally {
      changing.unlock();
    }
  }

  private void reload(WatchedFile from, WatchedFile.Found.Changed changed) {
    Snapshot now = snapshot;
    InForce next;
    try {
      next = now.inForce.withFile(changed.namespaces());
    } catch (InvalidLimitException e) {
      if (from.wrong(tooMany(e)) instanceof WatchedFile.Found.Wrong(ConfigException problems)) {
        refuse(problems);
      }
      return;
    }
    snapshot = new Snapshot(next, now.state.reloaded(clock.instant(), next));
    from.inForce(changed);
    events.accept(new LimitsEvent.Reloaded(from.path(), changed.namespaces().size()));
    tellShadows(now.inForce, next);
  }

  private void refuse(ConfigException problems) {
    Snapshot now = snapshot;
    snapshot = new Snapshot(now.inForce, now.state.refused(clock.instant(), problems));
    events.accept(new LimitsEvent.Refused(problems));
  }

  private ConfigException tooMany(InvalidLimitException refusal) {
    return ConfigException.wholeFile(
        file.map(f -> f.path().toString()).orElse("limits"),
        "with those made through the API, " + refusal.detail(),
        refusal.fix());
  }

  private void tellShadows(InForce before, InForce after) {
    if (file.isEmpty()) {
      return;
    }
    Path path = file.get().path();
    for (String name : after.made().keySet()) {
      boolean was = before.isShadowed(name);
      if (after.isShadowed(name) && !was) {
        events.accept(new LimitsEvent.Shadowed(name, path));
      } else if (was && !after.isShadowed(name)) {
        events.accept(new LimitsEvent.Uncovered(name, path));
      }
    }
  }

  /**
   * Makes or replaces a namespace of the API; when it is written, it is in force and survives.
   *
   * @param json the namespace's object of the limits file as JSON
   */
  public Change put(String name, String json) {
    if (snapshot.inForce.isReadOnly(name)) {
      return readOnly(name);
    }
    Made made;
    try {
      made = Made.parse(name, json);
    } catch (ConfigException e) {
      return new Change.Invalid(e.problems(), e.further());
    }
    changing.lock();
    try {
      Optional<Change> refusal = prepare(name);
      return refusal.isPresent() ? refusal.get() : put(name, made);
    } finally {
      changing.unlock();
    }
  }

  private Change put(String name, Made made) {
    SortedMap<String, Made> next = new TreeMap<>(snapshot.inForce.made());
    Made before = next.put(name, made);
    Change written =
        new Change.Written(before == null, new NamespaceView(name, false, made.spec()));
    if (made.equals(before)) {
      return written;
    }
    if (next.size() > MOST_MADE) {
      return Change.Invalid.tooMany(MOST_MADE);
    }
    return keep(next, name).orElse(written);
  }

  /** Removes a namespace of the API; when it is deleted, it does not come back. */
  public Change delete(String name) {
    changing.lock();
    try {
      InForce now = snapshot.inForce;
      boolean known = now.isReadOnly(name) || now.made().containsKey(name);
      if (!known && !api.isUsed()) {
        return new Change.NotFound();
      }
      Optional<Change> refusal = prepare(name);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      SortedMap<String, Made> next = new TreeMap<>(snapshot.inForce.made());
      return next.remove(name) == null
          ? new Change.NotFound()
          : keep(next, name).orElse(new Change.Deleted());
    } finally {
      changing.unlock();
    }
  }

  private Change readOnly(String name) {
    return new Change.ReadOnly(name, file.map(f -> f.path().toString()).orElse(""));
  }

  /** Why a namespace cannot be changed now; empty when it can. */
  private Optional<Change> prepare(String name) {
    if (closed) {
      return Optional.of(STOPPING);
    }
    if (snapshot.inForce.isReadOnly(name)) {
      return Optional.of(readOnly(name));
    }
    return switch (api.hold(snapshot.inForce.made())) {
      case ApiNamespaces.Hold.Known() -> Optional.empty();
      case ApiNamespaces.Hold.No(Change.Unavailable why) -> Optional.of(why);
      case ApiNamespaces.Hold.Found(SortedMap<String, Made> found) -> adopt(found);
    };
  }

  /** Puts what is on disk in force: another server may have changed it since the start. */
  private Optional<Change> adopt(SortedMap<String, Made> found) {
    InForce before = snapshot.inForce;
    if (found.equals(before.made())) {
      return Optional.empty();
    }
    try {
      InForce after = before.withMade(found);
      snapshot = new Snapshot(after, snapshot.state.counting(after));
      tellShadows(before, after);
      return Optional.empty();
    } catch (InvalidLimitException e) {
      api.close();
      return Optional.of(Change.Invalid.whole(e.detail(), e.fix()));
    }
  }

  /** Writes the API's namespaces, then puts them in force; empty when that is done. */
  private Optional<Change> keep(SortedMap<String, Made> next, String changed) {
    byte[] bytes = NamespacesFile.write(next);
    if (bytes.length > NamespacesFile.MOST_BYTES) {
      return Optional.of(
          Change.Invalid.whole(
              "the namespaces made through the API would have " + bytes.length + " bytes",
              "use at most " + NamespacesFile.MOST_BYTES + ": write large ones into a file"));
    }
    InForce after;
    try {
      after = snapshot.inForce.withMade(next);
    } catch (InvalidLimitException e) {
      return Optional.of(Change.Invalid.whole(e.detail(), e.fix()));
    }
    Optional<Change> failure = api.write(next, bytes, changed);
    if (failure.isEmpty()) {
      snapshot = new Snapshot(after, snapshot.state.counting(after));
    }
    return failure;
  }

  /** Looks at the file no more and gives the data folder up; what is in force stays so. */
  @Override
  public void close() {
    timer.close();
    closed = true;
    boolean alone = false;
    try {
      alone = changing.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
      api.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      api.close();
    } finally {
      if (alone) {
        changing.unlock();
      }
    }
  }
}
