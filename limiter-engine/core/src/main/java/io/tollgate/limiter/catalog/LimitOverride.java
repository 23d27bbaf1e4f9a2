package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.util.OptionalLong;

/** What an override makes of one limit for some identifiers. */
public sealed interface LimitOverride {

  /** The limit does not apply at all. */
  record Unlimited() implements LimitOverride {}

  /**
   * Other numbers, counted in the same key.
   *
   * @param limit units per period
   * @param burst the capacity of a bucket; without it the new limit, as when a limit has none
   */
  record Numbers(long limit, OptionalLong burst) implements LimitOverride {

    /**
     * The algorithm of a limit with these numbers.
     *
     * @throws InvalidLimitException when they do not fit it; names the field of the override
     */
    public Algorithm applyTo(Algorithm base) {
      long capacity = burst.orElse(limit);
      return switch (base) {
        case Algorithm.TokenBucket b ->
            new Algorithm.TokenBucket(limit, b.periodMicros(), capacity);
        case Algorithm.Gcra g -> new Algorithm.Gcra(limit, g.periodMicros(), capacity);
        case Algorithm.LeakyBucket l ->
            new Algorithm.LeakyBucket(
                limit, l.periodMicros(), capacity, l.mode(), l.maxDelayMicros());
        case Algorithm.FixedWindow f ->
            new Algorithm.FixedWindow(withoutBurst(f), f.period(), f.alignment());
        case Algorithm.SlidingWindow s ->
            new Algorithm.SlidingWindow(withoutBurst(s), s.periodMicros());
        case Algorithm.SlidingLog s -> new Algorithm.SlidingLog(withoutBurst(s), s.periodMicros());
        case Algorithm.Concurrency c ->
            new Algorithm.Concurrency(
                withoutBurst(c), c.leaseTtlMicros(), Math.min(c.minLimit(), limit));
      };
    }

    private long withoutBurst(Algorithm base) {
      if (burst.isPresent()) {
        throw new InvalidLimitException(
            "burst", base.wireName() + " has no burst", "remove it from the override");
      }
      return limit;
    }
  }
}
