package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.Locale;
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

    /**
     * How much more passes when a clock is stepped: it may lead into another window, and its end
     * lies elsewhere from then on.
     */
    long byStep() {
      return algorithm instanceof Algorithm.FixedWindow ? 2 * capacity : capacity;
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

  /** How near a bound was come: units that were admitted, and that may be. */
  record Reached(long count, long bound, Limit limit) {

    long percent() {
      return bound == 0 ? 0 : 100 * count / bound;
    }

    Reached or(Reached other) {
      return other.count * bound > count * other.bound ? other : this;
    }
  }

  /**
   * From one admission to another.
   *
   * @param span that is spoken of, and longer
   * @param whole whether the bound is that of the span, which is published, and not the lower one
   *     of what lies between the two
   */
  private record Span(long from, long to, long span, boolean whole) {

    Span asPublished() {
      return new Span(from, to, span, true);
    }

    /** Stores see whole microseconds; what happened in the last one belongs to it. */
    long end() {
      return to + 999;
    }

    long length() {
      return lengthOf(to - from + 1_000);
    }

    long lengthOf(long nanos) {
      return whole ? span : Math.min(span, nanos);
    }
  }

  /** The most that may be admitted, and what beside the usual makes it so many. */
  private record Most(long units, String why) {

    Most plus(long more, String because) {
      return more == 0 ? this : new Most(units + more, why + because);
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
    for (int i = 0; i < admitted.size(); i++) {
      long to = admitted.at(i);
      sum += admitted.units(i);
      while (admitted.at(first) <= to - span) {
        sum -= admitted.units(first++);
      }
      // No bound of this kind is lower.
      if (sum < least(kind, numbers)) {
        continue;
      }
      Span window = new Span(admitted.at(first), to, span, false);
      Most most = most(kind, numbers, tally, admitted.life(), window);
      if (sum > most.units()) {
        ledger.problem(
            String.format(
                Locale.ROOT,
                "%s admitted %d from %.6f s to %.6f s, and may %d: %s",
                name,
                sum,
                window.from() / 1e9,
                to / 1e9,
                most.units(),
                subject));
        return;
      }
      if (span == numbers.period()) {
        Most published = most(kind, numbers, tally, admitted.life(), window.asPublished());
        Reached one = new Reached(sum, published.units(), limit);
        reached.merge(name + published.why(), one, Reached::or);
      }
    }
  }

  private static long least(String kind, Numbers numbers) {
    return kind.equals("share") ? 1 : numbers.capacity;
  }

  private Most most(String kind, Numbers numbers, Tally tally, int life, Span window) {
    Most most = new Most(0, "").plus(returned(tally, window), ", returned");
    if (!kind.equals("share")) {
      most = shared(most, numbers, window);
    }
    if (!kind.equals("shared")) {
      long shares = 0;
      for (int i = 0; i < facts.lives.size(); i++) {
        boolean counts = life < 0 || life == i;
        shares += counts ? share(facts.lives.get(i), numbers, window) : 0;
      }
      most = most.plus(shares, kind.equals("share") ? "" : ", shares");
    }
    return most;
  }

  private static long returned(Tally tally, Span window) {
    long sum = 0;
    for (int i = 0; i < tally.returnedAt.size(); i++) {
      long at = tally.returnedAt.get(i);
      sum += at >= window.from && at <= window.end() ? tally.returned.get(i) : 0;
    }
    return sum;
  }

  private Most shared(Most before, Numbers numbers, Span window) {
    long olds = 0;
    for (Facts.OldMaster old : facts.oldMasters) {
      long both = Math.min(window.end(), old.to()) - Math.max(window.from, old.from());
      olds += both >= 0 ? numbers.in(both + 2_000) : 0;
    }
    return before
        .plus(numbers.in(window.length()), "")
        .plus(numbers.capacity * facts.forgot.between(window.from, window.end()), ", forgot")
        .plus(numbers.byStep() * facts.stepped.between(window.from, window.end()), ", stepped")
        .plus(olds, ", old");
  }

  private static long share(Facts.Life life, Numbers whole, Span window) {
    int first = life.away.before(window.from);
    int end = life.away.before(window.end() + 1);
    if (first == end) {
      return 0;
    }
    long begin = life.away.get(first);
    long last = life.away.get(end - 1);
    Numbers share = whole.share(life.fewestInstances(begin, last));
    return share.in(window.lengthOf(last - begin + 2_000))
        + share.byStep() * life.lostCount.between(window.from, window.end());
  }
}
