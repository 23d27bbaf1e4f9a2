package io.tollgate.limiter.redis.simulation;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom nothing has befallen: who asks a master without a fault, from an instance without one, is
 * answered by it, however others fare.
 */
final class Isolation {

  /** Until it has seen who has which slots, and connected. */
  private static final long STARTS_NANOS = 3 * World.SECOND;

  /** So many at once are answered soon, whatever the chance of a schedule. */
  private static final int LEAST_BATCH = 4;

  private static final int LEAST_WAITING = 100;

  private final @Nullable Bus bus;
  private final boolean isRoomy;
  private final Set<Integer> shards = new HashSet<>();
  private final Set<SimEngine> engines = new HashSet<>();

  /** Of a slot that moves or has, those who had it: who has not heard asks them. */
  private final Map<Integer, Set<Integer>> owners = new HashMap<>();

  private boolean all;

  /** Where there is no Cluster, nobody is promised anything. */
  Isolation(Cast cast, @Nullable Bus bus) {
    this.bus = bus;
    this.isRoomy = cast.lane().batch() >= LEAST_BATCH && cast.lane().waiting() >= LEAST_WAITING;
  }

  boolean isCluster() {
    return bus != null;
  }

  /** Whether nothing has befallen anybody. */
  boolean isUntouched() {
    return !all && shards.isEmpty() && engines.isEmpty() && owners.isEmpty();
  }

  void befalls(int shard) {
    shards.add(shard);
  }

  void befalls(SimEngine engine) {
    engines.add(engine);
  }

  void befallsAll() {
    all = true;
  }

  /** A slot moves: steps over one key go on, those over several may have to wait. */
  void moves(int slot, int from) {
    owners.computeIfAbsent(slot, _ -> new HashSet<>()).add(from);
  }

  /**
   * Whether Redis must decide.
   *
   * @param slots of all that is asked for
   * @param oneKey whether a single step over one key is asked
   */
  boolean isPromised(SimEngine engine, Iterable<Integer> slots, boolean oneKey, long askedAt) {
    if (bus == null || all || !isRoomy || engines.contains(engine)) {
      return false;
    }
    if (askedAt < engine.bornAt() + STARTS_NANOS) {
      return false;
    }
    for (int slot : slots) {
      Set<Integer> before = owners.getOrDefault(slot, Set.of());
      boolean waits = !before.isEmpty() && !oneKey;
      if (waits
          || shards.contains(bus.now().shard(slot))
          || !Collections.disjoint(shards, before)) {
        return false;
      }
    }
    return true;
  }
}
