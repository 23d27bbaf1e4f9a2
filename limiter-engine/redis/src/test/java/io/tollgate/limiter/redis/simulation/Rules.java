package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What schedules ask for: each algorithm under each policy, and several limits at once.
 *
 * <p>A fixed list, since a kernel that was made once is never forgotten.
 */
final class Rules {

  /**
   * A namespace and its limits.
   *
   * @param apart whether each limit is of another owner, as those of one caller and of all are
   */
  record Rule(String namespace, List<Limit> limits, boolean apart) {

    /** Whether units are held: they are acquired and released, not checked. */
    boolean holds() {
      return limits.getFirst().algorithm() instanceof Algorithm.Concurrency;
    }
  }

  private static final long SECOND = 1_000_000;

  /** The periods are short, so that bounds are reached within seconds. */
  private static final List<Algorithm> ALGORITHMS =
      List.of(
          new Algorithm.TokenBucket(20, 2 * SECOND, 20),
          new Algorithm.TokenBucket(12, SECOND, 30),
          new Algorithm.Gcra(30, 2 * SECOND, 6),
          new Algorithm.LeakyBucket(20, 2 * SECOND, 12, Algorithm.LeakyMode.METER, 0),
          new Algorithm.FixedWindow(20, new Period.Span(2 * SECOND), new Alignment.Epoch()),
          new Algorithm.FixedWindow(15, new Period.Span(SECOND), new Alignment.FirstCall()),
          new Algorithm.FixedWindow(
              60, new Period.Span(86_400 * SECOND), new Alignment.Calendar(ZoneId.of("UTC"))),
          new Algorithm.SlidingWindow(20, 2 * SECOND),
          new Algorithm.SlidingLog(20, 2 * SECOND));

  /** More at once than others have, so that there is something to take ahead of. */
  private static final List<Limit> AHEAD =
      List.of(
          ahead("bucket", new Algorithm.TokenBucket(60, SECOND, 60), 30),
          ahead("slow", new Algorithm.TokenBucket(20, 2 * SECOND, 40), 20),
          ahead("gcra", new Algorithm.Gcra(100, SECOND, 40), 20),
          ahead(
              "leaky", new Algorithm.LeakyBucket(50, SECOND, 40, Algorithm.LeakyMode.METER, 0), 20),
          ahead(
              "epoch",
              new Algorithm.FixedWindow(60, new Period.Span(SECOND), new Alignment.Epoch()),
              30),
          ahead(
              "first",
              new Algorithm.FixedWindow(40, new Period.Span(2 * SECOND), new Alignment.FirstCall()),
              20),
          ahead(
              "daily",
              new Algorithm.FixedWindow(
                  400, new Period.Span(86_400 * SECOND), new Alignment.Calendar(ZoneId.of("UTC"))),
              40),
          ahead("sliding", new Algorithm.SlidingWindow(60, 2 * SECOND), 30));

  static final long LEASE_MICROS = SECOND;
  private static final Algorithm HELD = new Algorithm.Concurrency(6, LEASE_MICROS);

  /** Every rule; schedules name them by number. */
  static final List<Rule> ALL = all();

  /** How many come before those of which units are taken ahead. */
  static final int PLAIN =
      (int) ALL.stream().takeWhile(rule -> !rule.limits().getFirst().allots()).count();

  /** The only one of those whose windows begin at known times, and soon end. */
  static final int AHEAD_OF_WINDOWS =
      PLAIN
          + IntStream.range(0, AHEAD.size())
              .filter(Rules::hasKnownWindows)
              .findFirst()
              .orElseThrow();

  /** How many come before those over several owners. */
  static final int APART = (int) ALL.stream().takeWhile(rule -> !rule.apart()).count();

  private Rules() {}

  private static boolean hasKnownWindows(int number) {
    return AHEAD.get(number).algorithm() instanceof Algorithm.FixedWindow fixed
        && fixed.alignment() instanceof Alignment.Epoch;
  }

  private static List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    for (Algorithm algorithm : ALGORITHMS) {
      for (StoreFailure failure : StoreFailure.values()) {
        rules.add(rule(rules.size(), limit("main", algorithm, failure)));
      }
    }
    for (int i = 0; i < ALGORITHMS.size(); i++) {
      Algorithm other = ALGORITHMS.get((i + 4) % ALGORITHMS.size());
      rules.add(
          rule(
              rules.size(),
              limit("one", ALGORITHMS.get(i), StoreFailure.LOCAL),
              limit("two", other, i % 3 == 0 ? StoreFailure.OPEN : StoreFailure.LOCAL)));
    }
    for (StoreFailure failure : StoreFailure.values()) {
      rules.add(rule(rules.size(), limit("held", HELD, failure)));
    }
    rules.add(
        rule(
            rules.size(),
            limit("held", HELD, StoreFailure.LOCAL),
            limit("rate", ALGORITHMS.getFirst(), StoreFailure.LOCAL)));
    for (Limit limit : AHEAD) {
      rules.add(rule(rules.size(), limit));
    }
    for (int i = 0; i < AHEAD.size(); i += 2) {
      Limit beside = limit("beside", ALGORITHMS.get(i % 3), StoreFailure.LOCAL);
      rules.add(rule(rules.size(), AHEAD.get(i), beside));
      rules.add(rule(rules.size(), AHEAD.get(i), AHEAD.get(i + 1)));
    }
    for (int i = 0; i < ALGORITHMS.size(); i++) {
      Limit own = limit("own", ALGORITHMS.get(i), StoreFailure.LOCAL);
      Limit wide = limit("wide", ALGORITHMS.get((i + 3) % ALGORITHMS.size()), StoreFailure.LOCAL);
      rules.add(apart(rules.size(), own, wide));
    }
    Limit rate = limit("rate", ALGORITHMS.getFirst(), StoreFailure.LOCAL);
    Limit held = limit("held", HELD, StoreFailure.LOCAL);
    rules.add(apart(rules.size(), held, rate));
    rules.add(apart(rules.size(), rate, limit("other", ALGORITHMS.get(1), StoreFailure.CLOSED)));
    for (Limit limit : AHEAD) {
      rules.add(apart(rules.size(), rate, limit));
    }
    return List.copyOf(rules);
  }

  private static Limit ahead(String name, Algorithm algorithm, long allotment) {
    return new Limit(name, algorithm, false, StoreFailure.LOCAL, allotment);
  }

  private static Limit limit(String name, Algorithm algorithm, StoreFailure failure) {
    return new Limit(name, algorithm, false, failure);
  }

  private static Rule rule(int number, Limit... limits) {
    return new Rule("rule-" + number, List.of(limits), false);
  }

  private static Rule apart(int number, Limit... limits) {
    return new Rule("rule-" + number, List.of(limits), true);
  }

  /** Every limit of every rule. */
  static List<Limit> limits() {
    return ALL.stream().flatMap(rule -> rule.limits().stream()).toList();
  }
}
