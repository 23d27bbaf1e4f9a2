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

  private record Denied(Host engine, Subject subject) {}

  private record Charged(Host engine, Subject subject, long at) {}

  final Facts facts = new Facts();
  final Hands hands = new Hands();
  final Isolation isolation;
  final List<Tally> tallies = new ArrayList<>();
  private final World world;
  private final long limitNanos;
  private final List<Subject> subjects;
  private final Problems problems = new Problems();
  private final List<Asked> open = new ArrayList<>();
  private final IdentityHashMap<byte[], Long> executionOf = new IdentityHashMap<>();
  private final Map<Long, List<Long>> executedAt = new HashMap<>();
  private final Map<Denied, Long> deniedAt = new HashMap<>();

  /** When an engine's steps have changed or been denied what a subject has. */
  private final Map<Denied, Long> heardAt = new HashMap<>();

  private final Set<Charged> chargedAt = new HashSet<>();
  private Host asking;
  private long executions;
  private long answers;
  private long degraded;
  private long cached;

  Ledger(World world, List<Subject> subjects, long limitNanos, Isolation isolation) {
    this.isolation = isolation;
    this.world = world;
    this.limitNanos = limitNanos;
    this.asking = new Host(world);
    this.subjects = subjects;
    subjects.forEach(subject -> tallies.add(new Tally(subject.limits().size())));
  }

  /** Something must not be. */
  void problem(String words) {
    problems.add(world.now(), words);
  }

  List<String> problems() {
    return problems.all();
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
    Subject.Part named = facts.part(key);
    if (named != null) {
      tallies.get(named.subject().number()).charged[named.limit()] += units;
      heardAt.put(new Denied(asking, named.subject()), world.now());
      chargedAt.add(new Charged(asking, named.subject(), world.now()));
      if (named.subject().limits().get(named.limit()).allots() && ModelStep.isTake(item)) {
        hands.charged(asking, units);
      }
    }
  }

  @Override
  public void denied(String key) {
    Subject.Part named = facts.part(key);
    if (named != null) {
      deniedAt.put(new Denied(asking, named.subject()), world.now());
      heardAt.put(new Denied(asking, named.subject()), world.now());
    }
  }

  @Override
  public void givenBack(String key, long units) {
    Subject.Part named = facts.part(key);
    if (named != null) {
      tallies.get(named.subject().number()).givenBack[named.limit()] += units;
      heardAt.put(new Denied(asking, named.subject()), world.now());
      if (named.subject().limits().get(named.limit()).allots()) {
        hands.givenBack(asking, units);
      }
    }
  }

  @Override
  public void returned(String key, long units) {
    Subject.Part named = facts.part(key);
    if (named != null) {
      tallies
          .get(named.subject().number())
          .back
          .add(new Tally.Back(world.now(), Tally.REDIS, named.limit(), units));
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
    if (!answer.allowed() && !answer.degraded()) {
      undone(asked);
    }
    if (answer.degraded()) {
      decidedByPolicy(asked, answer, atOnce);
    } else if (asked.subject.isAhead()) {
      decidedAhead(asked, answer, atOnce);
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
    undone(asked);
    if (answer.degraded()) {
      decidedByPolicy(asked, answer, atOnce);
    } else if (once.decided.add(answer.nowMicros())) {
      // A denial by an owner other than the first is not kept where the question's answer is.
      boolean keepsAll = !isolation.isCluster() || !asked.subject.rule().apart();
      boolean anew = once.decided.size() > 1 && (keepsAll || once.granted);
      if (anew && facts.isFaithful(asked.subject)) {
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
    once.granted |= answer.allowed() && !answer.degraded();
  }

  private void decidedByPolicy(Asked asked, CheckBuffer answer, boolean atOnce) {
    degraded++;
    promised(asked);
    Tally tally = tallies.get(asked.subject.number());
    tally.away(asked.engine.number).add(world.now());
    boolean asksNobody = atOnce && (!asked.subject.isAhead() || asked.subject.limits().size() == 1);
    tally.unknown += asksNobody ? 0 : asked.cost;
    if (answer.allowed()) {
      // Of several owners some may have been asked before Redis was away for the first one.
      boolean byRedis = isolation.isCluster() && asked.subject.rule().apart();
      boolean closed =
          asked.subject.limits().stream()
              .limit(byRedis ? 1 : Long.MAX_VALUE)
              .anyMatch(limit -> limit.onStoreFailure() == StoreFailure.CLOSED);
      if (closed) {
        problem("a closed limit has admitted while Redis was away");
      }
      tally.admitted(world.now(), asked.cost, asked.engine.number);
    }
  }

  /** What was charged in one slot before another one has denied goes back, if all goes well. */
  private void undone(Asked asked) {
    if (isolation.isCluster() && asked.subject.rule().apart()) {
      Tally tally = tallies.get(asked.subject.number());
      tally.denied += asked.isPlain ? asked.cost : 0;
      tally.undone += asked.isPlain ? 0 : asked.cost;
    }
  }

  private void promised(Asked asked) {
    boolean oneKey = asked.isPlain && asked.subject.limits().size() == 1;
    if (isolation.isCluster()
        && isolation.isPromised(asked.engine, facts.slots(asked.subject), oneKey, asked.at)) {
      problem("a policy has decided, though nothing has befallen its server or instance");
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

  /**
   * By units that were taken before, at once; or by an answer of Redis to the question, or to one
   * that was asked for it and others.
   */
  private void decidedAhead(Asked asked, CheckBuffer answer, boolean atOnce) {
    boolean alone = asked.subject.limits().size() == 1;
    Host host = asked.engine.host;
    // Who asks while a call is under way waits for its answer, and Redis may have given it already.
    long under = asked.at - limitNanos;
    under -= host.pausedBetween(under - World.SECOND * 10, asked.at);
    long when = atOnce ? world.now() : executedAt(answer.nowMicros(), under);
    if (answer.allowed()) {
      Tally tally = tallies.get(asked.subject.number());
      tally.admitted += asked.cost;
      // By units of an earlier call, after a later one has failed: some time since it was asked.
      boolean vague = alone && !chargedAt.contains(new Charged(host, asked.subject, when));
      if (atOnce || (when >= 0 && !vague)) {
        tally.admitted(Math.max(when, asked.at), asked.cost, Tally.REDIS);
      } else {
        tally.vague += asked.cost;
      }
    } else if (atOnce) {
      cached++;
      Long at = heardAt.get(new Denied(host, asked.subject));
      if (at == null || world.now() - at >= DENIAL_NANOS) {
        problem("a denial by what was heard more than a quarter of a second ago");
      }
    } else if (alone && when < 0) {
      problem("a denial that Redis has not given");
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

  /**
   * How long it may take from the first step of a check to its last; who was stopped takes more.
   */
  long mostApart() {
    long longest = open.stream().mapToLong(asked -> asked.engine.host.paused()).max().orElse(0);
    return limitNanos + longest;
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
    for (Subject subject : subjects) {
      for (int i = 0; i < subject.limits().size(); i++) {
        addsUp(subject, i);
      }
    }
  }

  /**
   * When every engine was drained, a window that is open counts what it has admitted, and what was
   * lost.
   *
   * @param begun when the window has begun
   */
  void used(Subject subject, long units, long begun) {
    Tally tally = tallies.get(subject.number());
    long admitted = tally.admittedSince(begun);
    long most = admitted + tally.unknown + tally.vague + hands.lost();
    boolean plain =
        facts.isFaithful(subject) && tally.back.isEmpty() && subject.limits().size() == 1;
    if (plain && (units < admitted || units > most)) {
      problem(units + " units are used, for " + admitted + " to " + most + ", of " + subject);
    }
  }

  private void addsUp(Subject subject, int limit) {
    Tally tally = tallies.get(subject.number());
    boolean ahead = subject.limits().get(limit).allots();
    boolean mayLose = degraded > 0 || !isolation.isUntouched();
    long undone = tally.undone + (mayLose ? tally.denied : 0);
    long charged = tally.charged[limit] - tally.givenBack[limit];
    long most = tally.admitted + tally.unknown + (ahead ? hands.lost() : 0) + undone;
    if (charged < tally.admitted || charged > most) {
      problem(
          String.format(
              Locale.ROOT,
              "of limit %d of subject %d Redis has charged %d units, %d of them are back, for %d"
                  + " admitted, %d unknown, %d lost at most and %d undone",
              limit,
              subject.number(),
              tally.charged[limit],
              tally.givenBack[limit],
              tally.admitted,
              tally.unknown,
              ahead ? hands.lost() : 0,
              undone));
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
