package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was admitted to one subject, as its callers have heard it. */
final class Tally {

  /** In place of a life of an instance: Redis itself. */
  static final int REDIS = -1;

  /** In place of one of a subject's limits. */
  static final int ALL_LIMITS = -1;

  /** In place of units: all that there were. */
  static final long ALL = -1;

  /** Units that do not count any more, in Redis or in the memory of an instance. */
  record Back(long at, int life, int limit, long units) {

    boolean isOf(int oneLimit) {
      return limit == ALL_LIMITS || limit == oneLimit;
    }
  }

  /** A lease as its holder knows it: from when to when. */
  static final class Lease {

    final long units;
    final int life;

    /** When it was granted, before all renewals. */
    final long granted;

    /** When it was granted, or renewed. */
    final long from;

    long until;

    Lease(long units, int life, long granted, long from, long until) {
      this.units = units;
      this.life = life;
      this.granted = granted;
      this.from = from;
      this.until = until;
    }
  }

  /** When it was decided, in nanoseconds; not in order. */
  final Longs at = new Longs();

  final Longs units = new Longs();

  /** The life of the instance whose policy admitted it, or {@link #REDIS}. */
  final Longs life = new Longs();

  final List<Back> back = new ArrayList<>();
  final List<Lease> leases = new ArrayList<>();

  /** Units of each limit that were charged in Redis, at once or later. */
  final long[] charged;

  /** Units of each limit that were taken ahead and have gone back. */
  final long[] givenBack;

  /** Units that callers were told Redis has admitted. */
  long admitted;

  /** Units of those, of which it is not known when Redis has charged them. */
  long vague;

  /** Units whose callers do not know whether Redis has charged them. */
  long unknown;

  /**
   * Units of reservations over several owners that were denied: they were charged and cancelled.
   */
  long undone;

  /** Units of checks over several owners that were denied: if a step was lost they stay charged. */
  long denied;

  private final Map<Integer, Longs> away = new HashMap<>();

  /** When the policy of a life of an instance has decided, in nanoseconds. */
  Longs away(int ofLife) {
    return away.computeIfAbsent(ofLife, _ -> new Longs());
  }

  Tally(int limits) {
    charged = new long[limits];
    givenBack = new long[limits];
  }

  /** Units that Redis has admitted from an instant on. */
  long admittedSince(long instant) {
    long sum = 0;
    for (int i = 0; i < at.size(); i++) {
      sum += at.get(i) >= instant && life.get(i) == REDIS ? units.get(i) : 0;
    }
    return sum;
  }

  void admitted(long instant, long count, int byLife) {
    at.add(instant);
    units.add(count);
    life.add(byLife);
  }
}
