package io.tollgate.limiter.redis.simulation;

/**
 * Something that goes wrong in a schedule.
 *
 * @param kind what
 * @param atMillis when
 * @param forMillis for how long, where that matters
 * @param who which instance, loop or key, by any number
 * @param amount of what the kind says
 */
record Fault(Kind kind, long atMillis, long forMillis, int who, long amount) {

  /** What can go wrong. */
  enum Kind {
    /** An instance dies; another one starts in its place when the time is over. */
    ENGINE_KILLED,
    /** An instance stands still while all others go on. */
    ENGINE_PAUSED,
    /** The clock of an instance is stepped by the amount, in milliseconds. */
    ENGINE_CLOCK,
    /** Messages to and from an instance arrive when the time is over. */
    ENGINE_PARTED,
    /** All connections of an instance break; who made them hears of it if the amount is 1. */
    CUT,
    /** Redis dies and starts again, and knows all. */
    REDIS_KILLED,
    /** Redis dies and starts again without what it heard in the last milliseconds. */
    REDIS_FORGETS,
    /** Redis dies and starts again empty. */
    REDIS_EMPTIED,
    /** Redis stands still, and then executes what waits. */
    REDIS_HANGS,
    /** Each message takes up to so many milliseconds more. */
    SLOW,
    /** Redis's clock is stepped by the amount, in milliseconds. */
    REDIS_CLOCK,
    /** Redis's clock is stepped so, and back when the time is over. */
    REDIS_CLOCK_AND_BACK,
    /** Redis refuses to write, for it has no memory. */
    OUT_OF_MEMORY,
    /** One counter is forgotten. */
    EVICTED,
    /**
     * A replica is promoted that lags by the amount; the old master answers on for the time, then
     * refuses to write, and closes its connections a second later.
     */
    FAILED_OVER,
    /** A replica is promoted that lags by the amount, since the master died. */
    MASTER_DIED
  }

  /** When its cause is over. */
  long endMillis() {
    return kind == Kind.FAILED_OVER ? atMillis + forMillis + 1_000 : atMillis + forMillis;
  }
}
