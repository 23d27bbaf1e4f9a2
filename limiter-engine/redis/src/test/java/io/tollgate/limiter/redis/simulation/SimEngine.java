package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.redis.Alarm;
import io.tollgate.limiter.redis.Batcher;
import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.Link;
import io.tollgate.limiter.redis.Observer;
import io.tollgate.limiter.redis.RedisLane;
import io.tollgate.limiter.redis.Routes;
import io.tollgate.limiter.redis.StepCodec;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Assertions;

/**
 * One life of an instance: the real parts as {@code RedisStore} puts them together, on a modelled
 * network.
 */
final class SimEngine {

  /** As {@code RedisStore} has them. */
  private static final long BEAT_NANOS = 250 * World.MILLI;

  private static final long RETRY_AFTER_MICROS = 1_000_000;
  private static final long MOST_DRAIN_NANOS = 300 * World.MILLI;
  private static final long MOST_LEAVE_NANOS = 300 * World.MILLI;

  private static final MemoryStoreConfig MEMORY =
      new MemoryStoreConfig(1_024, 1 << 20, MemoryStoreConfig.WhenFull.EVICT);

  private static final long STALE_NANOS = 5 * World.SECOND;

  private record Lane(HostAlarm alarm, Routes routes, RedisLane store) {}

  final int number;
  final Host host;
  final Fleet fleet;
  private final World world;
  private final Network network;
  private final Ledger ledger;
  private final Cast cast;
  private final Random random;
  private final FailurePolicy policy;
  private final DenialCache.Epoch epoch = new DenialCache.Epoch();
  private final Facts.Life life;
  private final List<Lane> lanes = new ArrayList<>();
  private final StepCodec codec;
  private final Map<Subject, Long> staleDenials = new HashMap<>();
  private final Set<Subject> named = new HashSet<>();
  private KeyHasher namedBy;
  private long clockAheadMicros;
  private boolean leaves;

  /** Builds and starts one; the only place where the real parts are put together. */
  SimEngine(Run run, Cast cast, long seed) {
    this.world = run.world;
    this.network = run.network;
    this.ledger = run.ledger;
    this.cast = cast;
    this.number = ledger.facts.lives.size();
    this.life = ledger.facts.newLife(world.now(), cast.lanes());
    this.host = new Host(world);
    this.random = Chance.of(seed, 1_000L + number);
    long high = cast.agrees() ? random.nextLong() : 9;
    Fleet.Member member = new Fleet.Member("", "instance-" + number, high, 10, !cast.agrees());
    this.fleet = new Fleet(member, Assertions::fail);
    this.namedBy = fleet.hasher();
    this.codec = new StepCodec("", fleet::hasher);
    this.policy = policy();
    SimWays ways = new SimWays(run, host, fleet, life, this::observer);
    for (int i = 0; i < cast.lanes(); i++) {
      addLane(new HostAlarm(world, host, random.nextLong(World.SECOND)), ways);
    }
    world.at(world.now(), host, this::start);
  }

  private FailurePolicy policy() {
    MicroClock clock = this::micros;
    IntSupplier instances = network.plants(Defect.FULL_SHARE) ? () -> 1 : fleet::instances;
    return new FailurePolicy(new MemoryStore(clock, MEMORY), clock, instances, RETRY_AFTER_MICROS);
  }

  private void addLane(HostAlarm alarm, SimWays ways) {
    Routes routes = ways.routes(alarm, new Random(random.nextLong()));
    Optional<RedisLane.Denials> denials =
        cast.lane().denials() == 0
            ? Optional.empty()
            : Optional.of(
                new RedisLane.Denials(new DenialCache(cast.lane().denials(), epoch), epoch));
    RedisLane store =
        new RedisLane(
            routes,
            codec,
            policy,
            this::micros,
            observer(),
            network.plants(Defect.KEEPS_UNITS) ? alarm.coarse() : alarm,
            denials,
            () -> fleet.instances() * cast.lanes());
    lanes.add(new Lane(alarm, routes, store));
  }

  /** Ends it at once. */
  void kill() {
    host.kill();
    life.until = world.now();
    ledger.hands.killed(host);
  }

  /** Whether clients may ask it. */
  boolean serves() {
    return host.isAlive() && !leaves;
  }

  /** Gives back what is in hand, leaves the fleet and ends: as {@code RedisStore} closes. */
  void leave() {
    leaves = true;
    boolean[] parted = {false};
    Runnable part =
        () -> {
          if (!parted[0]) {
            parted[0] = true;
            part();
          }
        };
    Alarm alarm = lanes.getFirst().alarm;
    // A server closes its store when all who have asked are answered.
    alarm.after(
        network.limitNanos + World.MILLI,
        () -> {
          drain(part);
          alarm.after(MOST_DRAIN_NANOS, part);
        });
  }

  /** Gives back what is in hand; tells so when Redis has heard of all of it. */
  void drain(Runnable done) {
    int[] open = {lanes.size()};
    for (Lane lane : lanes) {
      lane.store.drain(() -> {
        open[0]--;
        if (open[0] == 0) {
          ledger.hands.drained(host);
          done.run();
        }
      });
    }
  }

  private void part() {
    Lane lane = lanes.getFirst();
    fleet.leave(lane.routes.port(Fleet.SLOT), Link.Greeting.Said.either(this::end));
    lane.alarm.after(MOST_LEAVE_NANOS, this::end);
  }

  private void end() {
    if (host.isAlive()) {
      lanes.forEach(lane -> lane.routes.close());
      kill();
    }
  }

  private void start() {
    lanes.forEach(lane -> lane.routes.start());
    beatLater();
  }

  /** When it was started. */
  long bornAt() {
    return life.from;
  }

  /** What it takes the time to be. */
  private long micros() {
    return world.micros() + clockAheadMicros;
  }

  void stepClock(long micros) {
    clockAheadMicros += micros;
    life.lostCount.add(world.now());
  }

  private void beatLater() {
    lanes.getFirst().alarm.after(BEAT_NANOS, this::beat);
  }

  /** As {@code RedisStore} does it. */
  private void beat() {
    beatLater();
    Lane lane = lanes.getFirst();
    if (!lane.routes.reaches(Fleet.SLOT)) {
      return;
    }
    boolean[] answered = {false};
    fleet.beat(lane.routes.port(Fleet.SLOT), Link.Greeting.Said.either(() -> answered[0] = true));
    lane.alarm.after(
        network.limitNanos,
        () -> {
          if (!answered[0]) {
            lane.routes.distrust(
                Fleet.SLOT, new IllegalStateException("Redis has not answered in time"));
          }
        });
  }

  boolean isUp() {
    return lanes.stream().map(lane -> lane.routes.state()).allMatch(SimEngine::isFine);
  }

  private static boolean isFine(Routes.State state) {
    return state.up() == state.links() && state.why().isEmpty();
  }

  /** Asks for units, on one of its loops. */
  void check(Subject subject, long cost, int lane) {
    Asked asked = ledger.asked(subject, cost, this);
    asked.isPlain = true;
    CheckBuffer question = question(subject, cost);
    if (network.plants(Defect.STALE_DENIALS)
        && staleDenials.getOrDefault(subject, Long.MIN_VALUE) > world.now()) {
      deny(question);
      ledger.answered(asked, question, true);
      return;
    }
    ask(asked, question, lane, network.plants(Defect.ASKS_AGAIN));
  }

  /** A question for units, under the hash key in force. */
  CheckBuffer question(Subject subject, long cost) {
    name(subject);
    return subject.question(fleet.hasher(), cost);
  }

  /** One of its loops, by any number. */
  Store store(int lane) {
    return lanes.get(lane % lanes.size()).store;
  }

  private void ask(Asked asked, CheckBuffer question, int lane, boolean again) {
    boolean[] returned = {false};
    store(lane)
        .check(
            question,
            answer -> {
              if (again && returned[0] && answer.degraded()) {
                CheckBuffer second = asked.subject.question(fleet.hasher(), asked.cost);
                ask(asked, second, lane + 1, false);
                return;
              }
              if (!answer.allowed() && !answer.degraded()) {
                staleDenials.put(asked.subject, world.now() + STALE_NANOS);
              }
              ledger.answered(asked, answer, !returned[0]);
            });
    returned[0] = true;
  }

  private void deny(CheckBuffer question) {
    question.answer(micros(), false);
    for (int i = 0; i < question.size(); i++) {
      question.answer(i, false, new CounterState(), 0, false);
    }
  }

  /** Asks what would be answered, and changes nothing. */
  void explain(int lane, Subject subject, Store.Listener listener) {
    CheckBuffer question = subject.question(fleet.hasher(), 1);
    question.explainOnly();
    store(lane).check(question, listener);
  }

  /** Tells whose counters the keys are, under the hash key in force. */
  private void name(Subject subject) {
    if (!namedBy.equals(fleet.hasher())) {
      namedBy = fleet.hasher();
      named.clear();
    }
    if (named.add(subject)) {
      List<byte[]> keys = codec.check(subject.question(namedBy, 1), micros()).keys();
      int next = 0;
      for (int i = 0; i < subject.limits().size(); i++) {
        ledger.facts.names(Bytes.text(keys.get(next)), subject, i);
        next += subject.limits().get(i).algorithm() instanceof Algorithm.Concurrency ? 2 : 1;
      }
    }
  }

  private Observer observer() {
    return new Observer() {
      @Override
      public void answered(int steps, long nanos) {}

      @Override
      public void failed(Batcher.Fault fault) {}

      @Override
      public void refused(String words) {}

      @Override
      public void degraded() {}

      @Override
      public void cached() {}

      @Override
      public void ahead(Units what, long units) {
        ledger.hands.told(host, what, units);
      }

      @Override
      public void reanchored() {}

      @Override
      public void up(boolean can, String why) {}
    };
  }
}
