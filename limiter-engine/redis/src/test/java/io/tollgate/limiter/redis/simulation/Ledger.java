package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  private record Denied(Host engine, Subject subject) {}

  final Facts facts = new Facts();
  final List<Tally> tallies = new ArrayList<>();
  private final World world;
  private final long limitNanos;
  private final List<String> problems = new ArrayList<>();
  private final List<Asked> open = new ArrayList<>();
  private final Map<String, Subject> firstKeys = new HashMap<>();
  private final IdentityHashMap<byte[], Long> executionOf = new IdentityHashMap<>();
  private final Map<Long, List<Long>> executedAt = new HashMap<>();
  private final Map<Denied, Long> deniedAt = new HashMap<>();
  private Host asking;
  private long executions;
  private long answers;
  private long degraded;
  private long cached;

  /** When the last policy has decided. */
  private long lastDegraded;

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

  /** The key of a subject's first limit. */
  void names(String firstKey, Subject subject) {
    firstKeys.put(firstKey, subject);
  }

  Map<String, Subject> firstKeys() {
    return firstKeys;
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
    Subject subject = firstKeys.get(key);
    if (subject != null) {
      tallies.get(subject.number()).charged += units;
    }
  }

  @Override
  public void denied(String key) {
    Subject subject = firstKeys.get(key);
    if (subject != null) {
      deniedAt.put(new Denied(asking, subject), world.now());
    }
  }

  Asked asked(Subject subject, long cost, SimEngine engine) {
    Asked asked = new Asked(subject, cost, engine, world.now());
    open.add(asked);
    return asked;
  }

  /**
   * A caller was answered.
   *
   * @param atOnce within the very call
   */
  void answered(Asked asked, CheckBuffer answer, boolean atOnce) {
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
    if (answer.degraded()) {
      degraded++;
      lastDegraded = now;
      decidedByPolicy(asked, answer, atOnce);
    } else if (atOnce) {
      repeated(asked, answer);
    } else {
      decidedByRedis(asked, answer);
    }
  }

  private void decidedByPolicy(Asked asked, CheckBuffer answer, boolean atOnce) {
    Tally tally = tallies.get(asked.subject.number());
    tally.unknown += atOnce ? 0 : asked.cost;
    if (answer.allowed()) {
      boolean closed =
          asked.subject.limits().stream()
              .anyMatch(limit -> limit.onStoreFailure() == StoreFailure.CLOSED);
      if (closed) {
        problem("a closed limit has admitted while Redis was away");
      }
      admitted(tally, world.now(), asked.cost, asked.engine.number);
    }
  }

  private void decidedByRedis(Asked asked, CheckBuffer answer) {
    Long when = null;
    for (long at : executedAt.getOrDefault(answer.nowMicros(), List.of())) {
      when = at >= asked.at && at <= world.now() ? Long.valueOf(at) : when;
    }
    if (when == null) {
      problem("an answer that Redis has not given to this question");
    } else if (answer.allowed()) {
      Tally tally = tallies.get(asked.subject.number());
      tally.admitted += asked.cost;
      admitted(tally, when, asked.cost, -1);
    }
  }

  private static void admitted(Tally tally, long at, long units, int life) {
    tally.at.add(at);
    tally.units.add(units);
    tally.life.add(life);
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

  long lastDegraded() {
    return lastDegraded;
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
