package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What servers of a modelled Cluster tell each other: who has which slots. */
final class Bus {

  private static final long MOST_GOSSIP_NANOS = 300 * World.MILLI;

  private final World world;
  private final Random random;
  private final List<Server> members = new ArrayList<>();
  private SlotMap now = SlotMap.THIRDS;
  private int missing;

  Bus(World world, long seed) {
    this.world = world;
    this.random = Chance.of(seed, 7);
  }

  /** Who has which slots, whether or not everybody has heard of it. */
  SlotMap now() {
    return now;
  }

  void join(Server server) {
    members.add(server);
  }

  /** Some know it at once, the others hear of it a little later. */
  void publish(SlotMap next, List<Server> atOnce) {
    now = next;
    members.removeIf(member -> !member.host.isAlive());
    for (Server member : members) {
      long later = atOnce.contains(member) ? 0 : random.nextLong(MOST_GOSSIP_NANOS);
      if (later == 0) {
        member.hear(next);
      } else {
        world.at(world.now() + later, member.host, () -> member.hear(next));
      }
    }
  }

  /** A master is missing: who serves nothing then does so from now on. */
  void misses() {
    missing++;
  }

  /** There is one again. */
  void missesNoMore() {
    missing--;
  }

  boolean isDown() {
    return missing > 0;
  }
}
