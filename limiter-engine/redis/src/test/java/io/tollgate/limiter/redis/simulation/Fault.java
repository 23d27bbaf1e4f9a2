package io.tollgate.limiter.redis.simulation;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Something that goes wrong in a schedule.
 *
 * @param kind what
 * @param atMillis when
 * @param forMillis for how long, where that matters
 * @param who which instance or key, by any number
 * @param amount of what the kind says
 */
record Fault(Kind kind, long atMillis, long forMillis, int who, long amount) {

  /** What can go wrong. */
  enum Kind {
    /** An instance dies; another one starts in its place when the time is over. */
    ENGINE_KILLED(true),
    /**
     * An instance gives back what it has in hand, leaves and ends; another one starts in its place
     * when the time is over.
     */
    ENGINE_LEAVES(true),
    /** An instance stands still while all others go on. */
    ENGINE_PAUSED(true),
    /** The clock of an instance is stepped by the amount, in milliseconds. */
    ENGINE_CLOCK(false),
    /** Messages to and from an instance arrive when the time is over. */
    ENGINE_PARTED(true),
    /** All connections of an instance break; who made them hears of it if the amount is 1. */
    CUT(false),
    /** Redis dies and starts again, and knows all. */
    REDIS_KILLED(true),
    /** Redis dies and starts again without what it heard in the last milliseconds. */
    REDIS_FORGETS(true),
    /** Redis dies and starts again empty. */
    REDIS_EMPTIED(true),
    /** Redis stands still, and then executes what waits. */
    REDIS_HANGS(true),
    /** Each message takes up to so many milliseconds more. */
    SLOW(true),
    /** Redis's clock is stepped by the amount, in milliseconds. */
    REDIS_CLOCK(false),
    /** Redis's clock is stepped so, and back when the time is over. */
    REDIS_CLOCK_AND_BACK(true),
    /** Redis refuses to write, for it has no memory. */
    OUT_OF_MEMORY(true),
    /** One counter is forgotten. */
    EVICTED(false),
    /**
     * A replica is promoted that lags by the amount; the old master answers on for the time, then
     * refuses to write, and closes its connections a second later.
     */
    FAILED_OVER(true),
    /** A replica is promoted that lags by the amount, since the master died. */
    MASTER_DIED(true),
    /** Messages between an instance and one master arrive when the time is over. */
    NODE_PARTED(true),
    /** A slot moves to another master, key by key, while it is used. */
    SLOT_MOVES(true);

    private final boolean lasts;

    Kind(boolean lasts) {
      this.lasts = lasts;
    }
  }

  private static final int SHORT = 300;
  private static final int LONG = 4_000;
  private static final int MOST_LAG = 1_500;

  /** What happens to a Cluster only. */
  private static final List<Kind> OF_CLUSTERS = List.of(Kind.NODE_PARTED, Kind.SLOT_MOVES);

  /** What goes wrong by chance; who leaves does so besides. */
  private static final List<Kind> ANY =
      Stream.of(Kind.values())
          .filter(kind -> kind != Kind.ENGINE_LEAVES && !OF_CLUSTERS.contains(kind))
          .toList();

  /** Any fault, before an instant. */
  static Fault of(Random random, long beforeMillis) {
    return of(ANY.get(random.nextInt(ANY.size())), random, beforeMillis);
  }

  /** Any fault that only a Cluster has, before an instant. */
  static Fault ofCluster(Random random, long beforeMillis) {
    return of(OF_CLUSTERS.get(random.nextInt(OF_CLUSTERS.size())), random, beforeMillis);
  }

  /** One of a kind, before an instant. */
  static Fault of(Kind kind, Random random, long beforeMillis) {
    long at = random.nextLong(beforeMillis);
    long length = 1L + random.nextInt(random.nextBoolean() ? SHORT : LONG);
    return new Fault(kind, at, kind.lasts ? length : 0, random.nextInt(64), amount(kind, random));
  }

  private static long amount(Kind kind, Random random) {
    return switch (kind) {
      case CUT -> random.nextInt(2);
      case SLOW -> 1L + random.nextInt(400);
      case REDIS_FORGETS, FAILED_OVER, MASTER_DIED -> random.nextInt(MOST_LAG);
      case ENGINE_CLOCK, REDIS_CLOCK, REDIS_CLOCK_AND_BACK -> step(random);
      case ENGINE_KILLED,
          ENGINE_LEAVES,
          ENGINE_PAUSED,
          ENGINE_PARTED,
          REDIS_KILLED,
          REDIS_EMPTIED,
          REDIS_HANGS,
          OUT_OF_MEMORY,
          EVICTED,
          NODE_PARTED,
          SLOT_MOVES ->
          0;
    };
  }

  /** Less than is noticed, about a second, some periods, or a day. */
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

  /** When its cause is over. */
  long endMillis() {
    return kind == Kind.FAILED_OVER ? atMillis + forMillis + 1_000 : atMillis + forMillis;
  }

  @Override
  public String toString() {
    String length = forMillis == 0 ? "" : " for " + forMillis + " ms";
    String size = amount == 0 ? "" : ", " + amount;
    return "at " + atMillis + " ms " + kind + length + size + " (" + who + ")";
  }
}
