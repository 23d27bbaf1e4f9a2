package io.tollgate.server.limits;

import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.RedisNamespaces;
import io.tollgate.server.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The API's namespaces in the Redis that instances share.
 *
 * <p>What Redis has is in force on all of them. A Redis that has lost everything is given back what
 * the first instance to notice has; while it is away, what was in force stays so.
 */
final class SharedNamespaces implements ApiNamespaces {

  private static final String WAIT = "try again when Redis can be used";

  private final RedisNamespaces redis;
  private final LongSupplier versionInRedis;
  private final Optional<Path> unusedFolder;
  private Consumer<LimitsEvent> events = _ -> {};

  /** Of what is in force; before anything was read there is none. */
  private long version = Fleet.UNKNOWN;

  /**
   * Namespaces in a Redis.
   *
   * @param versionInRedis the version that Redis had a moment ago
   * @param unusedFolder where a server without Redis keeps its own
   */
  SharedNamespaces(
      RedisNamespaces redis, LongSupplier versionInRedis, Optional<Path> unusedFolder) {
    this.redis = redis;
    this.versionInRedis = versionInRedis;
    this.unusedFolder = unusedFolder;
  }

  @Override
  public SortedMap<String, Made> open(Consumer<LimitsEvent> listener) throws IOException {
    events = listener;
    unusedFolder
        .filter(folder -> new DataFolder(folder).isUsed())
        .ifPresent(folder -> listener.accept(new LimitsEvent.DataFolderUnused(folder)));
    try {
      return read(new TreeMap<>());
    } catch (IOException e) {
      listener.accept(new LimitsEvent.NamespacesUnknown(String.valueOf(e.getMessage())));
      return new TreeMap<>();
    }
  }

  private SortedMap<String, Made> read(SortedMap<String, Made> inForce) throws IOException {
    RedisNamespaces.Kept kept = redis.read();
    if (kept.version() == 0 && version > 0) {
      redis.offer(texts(inForce));
      events.accept(new LimitsEvent.NamespacesPutBack(inForce.size()));
      kept = redis.read();
    }
    SortedMap<String, Made> all = new TreeMap<>();
    for (Map.Entry<String, String> entry : kept.texts().entrySet()) {
      made(entry.getKey(), entry.getValue(), inForce)
          .ifPresent(made -> all.put(entry.getKey(), made));
    }
    version = kept.version();
    return all;
  }

  private RedisNamespaces.Kept texts(SortedMap<String, Made> inForce) {
    SortedMap<String, String> texts = new TreeMap<>();
    inForce.forEach((name, made) -> texts.put(name, made.json()));
    return new RedisNamespaces.Kept(version, texts);
  }

  /** A newer instance may have written what this one cannot read: it goes on with what it had. */
  private Optional<Made> made(String name, String text, SortedMap<String, Made> inForce) {
    Made before = inForce.get(name);
    if (before != null && before.json().equals(text)) {
      return Optional.of(before);
    }
    try {
      return Optional.of(Made.parse(name, text));
    } catch (ConfigException e) {
      events.accept(new LimitsEvent.NamespaceUnreadable(name, e, before != null));
      return Optional.ofNullable(before);
    }
  }

  @Override
  public boolean isUsed() {
    return true;
  }

  @Override
  public Hold hold(SortedMap<String, Made> inForce) {
    try {
      return new Hold.Found(read(inForce));
    } catch (IOException e) {
      return new Hold.No(new Change.Unavailable("cannot be read: " + e.getMessage(), WAIT));
    }
  }

  @Override
  public Optional<Change> write(SortedMap<String, Made> next, byte[] bytes, String changed) {
    Made made = next.get(changed);
    try {
      if (made == null) {
        redis.delete(changed);
      } else if (!redis.put(changed, made.json(), LimitsInForce.MOST_MADE)) {
        return Optional.of(Change.Invalid.tooMany(LimitsInForce.MOST_MADE));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          new Change.Unavailable("it is not known whether it is kept: " + e.getMessage(), WAIT));
    }
  }

  @Override
  public Optional<SortedMap<String, Made>> poll(SortedMap<String, Made> inForce) {
    if (versionInRedis.getAsLong() == version || versionInRedis.getAsLong() == Fleet.UNKNOWN) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(inForce));
    } catch (IOException e) {
      // Asked again with the next poll; that Redis is away is told elsewhere.
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    // The store is somebody else's to close.
  }
}
