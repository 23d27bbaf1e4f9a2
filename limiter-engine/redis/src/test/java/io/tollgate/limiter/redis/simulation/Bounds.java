package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.Map;
import java.util.TreeMap;

/**
 * The most that may be admitted in any span, by what was published and what has happened, and how
 * near it the counts have come.
 */
final class Bounds {

  /**
   * The numbers of a limit, or of an instance's share of it.
   *
   * @param capacity what may pass at once
   */
  private record Numbers(Algorithm algorithm, long limit, long capacity) {

    static Numbers of(Algorithm algorithm) {
      return new Numbers(algorithm, algorithm.limit(), algorithm.burst());
    }

    /** As it is published: divided and rounded down, but at least 1. */
    Numbers share(long instances) {
      return new Numbers(
          algorithm, Math.max(1, limit / instances), Math.max(1, capacity / instances));
    }

    long period() {
      long micros = algorithm.periodMicros();
      return (micros == 0 ? 86_400_000_000L : micros) * 1_000;
    }

    /** The most in any span of less than so many nanoseconds. */
    long in(long nanos) {
      long windows = Math.ceilDiv(nanos, period());
      return switch (algorithm) {
        case Algorithm.FixedWindow _ -> limit * (windows + 1);
        case Algorithm.SlidingWindow _ -> limit * (windows + 1) - (windows > 0 ? 1 : 0);
        case Algorithm.SlidingLog _ -> limit * Math.max(1, windows);
        case Algorithm.TokenBucket _, Algorithm.Gcra _, Algorithm.LeakyBucket _ ->
            capacity + refilled(nanos);
        case Algorithm.Concurrency _ -> throw new IllegalStateException("leases are no rate");
      };
    }

    private long refilled(long nanos) {
      long micros = Math.ceilDiv(nanos, 1_000);
      return Math.max(0, Math.ceilDiv(limit * micros, period() / 1_000) - 1);
    }
  }

  /** How near a bound was come. */
  record Reached(long count, long bound, String where) {

    long percent() {
      return bound == 0 ? 0 : 100 * count / bound;
    }

    Reached or(Reached other) {
      return other.count * bound > count * other.bound ? other : this;
    }
  }

  private static final long WHOLE = 1_000_000 * World.SECOND;

  private final Ledger ledger;
  private final Facts facts;
  private final Map<String, Reached> reached = new TreeMap<>();

  Bounds(Ledger ledger) {
    this.ledger = ledger;
    this.facts = ledger.facts;
  }

  /** The nearest that was come to each kind of bound. */
  Map<String, Reached> reached() {
    return reached;
  }

  /** Counts what was admitted to a subject against every bound of each of its limits. */
  void check(Subject subject) {
    Tally tally = ledger.tallies.get(subject.number());
    Admitted all = Admitted.of(tally);
    for (Limit limit : subject.limits()) {
      Numbers numbers = Numbers.of(limit.algorithm());
      for (long span : new long[] {numbers.period(), 3 * numbers.period(), WHOLE}) {
        count("shared", subject, limit, all.ofLife(-1), span);
        if (limit.onStoreFailure() == StoreFailure.LOCAL) {
          for (int life = 0; life < facts.lives.size(); life++) {
            count("share", subject, limit, all.ofLife(life), span);
          }
          count("all", subject, limit, all, span);
        }
      }
    }
  }

  private void count(String kind, Subject subject, Limit limit, Admitted admitted, long span) {
    Numbers numbers = Numbers.of(limit.algorithm());
    String name = kind + " " + limit.algorithm().wireName();
    Tally tally = ledger.tallies.get(subject.number());
    long sum = 0;
    int first = 0;
    Reached best = reached.getOrDefault(name, new Reached(0, 1, ""));
    for (int i = 0; i < admitted.size(); i++) {
      long to = admitted.at(i);
      sum += admitted.units(i);
      while (admitted.at(first) <= to - span) {
        sum -= admitted.units(first++);
      }
      // No bound of this kind is lower.
      if (sum * best.bound <= best.count * least(kind, numbers)) {
        continue;
      }
      long from = admitted.at(first);
      long bound = bound(kind, numbers, tally, admitted.life(), from, to, span);
      if (sum > bound) {
        ledger.problem(
            "%s admitted %d in %.6f s up to %.6f s, and may %d: %s"
                .formatted(name, sum, (to - from) / 1e9, to / 1e9, bound, subject));
        return;
      }
      best = best.or(new Reached(sum, bound, limit.toString()));
    }
    reached.put(name, best);
  }

  private static long least(String kind, Numbers numbers) {
    return kind.equals("share") ? 1 : numbers.capacity;
  }

  private long bound(
      String kind, Numbers numbers, Tally tally, int life, long from, long to, long span) {
    long length = Math.min(span, to - from + 1_000);
    long bound = returned(tally, from, to);
    if (!kind.equals("share")) {
      bound += shared(numbers, from, to, length);
    }
    if (!kind.equals("shared")) {
      for (int i = 0; i < facts.lives.size(); i++) {
        bound += life < 0 || life == i ? share(facts.lives.get(i), numbers, from, to, span) : 0;
      }
    }
    return bound;
  }

  private static long returned(Tally tally, long from, long to) {
    long sum = 0;
    for (int i = 0; i < tally.returnedAt.size(); i++) {
      long at = tally.returnedAt.get(i);
      sum += at >= from && at <= to ? tally.returned.get(i) : 0;
    }
    return sum;
  }

  private long shared(Numbers numbers, long from, long to, long length) {
    long bound = numbers.in(length);
    bound += numbers.capacity * (facts.forgot.between(from, to) + facts.stepped.between(from, to));
    for (Facts.OldMaster old : facts.oldMasters) {
      long both = Math.min(to, old.to()) - Math.max(from, old.from());
      bound += both >= 0 ? numbers.in(both + 1_000) : 0;
    }
    return bound;
  }

  private static long share(Facts.Life life, Numbers whole, long from, long to, long span) {
    int first = life.away.before(from);
    int end = life.away.before(to + 1);
    if (first == end) {
      return 0;
    }
    long begin = life.away.get(first);
    long last = life.away.get(end - 1);
    Numbers share = whole.share(life.fewestInstances(begin, last));
    return share.in(Math.min(span, last - begin + 1_000))
        + share.capacity * life.lostCount.between(from, to);
  }
}
