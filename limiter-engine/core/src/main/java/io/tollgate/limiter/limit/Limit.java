package io.tollgate.limiter.limit;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Kernel;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A named limit, compiled: an algorithm with its numbers, and whether it denies or only watches.
 *
 * <p>Immutable and safe for use by any number of threads. Two limits of one name in one namespace
 * count in the same key, which is how an override or a reload keeps what was used.
 */
public final class Limit {

  /** What names of limits and namespaces look like. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** Salts need no secret: the hash that they are added to is seeded. */
  private static final KeyHasher SALTS = new KeyHasher(0x746f6c6c67617465L, 0x6c696d6974730001L);

  private final String name;
  private final Algorithm algorithm;
  private final Kernel kernel;
  private final boolean shadow;
  private final StoreFailure onStoreFailure;
  private final long allotment;
  private final LimitKey salt;

  /** The share asked for last: instances come and go far less often than checks. */
  private volatile @Nullable Share share;

  private record Share(int parts, Limit limit) {}

  /**
   * Compiles a limit.
   *
   * @param name 1 to 128 of {@code [A-Za-z0-9._:-]}
   * @param shadow whether the limit only watches: it never denies
   * @param onStoreFailure what to answer while a shared store is away
   * @param allotment the most units that who counts in a shared store may take of it ahead, 0 to
   *     the capacity; 0: none
   */
  public Limit(
      String name,
      Algorithm algorithm,
      boolean shadow,
      StoreFailure onStoreFailure,
      long allotment) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidLimitException(
          "name", "'" + name + "' is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    this.name = name;
    this.algorithm = algorithm;
    this.kernel = algorithm.kernel();
    if (allotment < 0 || allotment > kernel.capacity()) {
      throw new InvalidLimitException(
          "allotment", allotment + " is out of bounds", "use 0 to " + kernel.capacity());
    }
    this.shadow = shadow;
    this.onStoreFailure = onStoreFailure;
    this.allotment = allotment;
    this.salt = SALTS.textKey("limit", name);
  }

  /** A limit of which nothing is taken ahead. */
  public Limit(String name, Algorithm algorithm, boolean shadow, StoreFailure onStoreFailure) {
    this(name, algorithm, shadow, onStoreFailure, 0);
  }

  /** A limit that goes on in memory while a shared store is away. */
  public Limit(String name, Algorithm algorithm, boolean shadow) {
    this(name, algorithm, shadow, StoreFailure.LOCAL);
  }

  /**
   * What one of several instances may admit by itself: numbers divided by theirs, rounded down to
   * what is exact, but at least 1. It counts in the same keys.
   *
   * @param parts how many instances there are, at least 1
   */
  public Limit share(int parts) {
    if (parts == 1) {
      return this;
    }
    Share known = share;
    if (known == null || known.parts != parts) {
      Limit part = new Limit(name, algorithm.share(parts), shadow, onStoreFailure);
      known = new Share(parts, part);
      share = known;
    }
    return known.limit;
  }

  /**
   * The same with a fixed number of units that may be held; it counts in the same keys.
   *
   * @param units 1 to the limit
   * @throws IllegalStateException where this is no limit of concurrency
   */
  public Limit holding(long units) {
    if (algorithm instanceof Algorithm.Concurrency held) {
      return new Limit(name, held.fixedAt(units), shadow, onStoreFailure);
    }
    throw new IllegalStateException(name + " holds nothing: it is a " + algorithm.wireName());
  }

  /** The name, unique in its namespace. */
  public String name() {
    return name;
  }

  /** How it counts, as it was configured. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** How it counts, compiled. */
  public Kernel kernel() {
    return kernel;
  }

  /** Whether it only watches. */
  public boolean shadow() {
    return shadow;
  }

  /** What to answer while a shared store is away. */
  public StoreFailure onStoreFailure() {
    return onStoreFailure;
  }

  /** Whether units may be taken of it ahead, and spent where they were taken. */
  public boolean allots() {
    return allotment > 0;
  }

  /** The most units that one holder takes in one step; 0 where nothing is taken ahead. */
  public long allotment() {
    return allotment;
  }

  /**
   * The most units that one holder may have in hand: all of them together at most about half of the
   * limit, but each at least 1.
   *
   * @param holders who may take units ahead, at least 1
   */
  public long mostInHand(int holders) {
    return Math.min(allotment, Math.max(1, kernel.capacity() / (2L * holders)));
  }

  /**
   * The most units that all holders together may have in hand: by so many the limit may be passed
   * where units come back bit by bit, and by so many it may be reached too early.
   *
   * @param holders who may take units ahead; 0 where nobody does
   * @return 0 where nothing is taken ahead
   */
  public long errorBound(int holders) {
    return allotment == 0 || holders == 0 ? 0 : holders * mostInHand(holders);
  }

  /** The upper half of what the name adds to a key. */
  public long saltHigh() {
    return salt.high();
  }

  /** The lower half of what the name adds to a key. */
  public long saltLow() {
    return salt.low();
  }

  @Override
  public String toString() {
    return "Limit[" + name + " " + algorithm + (shadow ? " shadow]" : "]");
  }
}
