package io.tollgate.limiter.limit;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What isolates counters: a tenant's environment, or the one realm of a standalone server.
 *
 * <p>Counters of two realms never meet, whatever their identifiers. A realm has a clock offset that
 * only grows: a test environment's clock runs ahead of the store's. Safe for use by any number of
 * threads.
 */
public final class Realm {

  private static final int MAX_ID_BYTES = 128;

  private final String id;
  private final boolean movable;
  private final AtomicLong offsetMicros = new AtomicLong();

  private Realm(String id, boolean movable) {
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          "realm id of " + bytes + " bytes: use 1 to " + MAX_ID_BYTES);
    }
    this.id = id;
    this.movable = movable;
  }

  /** A realm whose time is the store's. */
  public static Realm live(String id) {
    return new Realm(id, false);
  }

  /** A realm whose clock may be advanced. */
  public static Realm test(String id) {
    return new Realm(id, true);
  }

  /** The id that is hashed into every key. */
  public String id() {
    return id;
  }

  /** Whether the clock of this realm may be advanced. */
  public boolean movable() {
    return movable;
  }

  /** Microseconds that this realm's clock is ahead of the store's. */
  public long offsetMicros() {
    return movable ? offsetMicros.get() : 0;
  }

  /**
   * Advances the clock of a test realm.
   *
   * @throws IllegalStateException when this realm is live
   * @throws IllegalArgumentException when the step is negative
   */
  public void advance(long micros) {
    if (!movable) {
      throw new IllegalStateException("the clock of the live realm " + id + " cannot be advanced");
    }
    if (micros < 0) {
      throw new IllegalArgumentException(
          "a clock is advanced by " + micros + " µs: it only moves forward");
    }
    offsetMicros.addAndGet(micros);
  }

  @Override
  public String toString() {
    return "Realm[" + id + "]";
  }
}
