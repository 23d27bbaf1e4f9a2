package io.tollgate.limiter.redis.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Thousands of schedules of faults over several engines and a modelled Redis: each within what is
 * published, and some at its edge.
 */
class SimulationTest {

  private static final boolean LONG = Boolean.getBoolean("tollgate.long");

  /** About half a minute of one core. */
  private static final int SCHEDULES = 9_000;

  private static final long SECONDS = Long.getLong("tollgate.simulation.seconds", 600);

  /** One that has found nothing, so that what a change breaks is the change's. */
  private static final long SEED = 20260115;

  private static final String KEPT = "simulation-seeds.txt";

  /** Bounds that at least one schedule must come near; who denies everything would pass else. */
  private static final List<String> REACHED =
      List.of(
          "shared token_bucket",
          "shared gcra",
          "shared leaky_bucket",
          "shared fixed_window",
          "shared sliding_window",
          "shared sliding_log",
          "shared fixed_window ahead",
          "shared fixed_window ahead, one window",
          "shared token_bucket ahead",
          "shared gcra ahead",
          "shared leaky_bucket ahead",
          "shared token_bucket, forgot",
          "shared fixed_window, forgot",
          "shared sliding_log, forgot",
          "shared token_bucket, stepped",
          "share token_bucket",
          "share fixed_window",
          "share sliding_log",
          "all token_bucket, shares",
          "all sliding_log, shares",
          "shared token_bucket in a Cluster",
          "shared fixed_window in a Cluster",
          "shared sliding_log in a Cluster",
          "shared fixed_window ahead in a Cluster",
          "shared token_bucket in a Cluster, forgot",
          "shared sliding_log in a Cluster, forgot",
          "share token_bucket in a Cluster");

  private static final int NEAR_PERCENT = 90;

  @Test
  void schedulesThatFailedOncePass() throws IOException {
    Campaign campaign = new Campaign(Defect.NONE);
    for (long seed : kept()) {
      pass(campaign, seed);
    }
  }

  private static List<Long> kept() throws IOException {
    try (var in = Objects.requireNonNull(SimulationTest.class.getResourceAsStream(KEPT));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
          .toList();
    }
  }

  @Test
  void everyScheduleStaysWithinItsBounds() {
    long first = Long.getLong("tollgate.seed", LONG ? System.nanoTime() : SEED);
    System.out.println("SimulationTest: -Dtollgate.seed=" + first);
    Campaign campaign = new Campaign(Defect.NONE);
    long begun = System.nanoTime();
    long most = LONG ? Long.MAX_VALUE : SCHEDULES;
    for (long i = 0; i < most && (!LONG || secondsSince(begun) < SECONDS); i++) {
      pass(campaign, first + i);
    }
    long nanos = System.nanoTime() - begun;
    System.out.println(campaign.report(nanos));
    for (String name : REACHED) {
      long percent = campaign.percent(name);
      assertTrue(
          percent >= NEAR_PERCENT,
          () -> String.format(Locale.ROOT, "'%s' came to %d %% of its bound", name, percent));
    }
  }

  private static long secondsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - nanos);
  }

  private static void pass(Campaign campaign, long seed) {
    Schedule schedule = Schedule.of(seed);
    List<String> problems = campaign.play(schedule);
    if (!problems.isEmpty()) {
      Schedule shrunk = Shrinker.shrunk(schedule, campaign::fails);
      fail(
          String.join("\n", problems)
              + "\nin "
              + schedule
              + "\nshrunk to "
              + shrunk
              + "\nwhere "
              + String.join("\n", campaign.play(shrunk))
              + "\nrepeat it with -Dtollgate.seed="
              + seed
              + ", and keep the seed in "
              + KEPT);
    }
  }
}
