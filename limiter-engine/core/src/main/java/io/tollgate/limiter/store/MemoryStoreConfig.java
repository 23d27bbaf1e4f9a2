package io.tollgate.limiter.store;

/**
 * The bounds of a memory store.
 *
 * @param maxKeys counters of fixed size, 1,024 to 2^31; about 45 bytes each
 * @param maxSideBytes memory for sliding logs, leases, reservations and remembered answers
 * @param whenFull what happens to a new key when there is no room
 */
public record MemoryStoreConfig(long maxKeys, long maxSideBytes, WhenFull whenFull) {

  /** What happens to a new key when there is no room. */
  public enum WhenFull {
    /** Of a few keys the one nearest to full is forgotten: it has the least to lose. */
    EVICT,
    /** The check is denied as OVERLOADED. */
    DENY
  }

  /** With room for a table that grows: for a moment it is there twice. */
  private static final long BYTES_PER_KEY = 64;

  private static final long LEAST_KEYS = 1_024;
  private static final long MOST_KEYS = 1L << 31;

  /** Validates the bounds. */
  public MemoryStoreConfig {
    if (maxKeys < LEAST_KEYS || maxKeys > MOST_KEYS) {
      throw new IllegalArgumentException(
          "maxKeys is " + maxKeys + ": use " + LEAST_KEYS + " to " + MOST_KEYS);
    }
    if (maxSideBytes < 0) {
      throw new IllegalArgumentException("maxSideBytes is " + maxSideBytes + ": use at least 0");
    }
  }

  /** A quarter of a heap of this size for keys, an eighth for the rest. */
  public static MemoryStoreConfig forHeap(long heapBytes) {
    long keys = Math.clamp(heapBytes / 4 / BYTES_PER_KEY, LEAST_KEYS, MOST_KEYS);
    return new MemoryStoreConfig(keys, heapBytes / 8, WhenFull.EVICT);
  }
}
