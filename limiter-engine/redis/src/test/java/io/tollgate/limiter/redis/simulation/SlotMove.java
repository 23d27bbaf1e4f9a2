package io.tollgate.limiter.redis.simulation;

import java.util.List;

/**
 * A slot on its way from one master to another, as redis-cli moves it: marked at both, key by key,
 * then told to all. When one of the two is replaced by its replica, which does not know of it, what
 * has moved is lost.
 */
final class SlotMove {

  private static final int STEPS = 6;
  private static final long RETRY_NANOS = 20 * World.MILLI;

  private final Run run;
  private final Bus bus;
  private final int slot;
  private final int from;
  private final int to;
  private boolean ended;

  /** A move that begins now. */
  SlotMove(Run run, Bus bus, int slot, int from, int to) {
    this.run = run;
    this.bus = bus;
    this.slot = slot;
    this.from = from;
    this.to = to;
  }

  int slot() {
    return slot;
  }

  boolean hasEnded() {
    return ended;
  }

  boolean involves(int shard) {
    return !ended && (shard == from || shard == to);
  }

  private Server source() {
    return run.network.master(from);
  }

  private Server target() {
    return run.network.master(to);
  }

  void begin(long nanos) {
    source().migrating.put(slot, target().place);
    target().importing.add(slot);
    for (int step = 1; step < STEPS; step++) {
      run.at(run.world.now() + nanos * step / STEPS, this::moveOne);
    }
    run.at(run.world.now() + nanos, this::end);
  }

  private boolean canMove() {
    boolean both = run.network.takesConnections(from) && run.network.takesConnections(to);
    return both && source().isAwake() && target().isAwake();
  }

  private void moveOne() {
    List<String> keys = source().redis.ofSlot(slot);
    if (!ended && canMove() && !keys.isEmpty()) {
      move(keys.getFirst());
    }
  }

  private void move(String key) {
    source().handOver(key, target());
    if (source().clockAheadMicros() != target().clockAheadMicros()) {
      run.ledger.facts.stepped(key, run.world.now());
    }
  }

  private void end() {
    if (ended) {
      return;
    } else if (!canMove()) {
      run.at(run.world.now() + RETRY_NANOS, this::end);
      return;
    }
    ended = true;
    source().redis.ofSlot(slot).forEach(this::move);
    source().settles(slot);
    target().settles(slot);
    bus.publish(bus.now().moved(slot, to), List.of(source(), target()));
  }

  /** One of the two has a new master: the slot stays where it was, without what has moved. */
  void abandon() {
    ended = true;
    source().settles(slot);
    target().settles(slot);
    for (String key : target().redis.ofSlot(slot)) {
      target().redis.evict(key, run.world.now());
    }
  }
}
