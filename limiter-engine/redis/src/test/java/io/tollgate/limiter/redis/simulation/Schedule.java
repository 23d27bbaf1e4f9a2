package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.simulation.Fault.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * All that is chosen before anything happens.
 *
 * @param seed of what is left to chance: delays, order, what clients ask when
 */
record Schedule(long seed, Cast cast, List<Fault> faults) {

  private static final int MOST_FAULTS = 6;
  private static final int MOST_RULES = 3;

  /** The schedule of a seed. */
  static Schedule of(long seed) {
    Random random = new Random(seed);
    Cast cast = cast(random);
    List<Fault> faults = new ArrayList<>();
    for (int left = random.nextInt(MOST_FAULTS + 1); left > 0; left--) {
      faults.add(fault(random, cast));
    }
    faults.sort(Comparator.comparingLong(Fault::atMillis));
    return new Schedule(seed, cast, List.copyOf(faults));
  }

  private static Cast cast(Random random) {
    List<Integer> rules = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_RULES); left > 0; left--) {
      rules.add(random.nextInt(Rules.ALL.size()));
    }
    return new Cast(
        1 + random.nextInt(4),
        1 + random.nextInt(2),
        random.nextInt(4) == 0,
        20 + random.nextInt(180),
        1 + random.nextInt(16),
        1 + random.nextInt(4),
        random.nextInt(4) == 0 ? 4 : 1_000,
        random.nextInt(4) == 0 ? 0 : 64,
        rules.stream().distinct().toList(),
        1 + random.nextInt(2),
        50 + random.nextInt(350),
        4_000 + random.nextInt(5_000));
  }

  private static Fault fault(Random random, Cast cast) {
    Kind[] kinds = Kind.values();
    Kind kind = kinds[random.nextInt(kinds.length)];
    long at = random.nextLong(cast.loadMillis());
    long length = 1L + random.nextInt(random.nextBoolean() ? 300 : 4_000);
    return new Fault(kind, at, lasts(kind) ? length : 0, random.nextInt(64), amount(kind, random));
  }

  private static boolean lasts(Kind kind) {
    return switch (kind) {
      case ENGINE_CLOCK, CUT, REDIS_CLOCK, EVICTED -> false;
      default -> true;
    };
  }

  private static long amount(Kind kind, Random random) {
    return switch (kind) {
      case CUT -> random.nextInt(2);
      case SLOW -> 1 + random.nextInt(400);
      case REDIS_FORGETS, FAILED_OVER, MASTER_DIED -> random.nextInt(1_500);
      case ENGINE_CLOCK, REDIS_CLOCK, REDIS_CLOCK_AND_BACK -> step(random);
      default -> 0;
    };
  }

  private static long step(Random random) {
    long size =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(50);
          case 1 -> random.nextInt(1_100);
          case 2 -> random.nextInt(10_000);
          default -> random.nextInt(100_000_000);
        };
    return random.nextBoolean() ? size : -size;
  }

  /** When the last fault is over. */
  long calmMillis() {
    return faults.stream().mapToLong(Fault::endMillis).max().orElse(0);
  }
}
