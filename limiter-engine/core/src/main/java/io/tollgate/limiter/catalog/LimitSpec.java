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
 * @param allotment the most units that an event loop of an instance takes ahead of a shared store,
 *     1 to the limit's capacity; 0: every check counts in the store
 */
public record LimitSpec(
    String name,
    Algorithm algorithm,
    boolean shadow,
    Per per,
    Map<String, String> when,
    long allotment) {

  /** Who shares a counter. */
  public enum Per {
    /** Each identifier has its own. */
    IDENTIFIER,
    /** All identifiers of the namespace share one. */
    NAMESPACE
  }

  private static final int MOST_CONDITIONS = 8;

  /** Validates the name, the conditions and the allotment. */
  public LimitSpec {
    if (!Limit.NAME.matcher(name).matches()) {
      throw new InvalidLimitException(
          "name", "'" + name + "' is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    if (when.size() > MOST_CONDITIONS) {
      throw new InvalidLimitException(
          "when", when.size() + " attributes are too many", "use at most " + MOST_CONDITIONS);
    }
    if (allotment != 0) {
      requireAllotment(algorithm, allotment);
    }
    when = Map.copyOf(when);
  }

  /** A limit of which nothing is taken ahead. */
  public LimitSpec(
      String name, Algorithm algorithm, boolean shadow, Per per, Map<String, String> when) {
    this(name, algorithm, shadow, per, when, 0);
  }

  private static void requireAllotment(Algorithm algorithm, long allotment) {
    String reason =
        switch (algorithm) {
          case Algorithm.SlidingLog _ -> "is exact, and what is taken ahead is not";
          case Algorithm.Concurrency _ -> "counts what is held, of which nothing can be used ahead";
          case Algorithm.LeakyBucket bucket when bucket.queues() ->
              "with mode: queue says when each check may go on, which only one counter can";
          case Algorithm.FixedWindow _,
              Algorithm.SlidingWindow _,
              Algorithm.TokenBucket _,
              Algorithm.Gcra _,
              Algorithm.LeakyBucket _ ->
              "";
        };
    if (!reason.isEmpty()) {
      throw new InvalidLimitException(
          "allotment", algorithm.wireName() + " " + reason, "remove allotment");
    }
    long capacity = algorithm.kernel().capacity();
    if (allotment < 1 || allotment > capacity) {
      throw new InvalidLimitException(
          "allotment",
          "a max of " + allotment + " is out of bounds",
          "write 1 to " + capacity + ", what this limit admits at once");
    }
  }

  /** A limit of each identifier that always applies and denies. */
  public static LimitSpec of(String name, Algorithm algorithm) {
    return new LimitSpec(name, algorithm, false, Per.IDENTIFIER, Map.of());
  }

  /** An override may admit less at once than is taken ahead of the limit. */
  Limit compile(Algorithm numbers, StoreFailure onStoreFailure) {
    long ahead = Math.min(allotment, numbers.kernel().capacity());
    return new Limit(name, numbers, shadow, onStoreFailure, ahead);
  }
}
