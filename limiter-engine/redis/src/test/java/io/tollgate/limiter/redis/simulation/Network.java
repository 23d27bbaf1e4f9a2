package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Connector;
import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.TopologySource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is between engines and Redis: how long it takes, and who is where. */
final class Network {

  /** Between two machines of one house, there or back. */
  private static final long LEAST_NANOS = World.MILLI / 10;

  private static final long USUAL_NANOS = World.MILLI / 2;

  /** An engine and one of the masters. */
  private record Way(Host engine, int shard) {}

  final World world;
  final Ledger ledger;
  private final Random random;
  private final Defect defect;
  final long limitNanos;
  private final Map<Host, Long> partedUntil = new HashMap<>();
  private final Map<Way, Long> cutOffUntil = new HashMap<>();
  private final List<Server> masters = new ArrayList<>();
  private final Map<RedisAddress.Server, Server> servers = new HashMap<>();
  private final boolean[] refuses;
  private long slowUntil;
  private long slowNanos;

  /**
   * The network of a schedule.
   *
   * @param first the only server, or the masters of a Cluster
   */
  Network(World world, Ledger ledger, List<Server> first, Cast cast, long seed, Defect defect) {
    this.world = world;
    this.ledger = ledger;
    this.random = Chance.of(seed, 2);
    this.defect = defect;
    this.limitNanos = cast.limitNanos();
    this.refuses = new boolean[first.size()];
    first.forEach(server -> {
      masters.add(server);
      servers.put(server.place.address(), server);
    });
  }

  boolean plants(Defect one) {
    return defect == one;
  }

  /** How many masters there are. */
  int shards() {
    return masters.size();
  }

  Server master(int shard) {
    return masters.get(shard);
  }

  List<Server> masters() {
    return List.copyOf(masters);
  }

  /** From now on a shard has another master; what it replaces is known by its own address still. */
  void promote(Server server) {
    masters.set(server.place.shard(), server);
    servers.put(server.place.address(), server);
  }

  /** Whether who tries to connect to a shard's master is refused, since nobody is there. */
  void refuse(int shard, boolean all) {
    refuses[shard] = all;
  }

  boolean takesConnections(int shard) {
    return !refuses[shard];
  }

  /** From now on each message takes so much longer. */
  void slow(long forNanos, long nanos) {
    slowUntil = world.now() + forNanos;
    slowNanos = nanos;
  }

  /** Holds all messages to and from an engine; they arrive when it is over, as TCP sends anew. */
  void part(Host engine, long nanos) {
    partedUntil.merge(engine, world.now() + nanos, Math::max);
  }

  /** As {@link #part}, between an engine and one of the shards. */
  void part(Host engine, int shard, long nanos) {
    cutOffUntil.merge(new Way(engine, shard), world.now() + nanos, Math::max);
  }

  /** When something arrives that an engine sends to a shard now, or that is sent to it. */
  long arrival(Host engine, int shard) {
    long begun = Math.max(world.now(), partedUntil.getOrDefault(engine, 0L));
    begun = Math.max(begun, cutOffUntil.getOrDefault(new Way(engine, shard), 0L));
    long slow = world.now() < slowUntil ? slowNanos / 2 + random.nextLong(slowNanos) : 0;
    return begun + LEAST_NANOS + random.nextLong(USUAL_NANOS) + slow;
  }

  /** Who connects to the only master, from an engine. */
  Connector connector(Host engine) {
    return connector(engine, 0, () -> masters.getFirst());
  }

  /** Who connects to one server of a Cluster, from an engine. */
  Connector connector(Host engine, RedisAddress.Server address) {
    return connector(engine, shard(address), () -> servers.get(address));
  }

  /** The shard that an address is of, whether or not somebody is there by now. */
  private int shard(RedisAddress.Server address) {
    int[] shards = new int[masters.size()];
    Arrays.setAll(shards, i -> i);
    return Arrays.stream(shards)
        .filter(i -> masters.get(i).place.address().host().equals(address.host()))
        .findFirst()
        .orElseThrow();
  }

  private Connector connector(Host engine, int shard, Supplier<@Nullable Server> who) {
    return listener ->
        world.at(arrival(engine, shard), engine, () -> connect(engine, who, listener));
  }

  private void connect(Host engine, Supplier<@Nullable Server> who, Connector.Listener listener) {
    Server server = who.get();
    if (server == null || isRefused(server)) {
      listener.failed(new IllegalStateException("connection refused"));
    } else {
      listener.connected(new Line(this, engine, server, who, listener));
    }
  }

  private boolean isRefused(Server server) {
    int shard = server.place.shard();
    return !server.host.isAlive() || (refuses[shard] && masters.get(shard) == server);
  }

  /** Who asks servers of a Cluster who has which slots, from an engine. */
  TopologySource topology(Host engine) {
    return (address, listener) -> {
      int shard = shard(address);
      world.at(
          arrival(engine, shard),
          engine,
          () -> {
            Server server = servers.get(address);
            if (server == null || isRefused(server)) {
              listener.failed(new IllegalStateException("connection refused"));
            } else {
              world.at(arrival(engine, shard), server.host, () -> tell(engine, server, listener));
            }
          });
    };
  }

  private void tell(Host engine, Server server, TopologySource.Listener listener) {
    SlotMap known = plants(Defect.OLD_VIEW) ? SlotMap.THIRDS : server.known();
    world.at(arrival(engine, server.place.shard()), engine, () -> listener.seen(known.topology()));
  }
}
