package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What was asked, executed and answered, held against each other as it happens. */
final class Ledger implements ModelRedis.Witness {

  /** So long a denial may be repeated, from its sending. */
  private static final long DENIAL_NANOS = 250 * World.MILLI;

  /** Alarms are exact here; this is some turns of a loop. */
  private static final long TURN_NANOS = World.MILLI / 100;

  private static final int MOST_PROBLEMS = 10;

  /** A question to an engine. */
  static final class Asked {

    final Subject subject;
    final long cost;
    final SimEngine engine;
    final long at;
    boolean answered;

    Asked(Subject subject, long cost, SimEngine engine, long at) {
      this.subject = subject;
      this.cost = cost;
      this.engine = engine;
      this.at = at;
    }
  }

  /** A question that is asked several times under one idempotency key. */
  static final class Once {

    final long at;

    /** Each decision of Redis, by its time. */
    final Set<Long> decided = new HashSet<>();

    boolean passed;

    Once(long at) {
      this.at = at;
    }
  }

  private record Named(Subject subject, int limit) {}

  private record Denied(Host engine, Subject subject) {}

  final Facts facts = new Facts();
  final List<Tally> tallies = new ArrayList<>();
  private final World world;
  private final long limitNanos;
  private final List<String> problems = new ArrayList<>();
  private final List<Asked> open = new ArrayList<>();
  private final Map<String, Named> names = new HashMap<>();
  private final IdentityHashMap<byte[], Long> executionOf = new IdentityHashMap<>();
  private final Map<Long, List<Long>> executedAt = new HashMap<>();
  private final Map<Denied, Long> deniedAt = new HashMap<>();
  private Host asking;
  private long executions;
  private long answers;
  private long degraded;
  private long cached;

  Ledger(World world, int subjects, long limitNanos) {
    this.world = world;
    this.limitNanos = limitNanos;
    this.asking = new Host(world);
    for (int i = 0; i < subjects; i++) {
      tallies.add(new Tally());
    }
  }

  void problem(String words) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(String.format(Locale.ROOT, "%.6f s: %s", world.now() / 1e9, words));
    }
  }

  List<String> problems() {
    return problems;
  }

  /** The key of one of a subject's limits. */
  void names(String key, Subject subject, int limit) {
    names.put(key, new Named(subject, limit));
  }

  /** A call is executed now, for an engine. */
  void executes(Host engine, long micros) {
    asking = engine;
    executions++;
    executedAt.computeIfAbsent(micros, _ -> new ArrayList<>(1)).add(world.now());
  }

  @Override
  public void charged(byte[] item, String key, long units) {
    Long before = executionOf.putIfAbsent(item, executions);
    if (before != null && before != executions) {
      problem("a question was charged twice");
    }
    Named named = names.get(key);
    if (named != null && named.limit == 0) {
      tallies.get(named.subject.number()).charged += units;
    }
  }

  @Override
  public void denied(String key) {
    Named named = names.get(key);
    if (named != null) {
      deniedAt.put(new Denied(asking, named.subject), world.now());
    }
  }

  @Override
  public void returned(String key, long units) {
    Named named = names.get(key);
    if (named != null) {
      tallies
          .get(named.subject.number())
          .back
          .add(new Tally.Back(world.now(), Tally.REDIS, named.limit, units));
    }
  }

  @Override
  public void reset(String key) {
    returned(key, Tally.ALL);
  }

  /** An instance has given units back to its own memory. */
  void returnedBy(SimEngine engine, Subject subject, long units) {
    tallies
        .get(subject.number())
        .back
        .add(new Tally.Back(world.now(), engine.number, Tally.ALL_LIMITS, units));
  }

  Asked asked(Subject subject, long cost, SimEngine engine) {
    Asked asked = new Asked(subject, cost, engine, world.now());
    open.add(asked);
    return asked;
  }

  /** A caller has heard something: once, and in time. */
  void heard(Asked asked) {
    if (asked.answered) {
      problem("a call was answered twice");
      return;
    }
    asked.answered = true;
    answers++;
    long now = world.now();
    long took = now - asked.at - asked.engine.host.pausedBetween(asked.at, now);
    if (took > limitNanos + TURN_NANOS) {
      problem("a call was answered after " + took + " ns");
    }
  }

  /**
   * A caller has heard whether something passes.
   *
   * @param atOnce within the very call
   */
  void answered(Asked asked, CheckBuffer answer, boolean atOnce) {
    heard(asked);
    if (answer.degraded()) {
      decidedByPolicy(asked, answer, atOnce);
    } else if (atOnce) {
      repeated(asked, answer);
    } else {
      decidedByRedis(asked, answer, asked.at);
    }
  }

  /** As {@link #answered}, of a question that may have been asked before under the same key. */
  void answeredOnce(Once once, Asked asked, CheckBuffer answer, boolean atOnce) {
    heard(asked);
    Tally tally = tallies.get(asked.subject.number());
    int before = tally.at.size();
    if (answer.degraded()) {
      decidedByPolicy(asked, answer, atOnce);
    } else if (once.decided.add(answer.nowMicros())) {
      if (once.decided.size() > 1 && facts.isFaithful()) {
        problem("a repeated question was decided anew");
      }
      decidedByRedis(asked, answer, once.at);
    }
    if (once.passed && tally.at.size() > before) {
      tally.at.dropLast();
      tally.units.dropLast();
      tally.life.dropLast();
    }
    once.passed |= answer.allowed();
  }

  private void decidedByPolicy(Asked asked, CheckBuffer answer, boolean atOnce) {
    degraded++;
    Tally tally = tallies.get(asked.subject.number());
    tally.unknown += atOnce ? 0 : asked.cost;
    if (answer.allowed()) {
      boolean closed =
          asked.subject.limits().stream()
              .anyMatch(limit -> limit.onStoreFailure() == StoreFailure.CLOSED);
      if (closed) {
        problem("a closed limit has admitted while Redis was away");
      }
      tally.admitted(world.now(), asked.cost, asked.engine.number);
    }
  }

  private void decidedByRedis(Asked asked, CheckBuffer answer, long notBefore) {
    long when = executedAt(answer.nowMicros(), notBefore);
    if (when < 0) {
      problem("an answer that Redis has not given to this question");
    } else if (answer.allowed()) {
      Tally tally = tallies.get(asked.subject.number());
      tally.admitted += asked.cost;
      tally.admitted(when, asked.cost, Tally.REDIS);
    }
  }

  /** When Redis had this time and was called, not before an instant; -1: never. */
  long executedAt(long micros, long notBefore) {
    long when = -1;
    for (long at : executedAt.getOrDefault(micros, List.of())) {
      when = at >= notBefore && at <= world.now() ? at : when;
    }
    return when;
  }

  private void repeated(Asked asked, CheckBuffer answer) {
    cached++;
    Long at = deniedAt.get(new Denied(asked.engine.host, asked.subject));
    if (answer.allowed()) {
      problem("a check has passed without being asked");
    } else if (at == null || world.now() - at >= DENIAL_NANOS) {
      problem("a denial was repeated that is older than a quarter of a second");
    }
  }

  /** Looks for what nobody has answered, and for units that do not add up. */
  void close() {
    for (Asked asked : open) {
      if (!asked.answered && asked.engine.host.isAlive()) {
        problem("a call of " + asked.at + " ns was never answered");
      } else if (!asked.answered) {
        tallies.get(asked.subject.number()).unknown += asked.cost;
      }
    }
    for (int i = 0; i < tallies.size(); i++) {
      Tally tally = tallies.get(i);
      if (tally.charged < tally.admitted) {
        problem(
            "of subject "
                + i
                + " Redis has charged "
                + tally.charged
                + " units and admitted "
                + tally.admitted);
      } else if (tally.charged > tally.admitted + tally.unknown) {
        problem(
            "of subject "
                + i
                + " Redis has charged "
                + tally.charged
                + " units, for "
                + tally.admitted
                + " admitted and "
                + tally.unknown
                + " unknown");
      }
    }
  }

  long answers() {
    return answers;
  }

  long degraded() {
    return degraded;
  }

  long cached() {
    return cached;
  }
}
