package io.tollgate.limiter.redis.simulation;

import java.util.List;

/** Makes faults happen, and notes what of them bears on bounds. */
final class Faults {

  private static final long LOADS_NANOS = 20 * World.MILLI;

  private final Run run;
  private final World world;
  private final Network network;
  private final Facts facts;

  Faults(Run run) {
    this.run = run;
    this.world = run.world;
    this.network = run.network;
    this.facts = run.ledger.facts;
  }

  void happen(Fault fault) {
    long length = fault.forMillis() * World.MILLI;
    switch (fault.kind()) {
      case ENGINE_KILLED -> killEngine(fault, length);
      case ENGINE_LEAVES -> letEngineLeave(fault, length);
      case ENGINE_PAUSED -> some(fault, engine -> engine.host.pause(length));
      case ENGINE_CLOCK -> some(fault, engine -> engine.stepClock(fault.amount() * 1_000));
      case ENGINE_PARTED -> some(fault, engine -> network.part(engine.host, length));
      case CUT -> some(fault, engine -> cut(engine, fault.amount() == 1));
      case REDIS_KILLED -> restart(length, world.now());
      case REDIS_FORGETS -> restart(length, world.now() - fault.amount() * World.MILLI);
      case REDIS_EMPTIED -> restart(length, -1);
      case REDIS_HANGS -> network.master().host.pause(length);
      case SLOW -> network.slow(length, fault.amount() * World.MILLI);
      case REDIS_CLOCK -> step(fault.amount());
      case REDIS_CLOCK_AND_BACK -> {
        step(fault.amount());
        run.at(world.now() + length, () -> step(-fault.amount()));
      }
      case OUT_OF_MEMORY -> refuseWrites(length);
      case EVICTED -> evict(fault);
      case FAILED_OVER -> failOver(fault, length, false);
      case MASTER_DIED -> failOver(fault, length, true);
    }
  }

  private interface OnEngine {

    void happen(SimEngine engine);
  }

  private void some(Fault fault, OnEngine what) {
    List<SimEngine> living = run.living();
    if (!living.isEmpty()) {
      what.happen(living.get(fault.who() % living.size()));
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
      world.at(world.now(), engine.host, engine::leave);
      run.at(world.now() + length, run::startEngine);
    }
  }

  private void cut(SimEngine engine, boolean told) {
    List.copyOf(network.master().lines).stream()
        .filter(line -> line.engine == engine.host)
        .forEach(line -> line.cut(told));
  }

  private static void cutAll(Server server, boolean told) {
    List.copyOf(server.lines).forEach(line -> line.cut(told));
  }

  /** Kills the master, and starts it with what it had heard up to an instant. */
  private void restart(long length, long knownUntil) {
    Server old = network.master();
    boolean forgets = knownUntil < world.now();
    old.host.kill();
    network.refuse(true);
    cutAll(old, true);
    run.at(
        world.now() + length,
        () -> {
          if (network.master() != old) {
            return;
          }
          ModelRedis known = knownUntil < 0 ? run.emptyRedis() : old.redis.asOf(knownUntil);
          Server next = new Server(world, known, run.ledger, old.clockAheadMicros());
          next.loadUntil(world.now() + LOADS_NANOS);
          if (forgets) {
            facts.forgot.add(world.now());
          }
          network.promote(next);
          network.refuse(false);
        });
  }

  private void step(long millis) {
    network.master().stepClock(millis * 1_000);
    facts.stepped.add(world.now());
  }

  private void refuseWrites(long length) {
    ModelRedis redis = network.master().redis;
    redis.refuseWrites("OOM command not allowed when used memory > 'maxmemory'.");
    run.at(world.now() + length, redis::writeAgain);
  }

  private void evict(Fault fault) {
    ModelRedis redis = network.master().redis;
    List<String> keys = redis.counters();
    if (!keys.isEmpty()) {
      redis.evict(keys.get(fault.who() % keys.size()), world.now());
      facts.forgot.add(world.now());
    }
  }

  private void failOver(Fault fault, long length, boolean died) {
    Server old = network.master();
    if (!old.host.isAlive()) {
      return;
    }
    long knownUntil = world.now() - fault.amount() * World.MILLI;
    Server next = new Server(world, old.redis.asOf(knownUntil), run.ledger, old.clockAheadMicros());
    facts.forgot.add(world.now());
    if (died) {
      old.host.kill();
      cutAll(old, false);
      network.refuse(true);
      run.at(world.now() + length, () -> network.refuse(false));
      network.promote(next);
      return;
    }
    network.promote(next);
    long demoted = world.now() + length;
    facts.oldMasters.add(new Facts.OldMaster(world.now(), demoted));
    run.at(demoted, () -> old.redis.refuseWrites("READONLY You can't write against a read only"));
    run.at(
        demoted + World.SECOND,
        () -> {
          old.host.kill();
          cutAll(old, true);
        });
  }
}
