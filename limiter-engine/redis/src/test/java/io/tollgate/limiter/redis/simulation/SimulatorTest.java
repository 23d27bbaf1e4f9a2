package io.tollgate.limiter.redis.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds what is planted, says the same each time, and shrinks what it finds. */
class SimulatorTest {

  /** Found after some thousand at the latest; without a defect none is found among many more. */
  private static final int SCHEDULES = 4_000;

  private static final long SEED = 20260115;

  /** By which words each mistake shows, whatever else it leads to. */
  private static final Map<Defect, String> SIGNS =
      Map.ofEntries(
          Map.entry(Defect.REPLAY, "charged twice"),
          Map.entry(Defect.STALE_DENIALS, "older than a quarter of a second"),
          Map.entry(Defect.NO_REANCHOR, "are left long after the last check"),
          Map.entry(Defect.LATE_AS_FIRST, "has not given to this question"),
          Map.entry(Defect.STAYS_DOWN, "is not up at the end"),
          Map.entry(Defect.FULL_SHARE, "share "),
          Map.entry(Defect.ASKS_AGAIN, "Redis has charged"),
          Map.entry(Defect.KEEPS_UNITS, "in one window"),
          Map.entry(Defect.NO_ASKING, "nothing has befallen"),
          Map.entry(Defect.OLD_VIEW, "is not up at the end"),
          Map.entry(Defect.NO_PUT_BACK, "undone"));

  private record Found(long seed, List<String> problems) {}

  private static Found find(Defect defect) {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      List<String> problems = Run.of(Schedule.of(seed), defect).problems();
      if (problems.stream().anyMatch(words -> words.contains(SIGNS.get(defect)))) {
        System.out.println(defect + " after " + (seed - SEED + 1) + ": " + problems.getFirst());
        return new Found(seed, problems);
      }
    }
    throw new AssertionError(defect + " was not found in " + SCHEDULES + " schedules");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatIsPlantedIsFound(Defect defect) {
    Found found = find(defect);
    assertFalse(found.problems.isEmpty());
    assertEquals(List.of(), Run.of(Schedule.of(found.seed), Defect.NONE).problems());
  }

  @Test
  void aScheduleRepeatsItself() {
    for (long seed = SEED; seed < SEED + 50; seed++) {
      assertEquals(Run.of(Schedule.of(seed), Defect.NONE), Run.of(Schedule.of(seed), Defect.NONE));
      assertEquals(
          Run.of(Schedule.of(seed), Defect.LATE_AS_FIRST),
          Run.of(Schedule.of(seed), Defect.LATE_AS_FIRST));
    }
  }

  @Test
  void whatFailsIsShrunk() {
    Schedule failing = Schedule.of(find(Defect.NO_REANCHOR).seed);
    Schedule shrunk =
        Shrinker.shrunk(failing, one -> !Run.of(one, Defect.NO_REANCHOR).problems().isEmpty());
    System.out.println(failing + "\nshrunk to\n" + shrunk);
    assertFalse(Run.of(shrunk, Defect.NO_REANCHOR).problems().isEmpty());
    assertEquals(1, shrunk.faults().size(), shrunk::toString);
    assertTrue(shrunk.cast().engines() == 1, shrunk::toString);
  }
}
