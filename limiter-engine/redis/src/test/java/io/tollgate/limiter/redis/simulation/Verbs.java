package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Everything that clients ask beside simple checks, with what follows from it. */
final class Verbs {

  private static final long RESERVED_MICROS = 2_000_000;
  private static final long LEASE_NANOS = Rules.LEASE_MICROS * 1_000;

  private final Run run;
  private final World world;
  private final Ledger ledger;

  /** Where a reservation was settled: by the id, and by which instance's memory, or Redis. */
  private record Settled(HoldId id, int life) {}

  private final Set<Settled> settled = new HashSet<>();

  Verbs(Run run) {
    this.run = run;
    this.world = run.world;
    this.ledger = run.ledger;
  }

  /** Does something later, on any living instance. */
  private void later(Random random, long mostNanos, OnLoop what) {
    int which = random.nextInt(64);
    int lane = random.nextInt(64);
    run.at(
        world.now() + random.nextLong(mostNanos),
        () -> {
          List<SimEngine> living = run.serving();
          if (!living.isEmpty()) {
            SimEngine engine = living.get(which % living.size());
            world.at(world.now(), engine.host, () -> what.happen(engine, lane));
          }
        });
  }

  private interface OnLoop {

    void happen(SimEngine engine, int lane);
  }

  /** Asks under an idempotency key, and perhaps again, elsewhere too. */
  void once(SimEngine engine, int lane, Subject subject, long cost, Random random) {
    LimitKey key = new LimitKey(random.nextLong() | 1, random.nextLong());
    Once once = new Once(world.now());
    once(engine, lane, subject, cost, key, once);
    for (int more = random.nextInt(3); more > 0; more--) {
      later(
          random, World.SECOND, (other, itsLane) -> once(other, itsLane, subject, cost, key, once));
    }
  }

  private void once(
      SimEngine engine, int lane, Subject subject, long cost, LimitKey key, Once once) {
    Asked asked = ledger.asked(subject, cost, engine);
    CheckBuffer question = engine.question(subject, cost);
    question.answerOnce(key);
    boolean[] returned = {false};
    engine
        .store(lane)
        .check(question, answer -> ledger.answeredOnce(once, asked, answer, !returned[0]));
    returned[0] = true;
  }

  void refund(SimEngine engine, int lane, Subject subject, long cost) {
    Asked asked = ledger.asked(subject, 0, engine);
    engine.store(lane).refund(engine.question(subject, cost), _ -> ledger.heard(asked));
  }

  void reset(SimEngine engine, int lane, Subject subject) {
    Asked asked = ledger.asked(subject, 0, engine);
    ledger.returnedBy(engine, subject, Tally.ALL);
    engine.store(lane).reset(engine.question(subject, 0), false, _ -> ledger.heard(asked));
  }

  /** Reserves units, and settles what has passed at more or less, perhaps several times. */
  void reserve(SimEngine engine, int lane, Subject subject, long cost, Random random) {
    Asked asked = ledger.asked(subject, cost, engine);
    CheckBuffer question = engine.question(subject, cost);
    Store store = engine.store(lane);
    HoldId id = store.place(new HoldId(random.nextLong(), random.nextLong()), question);
    long actual = random.nextLong(cost + 2);
    boolean[] returned = {false};
    store.reserve(
        question,
        id,
        RESERVED_MICROS,
        answer -> {
          ledger.answered(asked, answer, !returned[0]);
          if (answer.allowed()) {
            for (int times = 1 + random.nextInt(2); times > 0; times--) {
              later(
                  random,
                  2 * World.SECOND,
                  (other, itsLane) -> commit(other, itsLane, subject, id, cost, actual));
            }
          }
        });
    returned[0] = true;
  }

  private void commit(
      SimEngine engine, int lane, Subject subject, HoldId id, long cost, long actual) {
    Asked asked = ledger.asked(subject, 0, engine);
    boolean[] returned = {false};
    engine
        .store(lane)
        .commit(
            id,
            actual,
            settlement -> {
              ledger.heard(asked);
              if (settlement instanceof Store.Settlement.Committed) {
                int life = returned[0] ? Tally.REDIS : engine.number;
                if (life != Tally.REDIS) {
                  ledger.returnedBy(engine, subject, Math.max(0, cost - actual));
                }
                if (!settled.add(new Settled(id, life)) && ledger.facts.isFaithful(subject)) {
                  ledger.problem("a reservation was settled twice");
                }
              }
            });
    returned[0] = true;
  }

  /** Takes a lease, perhaps renews it, and mostly releases it before its end. */
  void acquire(SimEngine engine, int lane, Subject subject, long cost, Random random) {
    Asked asked = ledger.asked(subject, cost, engine);
    CheckBuffer question = engine.question(subject, cost);
    Store store = engine.store(lane);
    HoldId id = store.place(new HoldId(random.nextLong(), random.nextLong()), question);
    boolean[] returned = {false};
    store.acquire(
        question,
        id,
        Rules.LEASE_MICROS,
        answer -> {
          ledger.answered(asked, answer, !returned[0]);
          if (answer.allowed()) {
            boolean here = answer.degraded();
            long from = here ? world.now() : ledger.executedAt(answer.nowMicros(), asked.at);
            hold(subject, id, lease(cost, here ? engine.number : Tally.REDIS, from), random);
          }
        });
    returned[0] = true;
  }

  /** To the microsecond, as stores know it. */
  private static Tally.Lease lease(long units, int life, long nanos) {
    long from = nanos - nanos % 1_000;
    return new Tally.Lease(units, life, from, from, from + LEASE_NANOS);
  }

  private static Tally.Lease renewed(Tally.Lease held, int life, long nanos) {
    long from = nanos - nanos % 1_000;
    return new Tally.Lease(held.units, life, held.granted, from, from + LEASE_NANOS);
  }

  private void hold(Subject subject, HoldId id, Tally.Lease held, Random random) {
    ledger.tallies.get(subject.number()).leases.add(held);
    switch (random.nextInt(4)) {
      case 0 -> {}
      case 1 ->
          later(
              random,
              LEASE_NANOS,
              (engine, lane) -> renew(engine, lane, subject, id, held, random));
      default ->
          later(random, LEASE_NANOS, (engine, lane) -> release(engine, lane, subject, id, held));
    }
  }

  private void renew(
      SimEngine engine, int lane, Subject subject, HoldId id, Tally.Lease held, Random random) {
    Asked asked = ledger.asked(subject, 0, engine);
    boolean[] returned = {false};
    engine
        .store(lane)
        .renew(
            id,
            Rules.LEASE_MICROS,
            renewal -> {
              ledger.heard(asked);
              if (renewal instanceof Store.Renewal.Renewed(long ends)) {
                boolean here = !returned[0];
                long from =
                    here ? world.now() : ledger.executedAt(ends - Rules.LEASE_MICROS, asked.at);
                Tally.Lease next = renewed(held, here ? engine.number : Tally.REDIS, from);
                held.until = Math.min(held.until, next.from);
                hold(subject, id, next, random);
              }
            });
    returned[0] = true;
  }

  private void release(SimEngine engine, int lane, Subject subject, HoldId id, Tally.Lease held) {
    Asked asked = ledger.asked(subject, 0, engine);
    held.until = Math.min(held.until, world.now());
    engine.store(lane).release(id, _ -> ledger.heard(asked));
  }
}
