package io.tollgate.limiter.check;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.NamespaceKeys;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits that come with calls, compiled once for each distinct three of numbers, and the namespace
 * that they count in.
 *
 * <p>All have the name {@link #NAME}: a call with other numbers goes on with what was used before,
 * and so does a configured limit of that name in the namespace. Safe for use by any number of
 * threads.
 */
public final class BroughtLimits {

  /** The name of each of these limits. */
  public static final String NAME = "cl.throttle";

  /**
   * The most distinct limits of one process, of some 300 bytes each. None is forgotten, since
   * counters name them: without a bound a client that makes its numbers up would fill the memory.
   */
  public static final int MOST = 1 << 16;

  private record Key(BroughtLimit numbers, StoreFailure onStoreFailure) {}

  private final Realm realm;
  private final String namespace;
  private final int most;
  private final ConcurrentMap<Key, Limit> limits = new ConcurrentHashMap<>();

  /** The keys made last: the hasher changes rarely. A race only costs time. */
  private volatile @Nullable NamespaceKeys latestKeys;

  /**
   * No limits yet.
   *
   * @param namespace 1 to 128 of {@code [A-Za-z0-9._:-]}; it need not be configured
   */
  public BroughtLimits(Realm realm, String namespace) {
    this(realm, namespace, MOST);
  }

  BroughtLimits(Realm realm, String namespace, int most) {
    this.realm = realm;
    this.namespace = namespace;
    this.most = most;
  }

  /** The namespace that they count in. */
  public String namespace() {
    return namespace;
  }

  /**
   * A question in this namespace.
   *
   * @throws InvalidRequestException when the identifier or the cost is out of bounds
   */
  CheckRequest request(String identifier, long cost) {
    return CheckRequest.of(realm, namespace, identifier, cost);
  }

  /** Makes a buffer ask for the limit of these numbers. */
  void ask(
      CheckBuffer buffer,
      KeyHasher hasher,
      CheckRequest request,
      BroughtLimit numbers,
      StoreFailure onStoreFailure) {
    Limit limit = compiled(new Key(numbers, onStoreFailure));
    NamespaceKeys keys = latestKeys;
    if (keys == null || !keys.are(hasher, realm, namespace)) {
      keys = hasher.keys(realm, namespace);
      latestKeys = keys;
    }
    buffer.begin(realm);
    buffer.add(
        limit, keys.key(request.owner(), request.identifier()), request.owner(), request.cost());
  }

  /** The same numbers give the same limit, by which denials are known again. */
  private Limit compiled(Key key) {
    Limit known = limits.get(key);
    return known == null ? compile(key) : known;
  }

  private synchronized Limit compile(Key key) {
    Limit known = limits.get(key);
    if (known != null) {
      return known;
    }
    if (limits.size() >= most) {
      throw new InvalidRequestException(
          "max_burst, count_per_period, period",
          "these differ from all of the " + most + " limits that were asked for since the start",
          "ask for fewer different limits, and restart the server");
    }
    Limit made = new Limit(NAME, key.numbers.algorithm(), false, key.onStoreFailure);
    limits.put(key, made);
    return made;
  }
}
