package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * All that is chosen before anything happens.
 *
 * @param seed of what is left to chance: delays, order, what clients ask when
 */
record Schedule(long seed, Cast cast, List<Fault> faults) {

  private static final int MOST_FAULTS = 6;

  /** Of so many schedules one is about units that are taken ahead. */
  private static final int AHEAD_ONE_OF = 8;

  private static final int MOST_LEAVING = 2;

  /** Of so many schedules one is over a Cluster. */
  private static final int SPREAD_ONE_OF = 4;

  private static final int MOST_OF_CLUSTER = 3;

  /** The schedule of a seed. */
  static Schedule of(long seed) {
    Random random = Chance.of(seed, 0);
    Cast cast = Cast.of(random);
    List<Fault> faults = new ArrayList<>();
    for (int left = random.nextInt(MOST_FAULTS + 1); left > 0; left--) {
      faults.add(Fault.of(random, cast.demand().loadMillis()));
    }
    Random ahead = Chance.of(seed, 5);
    if (ahead.nextInt(AHEAD_ONE_OF) == 0) {
      cast = cast.ahead(ahead);
      for (int left = ahead.nextInt(MOST_LEAVING + 1); left > 0; left--) {
        faults.add(Fault.of(Fault.Kind.ENGINE_LEAVES, ahead, cast.demand().loadMillis()));
      }
    }
    Random spread = Chance.of(seed, 6);
    if (spread.nextInt(SPREAD_ONE_OF) == 0) {
      cast = cast.spread(spread);
      for (int left = spread.nextInt(MOST_OF_CLUSTER + 1); left > 0; left--) {
        faults.add(Fault.ofCluster(spread, cast.demand().loadMillis()));
      }
    }
    faults.sort(Comparator.comparingLong(Fault::atMillis));
    return new Schedule(seed, cast, List.copyOf(faults));
  }

  /** When the last fault is over. */
  long calmMillis() {
    return faults.stream().mapToLong(Fault::endMillis).max().orElse(0);
  }

  /** As a person reads it: who, and then each fault in a line. */
  @Override
  public String toString() {
    String happens = faults.stream().map(fault -> "\n  " + fault).collect(Collectors.joining());
    return "seed " + seed + ": " + cast + happens;
  }
}
