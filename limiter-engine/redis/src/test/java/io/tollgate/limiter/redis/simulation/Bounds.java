package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.redis.simulation.Bound.Most;
import io.tollgate.limiter.redis.simulation.Bound.Span;
import io.tollgate.limiter.redis.simulation.Bound.Who;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was admitted in every span against its bound, and says how near it came. */
final class Bounds {

  /** How near a bound was come: units that were admitted, and that may be. */
  record Reached(long count, long bound, Limit limit) {

    long percent() {
      return bound == 0 ? 0 : 100 * count / bound;
    }

    /** Whichever is nearer to its bound. */
    Reached or(Reached other) {
      return other.count * bound > count * other.bound ? other : this;
    }
  }

  /** Longer than every schedule. */
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
    for (int i = 0; i < subject.limits().size(); i++) {
      Bound shared = new Bound(facts, subject, tally, i, Who.SHARED, Tally.REDIS);
      if (shared.rule().algorithm() instanceof Algorithm.Concurrency held) {
        leases(shared, held.leaseTtlMicros() * 1_000);
        continue;
      }
      // Of several limits each one's units are spent at another instant of the same check.
      boolean isTimed = !shared.rule().allots() || subject.limits().size() == 1;
      if (isTimed) {
        spans(shared, all.ofLife(Tally.REDIS));
        if (i == 0 || !subject.rule().apart()) {
          windows(shared, all.ofLife(Tally.REDIS));
        }
      }
      if (isTimed && shared.isLocal()) {
        // What was charged to one owner by Redis may be admitted by the policy for another one.
        boolean isOne = !subject.rule().apart();
        for (int life = 0; isOne && life < facts.lives.size(); life++) {
          spans(new Bound(facts, subject, tally, i, Who.SHARE, life), all.ofLife(life));
        }
        spans(new Bound(facts, subject, tally, i, Who.ALL, Tally.REDIS), all);
      }
    }
  }

  private void spans(Bound bound, Admitted admitted) {
    long period = bound.numbers().period();
    for (long span : new long[] {period, 3 * period, WHOLE}) {
      count(bound, admitted, span);
    }
  }

  /** Where windows begin at known times, each one's units are spent in it and in no other. */
  private void windows(Bound bound, Admitted admitted) {
    boolean plain = ledger.facts.isFaithful(bound.subject()) && bound.tally().back.isEmpty();
    if (!plain
        || !(bound.rule().algorithm() instanceof Algorithm.FixedWindow fixed)
        || fixed.alignment() instanceof Alignment.FirstCall) {
      return;
    }
    // The calendar's are days of UTC, which begin as those of the epoch do.
    long period = bound.numbers().period() / 1_000;
    Map<Long, Long> sums = new TreeMap<>();
    for (int i = 0; i < admitted.size(); i++) {
      long micros = World.START_MICROS + admitted.at(i) / 1_000;
      sums.merge(micros / period, admitted.units(i), Long::sum);
    }
    long most = bound.numbers().capacity();
    for (Map.Entry<Long, Long> window : sums.entrySet()) {
      long sum = window.getValue();
      if (sum > most) {
        ledger.problem(
            name(bound) + " admitted " + sum + " in one window, and may " + most + ": " + window);
      }
      note(name(bound) + ", one window", bound, sum, new Most(most, ""));
    }
  }

  private void count(Bound bound, Admitted admitted, long span) {
    // Of several owners one is charged before the other, whose time is that of the answer.
    long apart = bound.limit() > 0 && bound.subject().rule().apart() ? ledger.mostApart() : 0;
    long sum = 0;
    int first = 0;
    for (int i = 0; i < admitted.size(); i++) {
      long to = admitted.at(i);
      sum += admitted.units(i);
      while (admitted.at(first) <= to - span) {
        sum -= admitted.units(first++);
      }
      if (sum < bound.least()) {
        continue;
      }
      Span window = new Span(admitted.at(first) - apart, to, span + apart, false);
      Most most = bound.most(window);
      if (sum > most.units()) {
        exceeded(bound, window, sum, most);
        return;
      }
      if (span == bound.numbers().period()) {
        note(name(bound), bound, sum, bound.most(window.asPublished()));
      }
    }
  }

  private String name(Bound bound) {
    String who = bound.who().name().toLowerCase(Locale.ROOT);
    String ahead = bound.rule().allots() ? " ahead" : "";
    String site = ledger.isolation.isCluster() ? " in a Cluster" : "";
    return who + " " + bound.rule().algorithm().wireName() + ahead + site;
  }

  private void note(String name, Bound bound, long sum, Most most) {
    Reached one = new Reached(sum, most.units(), bound.rule());
    reached.merge(name + most.why(), one, Reached::or);
  }

  private void exceeded(Bound bound, Span window, long sum, Most most) {
    ledger.problem(
        String.format(
            Locale.ROOT,
            "%s admitted %d from %.6f s to %.6f s, and may %d%s: %s",
            name(bound),
            sum,
            window.from() / 1e9,
            window.to() / 1e9,
            most.units(),
            most.why(),
            bound.subject()));
  }

  /** At any instant no more is held than the limit, and what stores may have forgotten of it. */
  private void leases(Bound bound, long span) {
    // What an open policy admits has no bound.
    List<Tally.Lease> leases =
        bound.tally().leases.stream()
            .filter(lease -> lease.life == Tally.REDIS || bound.isLocal())
            .toList();
    for (Tally.Lease granted : leases) {
      long at = granted.from;
      long sum = 0;
      Map<Integer, Long> lives = new HashMap<>();
      for (Tally.Lease other : leases) {
        if (other.from <= at && at < other.until) {
          sum += other.units;
          lives.merge(other.life, other.granted, Math::min);
        }
      }
      Span window = new Span(at - span, at, span, false);
      Most most = bound.held(window, lives);
      if (sum > most.units()) {
        exceeded(bound, window, sum, most);
        return;
      }
      note("held concurrency", bound, sum, most);
    }
  }
}
