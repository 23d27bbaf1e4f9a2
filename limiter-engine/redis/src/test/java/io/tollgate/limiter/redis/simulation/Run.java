package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays one schedule from its first instant to the quiet at its end. */
final class Run {

  /**
   * What came of a schedule.
   *
   * @param problems what must not be, in words; empty when all is well
   * @param reached how near bounds were come
   */
  record Outcome(
      List<String> problems,
      Map<String, Bounds.Reached> reached,
      long answers,
      long degraded,
      long cached) {}

  /**
   * After faults: a connection that never comes about is given up after 6 s, the next attempt waits
   * 2 s at most, and one that was begun meanwhile once more.
   */
  private static final long RECOVERS_NANOS = 9 * World.SECOND;

  /** An instance that was killed is counted for 15 s, and others hear of it with the next beat. */
  private static final long QUIET_NANOS = 16 * World.SECOND;

  private static final Kernels KERNELS = new Kernels(Rules.limits());

  final Schedule schedule;
  final World world;
  final Ledger ledger;
  final Network network;
  final List<SimEngine> engines = new ArrayList<>();
  private final List<Subject> subjects = new ArrayList<>();
  private final Defect defect;
  private final Host outside;
  private final long calmNanos;

  /** Where servers of a Cluster tell each other who has which slots; null where there is none. */
  final @Nullable Bus bus;

  private Run(Schedule schedule, Defect defect) {
    this.schedule = schedule;
    this.defect = defect;
    this.world = new World(schedule.seed());
    this.outside = new Host(world);
    Cast cast = schedule.cast();
    for (int rule : cast.demand().rules()) {
      for (int i = 0; i < cast.demand().identifiers(); i++) {
        subjects.add(new Subject(subjects.size(), Rules.ALL.get(rule), "user-" + i));
      }
    }
    this.bus = cast.site() == Cast.Site.ONE_SERVER ? null : new Bus(world, schedule.seed());
    this.ledger = new Ledger(world, subjects, cast.limitNanos(), new Isolation(cast, bus));
    List<Server> servers = new ArrayList<>();
    for (int shard = 0; shard < (bus == null ? 1 : SlotMap.SHARDS); shard++) {
      Server.Place place = new Server.Place(shard, SlotMap.THIRDS.master(shard));
      servers.add(new Server(world, place, emptyRedis(), ledger, 0, bus));
    }
    this.network = new Network(world, ledger, servers, cast, schedule.seed(), defect);
    this.calmNanos = Math.max(cast.loadNanos(), schedule.calmMillis() * World.MILLI);
  }

  /** Plays a schedule. */
  static Outcome of(Schedule schedule, Defect defect) {
    return new Run(schedule, defect).play();
  }

  ModelRedis emptyRedis() {
    return new ModelRedis(KERNELS, defect);
  }

  List<Subject> subjects() {
    return subjects;
  }

  /** Does something that is no host's own. */
  void at(long nanos, Runnable task) {
    world.at(nanos, outside, task);
  }

  SimEngine startEngine() {
    SimEngine engine = new SimEngine(this, schedule.cast(), schedule.seed());
    engines.add(engine);
    return engine;
  }

  List<SimEngine> living() {
    return engines.stream().filter(engine -> engine.host.isAlive()).toList();
  }

  /** Those that clients may ask. */
  List<SimEngine> serving() {
    return engines.stream().filter(SimEngine::serves).toList();
  }

  private Outcome play() {
    for (int i = 0; i < schedule.cast().engines(); i++) {
      startEngine();
    }
    Faults faults = new Faults(this);
    schedule
        .faults()
        .forEach(fault -> at(fault.atMillis() * World.MILLI, () -> faults.happen(fault)));
    Clients clients = new Clients(this);
    clients.start(calmNanos + RECOVERS_NANOS);
    world.runUntil(calmNanos + QUIET_NANOS);
    new Quiet(this).check();
    ledger.close();
    Bounds bounds = new Bounds(ledger);
    subjects.forEach(bounds::check);
    return new Outcome(
        ledger.problems(), bounds.reached(), ledger.answers(), ledger.degraded(), ledger.cached());
  }
}
