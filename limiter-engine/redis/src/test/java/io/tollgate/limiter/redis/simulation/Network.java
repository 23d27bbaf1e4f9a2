package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Connector;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** What is between engines and Redis: how long it takes, and who is the master. */
final class Network {

  /** Between two machines of one house, there or back. */
  private static final long LEAST_NANOS = World.MILLI / 10;

  private static final long USUAL_NANOS = World.MILLI / 2;

  final World world;
  final Ledger ledger;
  private final Random random;
  private final Defect defect;
  final long limitNanos;
  private final Map<Host, Long> partedUntil = new HashMap<>();
  private Server master;
  private boolean refuses;
  private long slowUntil;
  private long slowNanos;

  Network(World world, Ledger ledger, Server master, Cast cast, long seed, Defect defect) {
    this.world = world;
    this.ledger = ledger;
    this.master = master;
    this.random = Chance.of(seed, 2);
    this.defect = defect;
    this.limitNanos = cast.limitNanos();
  }

  boolean plants(Defect one) {
    return defect == one;
  }

  Server master() {
    return master;
  }

  /** From now on connections lead to another server. */
  void promote(Server server) {
    master = server;
  }

  /** Whether who tries to connect is refused, since nobody is there. */
  void refuse(boolean all) {
    refuses = all;
  }

  boolean takesConnections() {
    return !refuses;
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

  /** When something arrives that an engine sends now, or that is sent to it. */
  long arrival(Host engine) {
    long begun = Math.max(world.now(), partedUntil.getOrDefault(engine, 0L));
    long slow = world.now() < slowUntil ? slowNanos / 2 + random.nextLong(slowNanos) : 0;
    return begun + LEAST_NANOS + random.nextLong(USUAL_NANOS) + slow;
  }

  /** Who connects, from an engine. */
  Connector connector(Host engine) {
    return listener -> world.at(arrival(engine), engine, () -> connect(engine, listener));
  }

  private void connect(Host engine, Connector.Listener listener) {
    if (refuses) {
      listener.failed(new IllegalStateException("connection refused"));
    } else {
      listener.connected(new Line(this, engine, master, listener));
    }
  }
}
