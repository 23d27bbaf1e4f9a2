package io.tollgate.limiter.redis.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Many schedules, one after the other, and what they came to together. */
final class Campaign {

  private final Defect defect;
  private final Map<String, Bounds.Reached> reached = new TreeMap<>();
  private int schedules;
  private int faults;
  private long answers;
  private long degraded;
  private long cached;

  Campaign(Defect defect) {
    this.defect = defect;
  }

  /** Plays one; what must not be is returned in words. */
  List<String> play(Schedule schedule) {
    Run.Outcome outcome = Run.of(schedule, defect);
    schedules++;
    faults += schedule.faults().size();
    answers += outcome.answers();
    degraded += outcome.degraded();
    cached += outcome.cached();
    outcome.reached().forEach((name, one) -> reached.merge(name, one, Bounds.Reached::or));
    return outcome.problems();
  }

  boolean fails(Schedule schedule) {
    return !Run.of(schedule, defect).problems().isEmpty();
  }

  /** How near a bound any schedule has come. */
  long percent(String name) {
    Bounds.Reached one = reached.get(name);
    return one == null ? 0 : one.percent();
  }

  /** A line of counts, then a line for each bound: what was counted beside it. */
  String report(long nanos) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "%d schedules, %d a minute, %d faults, %d answers, %d by policies, %d repeated denials",
            schedules,
            schedules * 60_000L / millis,
            faults,
            answers,
            degraded,
            cached));
    reached.forEach((name, one) -> {
      // What several things have raised says little.
      if (name.indexOf(',') == name.lastIndexOf(',')) {
        out.append(line(name, one));
      }
    });
    return out.toString();
  }

  private static String line(String name, Bounds.Reached one) {
    return String.format(
        Locale.ROOT,
        "%n%4d %% %s: %d of %d, %s",
        one.percent(),
        name,
        one.count(),
        one.bound(),
        one.limit().algorithm());
  }
}
