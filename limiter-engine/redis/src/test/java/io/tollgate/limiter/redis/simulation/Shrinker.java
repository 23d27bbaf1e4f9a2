package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds a simpler schedule that fails too: without some faults, with fewer who take part. */
final class Shrinker {

  /** A second or so; what is left then is short enough to be read. */
  private static final int MOST_TRIES = 400;

  private final Predicate<Schedule> fails;
  private int tries;

  private Shrinker(Predicate<Schedule> fails) {
    this.fails = fails;
  }

  /** As simple a schedule as is found within some tries; it fails as well. */
  static Schedule shrunk(Schedule failing, Predicate<Schedule> fails) {
    return new Shrinker(fails).shrink(failing);
  }

  private Schedule shrink(Schedule failing) {
    Schedule known = failing;
    Schedule simpler = simpler(known);
    while (!simpler.equals(known)) {
      known = simpler;
      simpler = simpler(known);
    }
    return known;
  }

  /** Simpler by one thing, and fails too; or the same when there is none, or no try left. */
  private Schedule simpler(Schedule known) {
    for (Schedule candidate : candidates(known)) {
      if (tries < MOST_TRIES) {
        tries++;
        if (fails.test(candidate)) {
          return candidate;
        }
      }
    }
    return known;
  }

  private static List<Schedule> candidates(Schedule known) {
    List<Schedule> candidates = new ArrayList<>();
    for (int i = known.faults().size() - 1; i >= 0; i--) {
      List<Fault> fewer = new ArrayList<>(known.faults());
      fewer.remove(i);
      candidates.add(new Schedule(known.seed(), known.cast(), List.copyOf(fewer)));
    }
    for (Cast cast : known.cast().simpler()) {
      candidates.add(new Schedule(known.seed(), cast, known.faults()));
    }
    return candidates;
  }
}
