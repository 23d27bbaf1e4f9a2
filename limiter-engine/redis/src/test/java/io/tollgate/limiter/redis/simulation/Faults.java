package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Fleet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Makes faults happen, and notes what of them bears on bounds. */
final class Faults {

  private static final long LOADS_NANOS = 20 * World.MILLI;

  private final Run run;
  private final World world;
  private final Network network;
  private final Ledger ledger;
  private final Isolation isolation;
  private final List<SlotMove> moves = new ArrayList<>();

  Faults(Run run) {
    this.run = run;
    this.world = run.world;
    this.network = run.network;
    this.ledger = run.ledger;
    this.isolation = run.ledger.isolation;
  }

  void happen(Fault fault) {
    long length = fault.forMillis() * World.MILLI;
    int shard = fault.who() % network.shards();
    switch (fault.kind()) {
      case ENGINE_KILLED -> killEngine(fault, length);
      case ENGINE_LEAVES -> letEngineLeave(fault, length);
      case ENGINE_PAUSED -> some(fault, engine -> engine.host.pause(length));
      case ENGINE_CLOCK -> some(fault, engine -> engine.stepClock(fault.amount() * 1_000));
      case ENGINE_PARTED -> some(fault, engine -> network.part(engine.host, length));
      case NODE_PARTED -> part(fault, length);
      case CUT -> some(fault, engine -> cut(engine, fault.amount() == 1));
      case SLOW -> slow(fault, length);
      case SLOT_MOVES -> moveSlot(fault, length);
      case REDIS_KILLED,
          REDIS_FORGETS,
          REDIS_EMPTIED,
          REDIS_HANGS,
          REDIS_CLOCK,
          REDIS_CLOCK_AND_BACK,
          OUT_OF_MEMORY,
          EVICTED,
          FAILED_OVER,
          MASTER_DIED ->
          happen(fault, shard, length);
    }
  }

  private void happen(Fault fault, int shard, long length) {
    isolation.befalls(shard);
    switch (fault.kind()) {
      case REDIS_KILLED -> restart(shard, length, world.now());
      case REDIS_FORGETS -> restart(shard, length, world.now() - fault.amount() * World.MILLI);
      case REDIS_EMPTIED -> restart(shard, length, -1);
      case REDIS_HANGS -> network.master(shard).host.pause(length);
      case REDIS_CLOCK -> step(shard, fault.amount());
      case REDIS_CLOCK_AND_BACK -> {
        step(shard, fault.amount());
        run.at(world.now() + length, () -> step(shard, -fault.amount()));
      }
      case OUT_OF_MEMORY -> refuseWrites(shard, length);
      case EVICTED -> evict(fault, shard);
      case FAILED_OVER -> failOver(fault, shard, length, false);
      case MASTER_DIED -> failOver(fault, shard, length, true);
      default -> throw new IllegalArgumentException("no fault of a server: " + fault);
    }
  }

  private interface OnEngine {

    void happen(SimEngine engine);
  }

  private void some(Fault fault, OnEngine what) {
    List<SimEngine> living = run.living();
    if (!living.isEmpty()) {
      SimEngine engine = living.get(fault.who() % living.size());
      isolation.befalls(engine);
      what.happen(engine);
    }
  }

  private void killEngine(Fault fault, long length) {
    some(
        fault,
        engine -> {
          engine.kill();
          cut(engine, false);
          run.at(world.now() + length, run::startEngine);
        });
  }

  private void letEngineLeave(Fault fault, long length) {
    List<SimEngine> serving = run.serving();
    if (!serving.isEmpty()) {
      SimEngine engine = serving.get(fault.who() % serving.size());
      isolation.befalls(engine);
      world.at(world.now(), engine.host, engine::leave);
      run.at(world.now() + length, run::startEngine);
    }
  }

  private void slow(Fault fault, long length) {
    isolation.befallsAll();
    network.slow(length, fault.amount() * World.MILLI);
  }

  private void part(Fault fault, long length) {
    int shard = fault.who() / network.shards() % network.shards();
    isolation.befalls(shard);
    List<SimEngine> living = run.living();
    if (!living.isEmpty()) {
      network.part(living.get(fault.who() % living.size()).host, shard, length);
    }
  }

  private void cut(SimEngine engine, boolean told) {
    for (Server master : network.masters()) {
      List.copyOf(master.lines).stream()
          .filter(line -> line.engine == engine.host)
          .forEach(line -> line.cut(told));
    }
  }

  private static void cutAll(Server server, boolean told) {
    List.copyOf(server.lines).forEach(line -> line.cut(told));
  }

  /** The counters that a shard has, or is about to have, or has handed over lately. */
  private void counters(int shard, Consumer<Facts.Counter> what) {
    affected(ofShard(shard)).forEach(part -> what.accept(ledger.facts.of(part)));
  }

  /** Who loses the hash key counts under other keys from then on. */
  private Collection<Subject.Part> affected(IntPredicate slots) {
    boolean all = run.bus == null || (run.schedule.cast().agrees() && slots.test(Fleet.SLOT));
    return all
        ? run.subjects().stream().flatMap(subject -> subject.parts().stream()).toList()
        : ledger.facts.counters(slots);
  }

  /** The slots that a shard has now, or is about to have or to hand over. */
  private IntPredicate ofShard(int shard) {
    if (run.bus == null) {
      return _ -> true;
    }
    SlotMap now = run.bus.now();
    List<Integer> moving =
        moves.stream().filter(move -> move.involves(shard)).map(SlotMove::slot).toList();
    return slot -> now.shard(slot) == shard || moving.contains(slot);
  }

  private void forgets(int shard) {
    counters(shard, counter -> counter.forgot.add(world.now()));
  }

  /** Kills the master, and starts it with what it had heard up to an instant. */
  private void restart(int shard, long length, long knownUntil) {
    Server old = network.master(shard);
    boolean forgets = knownUntil < world.now();
    old.host.kill();
    network.refuse(shard, true);
    cutAll(old, true);
    run.at(
        world.now() + length,
        () -> {
          if (network.master(shard) != old) {
            return;
          }
          ModelRedis known = knownUntil < 0 ? run.emptyRedis() : old.redis.asOf(knownUntil);
          Server next =
              new Server(world, old.place, known, ledger, old.clockAheadMicros(), run.bus);
          next.goesOnFrom(old);
          next.loadUntil(world.now() + LOADS_NANOS);
          if (forgets) {
            forgets(shard);
          }
          network.promote(next);
          network.refuse(shard, false);
        });
  }

  private void step(int shard, long millis) {
    network.master(shard).stepClock(millis * 1_000);
    counters(shard, counter -> counter.stepped.add(world.now()));
  }

  private void refuseWrites(int shard, long length) {
    ModelRedis redis = network.master(shard).redis;
    redis.refuseWrites("OOM command not allowed when used memory > 'maxmemory'.");
    run.at(world.now() + length, redis::writeAgain);
  }

  private void evict(Fault fault, int shard) {
    ModelRedis redis = network.master(shard).redis;
    List<String> keys = redis.counters();
    if (!keys.isEmpty()) {
      String key = keys.get(fault.who() % keys.size());
      redis.evict(key, world.now());
      ledger.facts.forgot(key, world.now());
    }
  }

  private void failOver(Fault fault, int shard, long length, boolean died) {
    Server old = network.master(shard);
    if (!old.host.isAlive()) {
      return;
    }
    long knownUntil = world.now() - fault.amount() * World.MILLI;
    ModelRedis known = old.redis.asOf(knownUntil);
    Server next =
        new Server(world, old.place.next(), known, ledger, old.clockAheadMicros(), run.bus);
    forgets(shard);
    network.promote(next);
    abandonMoves(shard, old);
    if (died) {
      old.host.kill();
      cutAll(old, false);
      network.refuse(shard, true);
      misses(length);
      run.at(
          world.now() + length,
          () -> {
            network.refuse(shard, false);
            tellOf(network.master(shard));
          });
      return;
    }
    long demoted = world.now() + length;
    IntPredicate slots = ofShard(shard);
    ledger.facts.replaced(new Facts.OldMaster(world.now(), demoted, slots));
    old.hearNothing(true);
    tellOf(next);
    run.at(demoted, () -> demote(old));
  }

  /** In a Cluster it says who is the master now; elsewhere it only refuses, and hangs up soon. */
  private void demote(Server old) {
    if (run.bus != null) {
      old.hearNothing(false);
      return;
    }
    old.redis.refuseWrites("READONLY You can't write against a read only");
    run.at(
        world.now() + World.SECOND,
        () -> {
          old.host.kill();
          cutAll(old, true);
        });
  }

  private void tellOf(Server next) {
    if (run.bus != null) {
      SlotMap now = run.bus.now();
      run.bus.publish(now.promoted(next.place.shard(), next.place.address()), List.of(next));
    }
  }

  /** A Cluster that must be whole serves nothing while a master is missing. */
  private void misses(long length) {
    Bus bus = run.bus;
    if (bus != null && run.schedule.cast().site() == Cast.Site.WHOLE_CLUSTER) {
      isolation.befallsAll();
      bus.misses();
      run.at(world.now() + length, bus::missesNoMore);
    }
  }

  private void abandonMoves(int shard, Server old) {
    for (SlotMove move : moves) {
      if (move.involves(shard)) {
        affected(slot -> slot == move.slot())
            .forEach(part -> ledger.facts.of(part).forgot.add(world.now()));
        move.abandon();
        old.settles(move.slot());
      }
    }
  }

  private void moveSlot(Fault fault, long length) {
    Bus bus = run.bus;
    if (bus == null) {
      return;
    }
    List<Integer> slots = ledger.facts.slots();
    int which = fault.who() % (slots.size() + 1);
    int slot = which == slots.size() ? Fleet.SLOT : slots.get(which);
    int from = bus.now().shard(slot);
    int to = (from + 1 + fault.who() % 2) % network.shards();
    boolean moves = this.moves.stream().anyMatch(move -> move.slot() == slot && !move.hasEnded());
    if (!moves && network.master(from).isAwake() && network.master(to).isAwake()) {
      isolation.moves(slot, from);
      isolation.moves(slot, to);
      SlotMove move = new SlotMove(run, bus, slot, from, to);
      this.moves.add(move);
      move.begin(length);
    }
  }
}
