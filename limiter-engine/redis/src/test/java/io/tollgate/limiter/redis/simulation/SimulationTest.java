package io.tollgate.limiter.redis.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SimulationTest {

  @Test
  void x() {
    long begun = System.nanoTime();
    var reached = new TreeMap<String, Bounds.Reached>();
    long end = begun + Long.getLong("tollgate.simulation.seconds", 10) * 1_000_000_000L;
    long first = Long.getLong("tollgate.seed", 1);
    int n = 0;
    int bad = 0;
    long answers = 0;
    for (long seed = first; System.nanoTime() < end; seed++) {
      n++;
      Schedule schedule = Schedule.of(seed);
      Run.Outcome outcome = Run.of(schedule, Defect.NONE);
      answers += outcome.answers();
      outcome.reached().forEach((k, v) -> reached.merge(k, v, Bounds.Reached::or));
      if (!outcome.problems().isEmpty()) {
        bad++;
        if (bad < 12) {
          System.out.println(schedule + "\n  " + String.join("\n  ", outcome.problems()));
        }
      }
    }
    double s = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%d schedules, %d bad, %.0f a minute, %d answers%n", n, bad, n / s * 60, answers);
    reached.forEach((k, v) -> System.out.println(k + " " + v.percent() + " % " + v));
    assertEquals(0, bad);
  }
}
