package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.Limit;
import java.util.List;
import java.util.Random;

/** Who asks: for each subject a stream of checks, to any living instance. */
final class Clients {

  /** Once all is over a check now and then, to see that instances have come back. */
  private static final long CALM_NANOS = 500 * World.MILLI;

  /** Demand for what has no period of seconds. */
  private static final long PER_SECOND = 10;

  private static final int MOST_COST = 3;
  private static final int MOST_BURST = 80;
  private static final int MOST_SQUEEZES = 3;

  /** Fewer checks do not make anybody take units ahead. */
  private static final int LEAST_FIRST = 6;

  /** How often a limit is asked for in full while it is squeezed. */
  private static final int PRESSED = 3;

  private static final long LONGEST_IDLE_NANOS = 600 * World.MILLI;
  private static final long LONGEST_NANOS = 2 * World.SECOND;

  private final Run run;
  private final Verbs verbs;
  private long endNanos;

  Clients(Run run) {
    this.run = run;
    this.verbs = new Verbs(run);
  }

  /** Begins; each stream ends at an instant. */
  void start(long end) {
    endNanos = end;
    for (Subject subject : run.subjects()) {
      Random random = Chance.of(run.schedule.seed(), 2_000L + subject.number());
      next(subject, random);
      bursts(subject, Chance.of(run.schedule.seed(), 3_000L + subject.number()));
      if (subject.isAhead()) {
        squeezes(subject, Chance.of(run.schedule.seed(), 5_000L + subject.number()));
      }
    }
  }

  /** Many checks at once, most of them where something changes: around faults, at windows' ends. */
  private void bursts(Subject subject, Random random) {
    for (int left = random.nextInt(run.schedule.cast().demand().bursts() + 1); left > 0; left--) {
      long capacity = subject.limits().getFirst().kernel().capacity();
      long at = instant(subject, random);
      long apart = 1 + random.nextLong(World.MILLI * (1 + random.nextInt(5)));
      int size = (int) Math.min(MOST_BURST, capacity + random.nextLong(capacity));
      for (int i = 0; i < size; i++) {
        run.at(at + i * apart, () -> ask(subject, random));
      }
    }
  }

  /**
   * What fills hands, a while in which they stay full and the limit recovers, and then more than
   * both can give for as long as a period, most of the time from about a window's end.
   */
  private void squeezes(Subject subject, Random random) {
    Limit limit = subject.limits().stream().filter(Limit::allots).findFirst().orElseThrow();
    long capacity = limit.kernel().capacity();
    long period = Math.min(limit.algorithm().periodMicros() * 1_000, LONGEST_NANOS);
    for (int left = random.nextInt(MOST_SQUEEZES); left > 0 && period > 0; left--) {
      long second = random.nextLong(run.schedule.cast().loadNanos());
      if (random.nextInt(4) > 0) {
        long near = random.nextLong(period / 10);
        second += period - second % period + (random.nextBoolean() ? near : -near);
      }
      long apart = 1 + random.nextLong(3 * World.MILLI);
      long first = LEAST_FIRST + random.nextLong(capacity);
      long begin = second - random.nextLong(LONGEST_IDLE_NANOS) - first * apart;
      for (int i = 0; i < first && begin > 0; i++) {
        run.at(begin + i * apart, () -> ask(subject, random));
      }
      for (int i = 0; i < capacity; i++) {
        run.at(second + i * apart / 8, () -> ask(subject, random));
      }
      for (int i = 0; i < PRESSED * capacity; i++) {
        run.at(second + i * period / (PRESSED * capacity), () -> ask(subject, random));
      }
    }
  }

  private long instant(Subject subject, Random random) {
    List<Fault> faults = run.schedule.faults();
    long load = run.schedule.cast().loadNanos();
    int choice = random.nextInt(4);
    if (choice == 0 && !faults.isEmpty()) {
      Fault fault = faults.get(random.nextInt(faults.size()));
      return near(fault.atMillis() * World.MILLI, random);
    } else if (choice == 1 && !faults.isEmpty()) {
      Fault fault = faults.get(random.nextInt(faults.size()));
      return near((fault.atMillis() + fault.forMillis()) * World.MILLI, random);
    }
    long any = random.nextLong(load);
    long period = subject.limits().getFirst().algorithm().periodMicros() * 1_000;
    return choice == 2 && period > 0 ? near(any - any % period, random) : any;
  }

  private static long near(long nanos, Random random) {
    long most = World.MILLI * (random.nextBoolean() ? 150 : 1_500);
    return Math.max(0, nanos - most / 2 + random.nextLong(most));
  }

  private void next(Subject subject, Random random) {
    long gap = gap(subject, random);
    if (run.world.now() + gap < endNanos) {
      run.at(
          run.world.now() + gap,
          () -> {
            ask(subject, random);
            next(subject, random);
          });
    }
  }

  private long gap(Subject subject, Random random) {
    Cast cast = run.schedule.cast();
    if (run.world.now() > cast.loadNanos()) {
      return CALM_NANOS / 2 + random.nextLong(CALM_NANOS);
    }
    // Demand per second, in units of 1/100, of the limit that admits least.
    long least = Long.MAX_VALUE;
    for (Limit limit : subject.limits()) {
      long period = limit.algorithm().periodMicros();
      long perSecond = period == 0 ? PER_SECOND : limit.algorithm().limit() * 1_000_000 / period;
      least = Math.min(least, Math.max(1, perSecond));
    }
    long mean = World.SECOND * 100 / (least * cast.demand().pressure());
    return 1 + random.nextLong(2 * mean);
  }

  private void ask(Subject subject, Random random) {
    List<SimEngine> living = run.serving();
    int which = random.nextInt(64);
    int lane = random.nextInt(64);
    long cost = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_COST) : 1;
    if (!living.isEmpty()) {
      SimEngine engine = living.get(which % living.size());
      run.world.at(
          run.world.now(),
          engine.host,
          () -> {
            // Who was stopped may find that he is to leave: a server takes no more checks then.
            if (engine.serves()) {
              ask(engine, lane, subject, cost, random);
            }
          });
    }
  }

  private void ask(SimEngine engine, int lane, Subject subject, long cost, Random random) {
    if (subject.rule().holds()) {
      verbs.acquire(engine, lane, subject, cost, random);
      return;
    }
    int choice = random.nextInt(100);
    if (choice >= run.schedule.cast().demand().verbs()) {
      engine.check(subject, cost, lane);
      return;
    }
    switch (random.nextInt(10)) {
      case 0 -> verbs.reset(engine, lane, subject);
      case 1, 2 -> verbs.refund(engine, lane, subject, cost);
      case 3, 4, 5 -> askOnce(engine, lane, subject, cost, random);
      case 6 -> engine.check(subject, 0, lane);
      default -> verbs.reserve(engine, lane, subject, cost, random);
    }
  }

  /** Of another owner, units would be charged by what looks like a take and is none. */
  private void askOnce(SimEngine engine, int lane, Subject subject, long cost, Random random) {
    if (subject.rule().apart() && subject.isAhead()) {
      engine.check(subject, cost, lane);
    } else {
      verbs.once(engine, lane, subject, cost, random);
    }
  }
}
