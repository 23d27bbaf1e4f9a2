package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.Map;

/**
 * A limit as configured.
 *
 * @param name unique in its namespace; 1 to 128 of {@code [A-Za-z0-9._:-]}
 * @param algorithm how it counts
 * @param shadow whether it only watches
 * @param per who shares a counter
 * @param when attributes that a check must carry for the limit to apply; at most 8
 */
public record LimitSpec(
    String name, Algorithm algorithm, boolean shadow, Per per, Map<String, String> when) {

  /** Who shares a counter. */
  public enum Per {
    /** Each identifier has its own. */
    IDENTIFIER,
    /** All identifiers of the namespace share one. */
    NAMESPACE
  }

  private static final int MOST_CONDITIONS = 8;

  /** Validates the name and the conditions. */
  public LimitSpec {
    if (!Limit.NAME.matcher(name).matches()) {
      throw new InvalidLimitException(
          "name", "'" + name + "' is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    if (when.size() > MOST_CONDITIONS) {
      throw new InvalidLimitException(
          "when", when.size() + " attributes are too many", "use at most " + MOST_CONDITIONS);
    }
    when = Map.copyOf(when);
  }

  /** A limit of each identifier that always applies and denies. */
  public static LimitSpec of(String name, Algorithm algorithm) {
    return new LimitSpec(name, algorithm, false, Per.IDENTIFIER, Map.of());
  }

  Limit compile(Algorithm numbers, StoreFailure onStoreFailure) {
    return new Limit(name, numbers, shadow, onStoreFailure);
  }
}
