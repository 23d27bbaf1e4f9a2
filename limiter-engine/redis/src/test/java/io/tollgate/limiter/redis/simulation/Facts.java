package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;

/** What bears on bounds and is no count of what was admitted. */
final class Facts {

  /** One life of an instance. */
  static final class Life {

    /** When it began. */
    final long from;

    /** How many loops it has. */
    final int lanes;

    /** When it ended. */
    long until = Long.MAX_VALUE;

    Life(long from, int lanes) {
      this.from = from;
      this.lanes = lanes;
    }

    /** When its policy has decided, in nanoseconds. */
    final Longs away = new Longs();

    /** When it was told how many instances there are, and how many. */
    final Longs toldAt = new Longs();

    final Longs told = new Longs();

    /** When its memory may have lost count: its clock was stepped, its keys are others now. */
    final Longs lostCount = new Longs();

    /** The fewest instances that it took there to be at some time between two instants. */
    long fewestInstances(long from, long to) {
      int first = toldAt.before(from) - 1;
      long least = first < 0 ? 1 : told.get(first);
      for (int i = first + 1; i < told.size() && toldAt.get(i) <= to; i++) {
        least = Math.min(least, told.get(i));
      }
      return Math.max(1, least);
    }
  }

  /** While a master that was replaced may still be asked. */
  record OldMaster(long from, long to) {}

  final List<Life> lives = new ArrayList<>();
  final List<OldMaster> oldMasters = new ArrayList<>();

  /** When Redis has forgotten something of any key. */
  final Longs forgot = new Longs();

  /** When Redis's clock was stepped. */
  final Longs stepped = new Longs();

  /** Whether Redis has kept all, by one clock. */
  boolean isFaithful() {
    return forgot.size() == 0 && stepped.size() == 0 && oldMasters.isEmpty();
  }

  Life newLife(long now, int lanes) {
    Life life = new Life(now, lanes);
    lives.add(life);
    return life;
  }
}
