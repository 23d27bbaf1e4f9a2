package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Observer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Units that engines take ahead: what they say of them, beside what Redis has charged and got back.
 */
final class Hands {

  private enum End {
    NONE,
    DRAINED,
    KILLED
  }

  /** One life of an instance, all of its loops. */
  private static final class Life {

    final Map<Observer.Units, Long> told = new EnumMap<>(Observer.Units.class);
    long charged;
    long back;
    End end = End.NONE;

    long told(Observer.Units what) {
      return told.getOrDefault(what, 0L);
    }

    /** What Redis counts and no check has got. */
    long rest() {
      return charged - back - told(Observer.Units.SPENT);
    }

    /** What may be lost: of who was killed, all that he had in hand or on its way. */
    long lost() {
      return end == End.KILLED ? Math.max(0, rest()) : told(Observer.Units.LOST);
    }
  }

  private final Map<Host, Life> lives = new LinkedHashMap<>();

  private Life of(Host engine) {
    return lives.computeIfAbsent(engine, _ -> new Life());
  }

  /** An engine says what has become of units. */
  void told(Host engine, Observer.Units what, long units) {
    of(engine).told.merge(what, units, Long::sum);
  }

  /** Redis has charged an engine units that it takes ahead. */
  void charged(Host engine, long units) {
    of(engine).charged += units;
  }

  /** Redis has heard of units that an engine gives back. */
  void givenBack(Host engine, long units) {
    of(engine).back += units;
  }

  /** An engine says that it has nothing in hand any more. */
  void drained(Host engine) {
    of(engine).end = End.DRAINED;
  }

  /** An engine has ended; whatever it has not said before is lost. */
  void killed(Host engine) {
    if (of(engine).end != End.DRAINED) {
      of(engine).end = End.KILLED;
    }
  }

  /** The most units that are charged and that no check has got. */
  long lost() {
    return lives.values().stream().mapToLong(Life::lost).sum();
  }

  /** When every engine has ended or was drained: each unit is accounted for, once. */
  void check(Ledger ledger) {
    for (Life life : lives.values()) {
      long taken = life.told(Observer.Units.TAKEN);
      long gone = life.told(Observer.Units.SPENT) + life.told(Observer.Units.RETURNED);
      long lost = life.told(Observer.Units.LOST);
      if (life.end != End.KILLED && (life.end != End.DRAINED || taken != gone + lost)) {
        ledger.problem("an instance that is " + life.end + " says of what it took " + life.told);
      }
      if (life.rest() < 0 || life.rest() > life.lost()) {
        ledger.problem(
            "an instance was charged "
                + life.charged
                + " ahead, gave back "
                + life.back
                + " and says "
                + life.told);
      }
    }
  }
}
