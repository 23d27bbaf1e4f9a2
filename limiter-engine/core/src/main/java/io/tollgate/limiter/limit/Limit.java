package io.tollgate.limiter.limit;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Kernel;
import java.util.regex.Pattern;

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
  private final LimitKey salt;

  /**
   * Compiles a limit.
   *
   * @param name 1 to 128 of {@code [A-Za-z0-9._:-]}
   * @param shadow whether the limit only watches: it never denies
   */
  public Limit(String name, Algorithm algorithm, boolean shadow) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidLimitException(
          "name", "'" + name + "' is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    this.name = name;
    this.algorithm = algorithm;
    this.kernel = algorithm.kernel();
    this.shadow = shadow;
    this.salt = SALTS.textKey("limit", name);
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
