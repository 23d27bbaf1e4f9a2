package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must be so when all faults are long over and nobody asks any more: every loop of every
 * instance is answered by Redis, all instances know of each other, and say the same as a new one.
 */
final class Quiet {

  /** A call that is late, a greeting that is not answered, and a connection made anew. */
  private static final long FINDS_OUT_NANOS = 2 * World.SECOND;

  /** Of the second day of every schedule. */
  private static final long MIDNIGHT_NANOS = 10 * World.SECOND;

  private final Run run;
  private final World world;
  private final Ledger ledger;
  private final Map<Subject, long[]> left = new HashMap<>();

  Quiet(Run run) {
    this.run = run;
    this.world = run.world;
    this.ledger = run.ledger;
  }

  void check() {
    var _ = run.startEngine();
    world.runUntil(world.now() + World.SECOND);
    List<SimEngine> all = run.living();
    // A loop that has not asked since its connection broke without a word finds out by asking.
    askAll(all, (_, _, _) -> {});
    world.runUntil(world.now() + FINDS_OUT_NANOS);
    all.forEach(engine -> fares(engine, all.size()));
    all.forEach(engine -> engine.drain(() -> {}));
    world.runUntil(world.now() + World.SECOND);
    ledger.hands.check(ledger);
    askAll(all, this::explained);
  }

  private interface Explained {

    void by(SimEngine engine, Subject subject, CheckBuffer answer);
  }

  /** One after the other, since few may wait. */
  private void askAll(List<SimEngine> all, Explained listener) {
    for (SimEngine engine : all) {
      for (int lane = 0; lane < run.schedule.cast().lanes(); lane++) {
        for (Subject subject : run.subjects()) {
          engine.explain(lane, subject, answer -> listener.by(engine, subject, answer));
          world.runUntil(world.now() + 10 * World.MILLI);
        }
      }
    }
  }

  private void fares(SimEngine engine, int instances) {
    if (!engine.isUp()) {
      ledger.problem("instance " + engine.number + " is not up at the end");
    }
    int counted = engine.fleet.instances();
    if (counted != instances) {
      ledger.problem(
          "instance " + engine.number + " counts " + counted + " instances of " + instances);
    }
  }

  private void explained(SimEngine engine, Subject subject, CheckBuffer answer) {
    if (answer.degraded()) {
      ledger.problem("instance " + engine.number + " is away at the end");
      return;
    }
    long[] now = new long[answer.size()];
    for (int i = 0; i < now.length; i++) {
      now[i] = answer.remaining(i);
      if (!isDaily(answer, i) && now[i] != answer.limit(i).kernel().capacity()) {
        ledger.problem("of " + subject + " " + now[i] + " are left long after the last check");
      }
    }
    if (engine == run.engines.getLast()) {
      used(subject, answer);
    }
    long[] before = left.putIfAbsent(subject, now);
    if (before != null && !Arrays.equals(now, before)) {
      ledger.problem("instances do not agree on what is left of " + subject);
    }
  }

  private void used(Subject subject, CheckBuffer answer) {
    for (int i = 0; i < answer.size(); i++) {
      if (isDaily(answer, i)) {
        long used = answer.limit(i).kernel().capacity() - answer.remaining(i);
        ledger.used(subject, used, MIDNIGHT_NANOS);
      }
    }
  }

  /** What is used of a day stays used to its end. */
  private static boolean isDaily(CheckBuffer answer, int i) {
    return answer.limit(i).algorithm() instanceof Algorithm.FixedWindow fixed
        && fixed.alignment() instanceof Alignment.Calendar;
  }
}
