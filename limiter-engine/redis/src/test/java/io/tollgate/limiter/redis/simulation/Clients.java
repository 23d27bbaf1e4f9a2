package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.Limit;
import java.util.List;
import java.util.Random;

/** Who asks: for each subject a stream of checks, to any living instance. */
final class Clients {

  /** Once all is over a check now and then, to see that instances have come back. */
  private static final long CALM_NANOS = 500 * World.MILLI;

  private static final int MOST_COST = 3;

  private final Run run;
  private long endNanos;

  Clients(Run run) {
    this.run = run;
  }

  /** Begins; each stream ends at an instant. */
  void start(long end) {
    endNanos = end;
    for (Subject subject : run.subjects()) {
      Random random = new Random(run.schedule.seed() * 7 + subject.number());
      next(subject, random);
    }
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
    if (run.world.now() > cast.loadMillis() * World.MILLI) {
      return CALM_NANOS / 2 + random.nextLong(CALM_NANOS);
    }
    // Demand per second, in units of 1/100, of the limit that admits least.
    long least = Long.MAX_VALUE;
    for (Limit limit : subject.limits()) {
      long period = limit.algorithm().periodMicros();
      long perSecond = period == 0 ? 10 : limit.algorithm().limit() * 1_000_000 / period;
      least = Math.min(least, Math.max(1, perSecond));
    }
    long mean = World.SECOND * 100 / (least * cast.pressure());
    return 1 + random.nextLong(2 * mean);
  }

  private void ask(Subject subject, Random random) {
    List<SimEngine> living = run.living();
    int which = random.nextInt(64);
    int lane = random.nextInt(64);
    long cost = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_COST) : 1;
    if (!living.isEmpty()) {
      SimEngine engine = living.get(which % living.size());
      run.world.at(run.world.now(), engine.host, () -> engine.check(subject, cost, lane));
    }
  }
}
