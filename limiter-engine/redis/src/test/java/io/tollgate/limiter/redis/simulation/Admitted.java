package io.tollgate.limiter.redis.simulation;

import java.util.Comparator;
import java.util.stream.IntStream;

/** What was admitted to one subject, in the order in which it was decided. */
final class Admitted {

  private final Tally tally;
  private final int[] order;
  private final int life;

  private Admitted(Tally tally, int[] order, int life) {
    this.tally = tally;
    this.order = order;
    this.life = life;
  }

  static Admitted of(Tally tally) {
    int[] order =
        IntStream.range(0, tally.at.size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> tally.at.get(i)))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Admitted(tally, order, -1);
  }

  /** What one life of an instance has admitted by its policy; -1: what Redis has. */
  Admitted ofLife(int one) {
    int[] some = IntStream.of(order).filter(i -> tally.life.get(i) == one).toArray();
    return new Admitted(tally, some, one);
  }

  /** Whose they are; -1: those of Redis, or of all. */
  int life() {
    return life;
  }

  int size() {
    return order.length;
  }

  /** The microsecond in which it was decided, in nanoseconds: stores have no finer time. */
  long at(int i) {
    long nanos = tally.at.get(order[i]);
    return nanos - nanos % 1_000;
  }

  long units(int i) {
    return tally.units.get(order[i]);
  }
}
