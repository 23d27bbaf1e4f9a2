package io.tollgate.limiter.concurrency;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * So many of the entries that were used last; the others are forgotten.
 *
 * <p>Spread over parts with a lock each, so the bound holds for each part. Safe for use by any
 * number of threads.
 */
final class Recent<K, V> {

  private static final int PARTS = 16;

  private static final class Part<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int most;

    Part(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }

  private final List<Part<K, V>> parts = new ArrayList<>();

  /**
   * An empty one.
   *
   * @param most how many entries there may be, at least 16
   */
  Recent(int most) {
    for (int i = 0; i < PARTS; i++) {
      parts.add(new Part<>(most / PARTS));
    }
  }

  private Part<K, V> part(K key) {
    int hash = key.hashCode();
    return parts.get((hash ^ hash >>> 16) & PARTS - 1);
  }

  V computeIfAbsent(K key, Function<K, V> make) {
    Part<K, V> part = part(key);
    synchronized (part) {
      return part.computeIfAbsent(key, make);
    }
  }

  void put(K key, V value) {
    Part<K, V> part = part(key);
    synchronized (part) {
      part.put(key, value);
    }
  }

  @Nullable V remove(K key) {
    Part<K, V> part = part(key);
    synchronized (part) {
      return part.remove(key);
    }
  }

  List<V> values() {
    List<V> all = new ArrayList<>();
    for (Part<K, V> part : parts) {
      synchronized (part) {
        all.addAll(part.values());
      }
    }
    return all;
  }
}
