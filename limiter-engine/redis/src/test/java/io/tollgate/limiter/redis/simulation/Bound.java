package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.Map;

/**
 * The most that may be admitted: by what is published, and by what has happened. Nothing that was
 * admitted enters into it.
 *
 * @param who whose admissions are spoken of
 * @param limit of the subject, by its number
 * @param life whose policy has admitted, where that is spoken of
 */
record Bound(Facts facts, Subject subject, Tally tally, int limit, Who who, int life) {

  /** Units are in hand for a second at most, from the sending of a call that took less. */
  private static final long IN_HAND_NANOS = 2 * World.SECOND;

  /** Whose admissions are spoken of. */
  enum Who {
    /** Those of Redis. */
    SHARED,
    /** Those of one instance's policy. */
    SHARE,
    /** All together, as callers see it. */
    ALL
  }

  /**
   * From one admission to another.
   *
   * @param span that is spoken of, and longer
   * @param whole whether the bound is that of the span, which is published, and not the lower one
   *     of what lies between the two
   */
  record Span(long from, long to, long span, boolean whole) {

    Span asPublished() {
      return new Span(from, to, span, true);
    }

    /** Stores see whole microseconds; what happened in the last one belongs to it. */
    long end() {
      return to + 999;
    }

    boolean has(long instant) {
      return instant >= from && instant <= end();
    }

    int count(Longs instants) {
      return instants.between(from, end());
    }

    private long lengthOf(long nanos) {
      return whole ? span : Math.min(span, nanos);
    }
  }

  /** The most units, and what beside the usual makes it so many. */
  record Most(long units, String why) {

    private Most plus(long more, String because) {
      return more == 0 ? this : new Most(units + more, why + because);
    }
  }

  Limit rule() {
    return subject.limits().get(limit);
  }

  private Facts.Counter counter() {
    return facts.of(new Subject.Part(subject, limit));
  }

  Numbers numbers() {
    return Numbers.of(rule().algorithm());
  }

  boolean isLocal() {
    return rule().onStoreFailure() == StoreFailure.LOCAL;
  }

  /** Below this, no span needs a look. */
  long least() {
    return who == Who.SHARE ? 1 : numbers().capacity();
  }

  /** The most that passes in a span. */
  Most most(Span window) {
    Most most = new Most(0, "").plus(back(window), ", back");
    if (who != Who.SHARE) {
      most = shared(most, window);
    }
    if (who != Who.SHARED) {
      long shares = 0;
      for (int i = 0; i < facts.lives.size(); i++) {
        boolean counts = who == Who.ALL || life == i;
        shares += counts ? share(i, window) : 0;
      }
      most = most.plus(shares, who == Who.SHARE ? "" : ", shares");
    }
    return most;
  }

  /**
   * The most that is held at the end of a span as long as a lease lasts.
   *
   * @param lives of whose leases some are held, and when the oldest of each was granted
   */
  Most held(Span window, Map<Integer, Long> lives) {
    long shares = 0;
    for (Map.Entry<Integer, Long> some : lives.entrySet()) {
      if (some.getKey() != Tally.REDIS) {
        Facts.Life one = facts.lives.get(some.getKey());
        Numbers share = numbers().share(one.fewestInstances(some.getValue(), window.end()));
        shares += share.capacity() * (1 + window.count(one.lostCount));
      }
    }
    return shared(new Most(0, ""), window).plus(shares, ", shares");
  }

  private long back(Span window) {
    long sum = 0;
    for (Tally.Back one : tally.back) {
      if ((who == Who.ALL || one.life() == life) && one.isOf(limit) && window.has(one.at())) {
        sum += one.units() == Tally.ALL ? numbers().capacity() : one.units();
      }
    }
    return sum;
  }

  private Most shared(Most before, Span window) {
    Numbers numbers = numbers();
    long olds = 0;
    for (Facts.OldMaster old : counter().oldMasters) {
      long both = Math.min(window.end(), old.to()) - Math.max(window.from, old.from());
      olds += both >= 0 ? numbers.in(both + 2_000) : 0;
    }
    return before
        .plus(numbers.in(window.lengthOf(window.to - window.from + 1_000)), "")
        .plus(outstanding(window), "")
        .plus(numbers.capacity() * window.count(counter().forgot), ", forgot")
        .plus(numbers.byStep() * window.count(counter().stepped), ", stepped")
        .plus(olds, ", old");
  }

  /**
   * What may have been charged before a span and admitted in it. A fixed window's units are not
   * spent beyond its end, unless that lies elsewhere by now.
   */
  private long outstanding(Span window) {
    Limit limit = rule();
    if (limit.algorithm() instanceof Algorithm.FixedWindow && !isDisturbed(window)) {
      return 0;
    }
    long begin = window.from - IN_HAND_NANOS;
    long sum = 0;
    long most = 0;
    for (Facts.Life one : facts.lives) {
      if (limit.allots() && one.from <= window.end() && one.until >= window.from) {
        int holders = one.lanes * (int) one.fewestInstances(begin, window.end());
        long inHand = limit.mostInHand(holders);
        sum += one.lanes * inHand;
        most = Math.max(most, inHand);
      }
    }
    return refills(limit.algorithm()) ? most : sum;
  }

  /** Units are in hand no longer than as many take to come back: those of all together, too. */
  private static boolean refills(Algorithm algorithm) {
    return algorithm instanceof Algorithm.TokenBucket
        || algorithm instanceof Algorithm.Gcra
        || algorithm instanceof Algorithm.LeakyBucket;
  }

  private boolean isDisturbed(Span window) {
    Span longer = new Span(window.from - IN_HAND_NANOS, window.to, window.span, false);
    return longer.count(counter().forgot) + longer.count(counter().stepped) > 0
        || tally.back.stream().anyMatch(one -> longer.has(one.at()))
        || counter().oldMasters.stream()
            .anyMatch(old -> old.from() <= longer.end() && old.to() >= longer.from);
  }

  private long share(int number, Span window) {
    Facts.Life one = facts.lives.get(number);
    Longs away = tally.away(number);
    int first = away.before(window.from);
    int end = away.before(window.end() + 1);
    if (first == end) {
      return 0;
    }
    long begin = away.get(first);
    long last = away.get(end - 1);
    Numbers share = numbers().share(one.fewestInstances(begin, last));
    return share.in(window.lengthOf(last - begin + 2_000))
        + share.byStep() * window.count(one.lostCount);
  }
}
