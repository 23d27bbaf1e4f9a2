package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.redis.Alarm;
import io.tollgate.limiter.redis.Batcher;
import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.Link;
import io.tollgate.limiter.redis.Observer;
import io.tollgate.limiter.redis.OneServer;
import io.tollgate.limiter.redis.RedisLane;
import io.tollgate.limiter.redis.Script;
import io.tollgate.limiter.redis.ScriptPort;
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
  private static final long MOST_CONNECT_NANOS = 6 * World.SECOND;

  private static final long LEAST_PAUSE_NANOS = 50 * World.MILLI;
  private static final long MOST_PAUSE_NANOS = World.SECOND;
  private static final long BEAT_NANOS = 250 * World.MILLI;
  private static final long RETRY_AFTER_MICROS = 1_000_000;
  private static final long MOST_DRAIN_NANOS = 300 * World.MILLI;
  private static final long MOST_LEAVE_NANOS = 300 * World.MILLI;

  private static final MemoryStoreConfig MEMORY =
      new MemoryStoreConfig(1_024, 1 << 20, MemoryStoreConfig.WhenFull.EVICT);

  private static final long STALE_NANOS = 5 * World.SECOND;

  private record Lane(HostAlarm alarm, Link link, RedisLane store) {}

  final int number;
  final Host host;
  final Fleet fleet;
  private final World world;
  private final Network network;
  private final Ledger ledger;
  private final Facts.Life life;
  private final List<Lane> lanes = new ArrayList<>();
  private final StepCodec codec;
  private final Map<Subject, Long> staleDenials = new HashMap<>();
  private final Set<Subject> named = new HashSet<>();
  private KeyHasher namedBy;
  private boolean greeted;
  private long clockAheadMicros;
  private boolean leaves;

  /** Builds and starts one; the only place where the real parts are put together. */
  SimEngine(World world, Network network, Ledger ledger, Cast cast, long seed) {
    this.world = world;
    this.network = network;
    this.ledger = ledger;
    this.number = ledger.facts.lives.size();
    this.life = ledger.facts.newLife(world.now(), cast.lanes());
    this.host = new Host(world);
    Random random = Chance.of(seed, 1_000L + number);
    long high = cast.agrees() ? random.nextLong() : 9;
    Fleet.Member member = new Fleet.Member("", "instance-" + number, high, 10, !cast.agrees());
    this.fleet = new Fleet(member, Assertions::fail);
    this.namedBy = fleet.hasher();
    this.codec = new StepCodec("", fleet::hasher);
    MicroClock clock = this::micros;
    IntSupplier instances = network.plants(Defect.FULL_SHARE) ? () -> 1 : fleet::instances;
    FailurePolicy policy =
        new FailurePolicy(new MemoryStore(clock, MEMORY), clock, instances, RETRY_AFTER_MICROS);
    DenialCache.Epoch epoch = new DenialCache.Epoch();
    for (int i = 0; i < cast.lanes(); i++) {
      HostAlarm alarm = new HostAlarm(world, host, random.nextLong(World.SECOND));
      Link link =
          new Link(
              new Link.Config(
                  cast.limitNanos(), MOST_CONNECT_NANOS, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS),
              network.connector(host),
              this::greet,
              alarm,
              new Random(random.nextLong()),
              observer());
      Batcher.Config bounds =
          new Batcher.Config(
              cast.lane().batch(), cast.lane().calls(), cast.lane().waiting(), cast.limitNanos());
      Optional<RedisLane.Denials> denials =
          cast.lane().denials() == 0
              ? Optional.empty()
              : Optional.of(
                  new RedisLane.Denials(new DenialCache(cast.lane().denials(), epoch), epoch));
      Batcher batcher = new Batcher(bounds, link, alarm);
      RedisLane store =
          new RedisLane(
              new OneServer(batcher, link),
              codec,
              policy,
              clock,
              observer(),
              network.plants(Defect.KEEPS_UNITS) ? alarm.coarse() : alarm,
              denials,
              () -> fleet.instances() * cast.lanes());
      lanes.add(new Lane(alarm, link, store));
    }
    world.at(world.now(), host, this::start);
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
    fleet.leave(
        hearing(lane.link),
        new Link.Greeting.Said() {
          @Override
          public void well() {
            end();
          }

          @Override
          public void wrong(Throwable why) {
            end();
          }
        });
    lane.alarm.after(MOST_LEAVE_NANOS, this::end);
  }

  private void end() {
    if (host.isAlive()) {
      lanes.forEach(lane -> lane.link.close());
      kill();
    }
  }

  private void start() {
    lanes.forEach(lane -> lane.link.start());
    beatLater();
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
    if (!lane.link.isUp()) {
      return;
    }
    boolean[] answered = {false};
    fleet.beat(
        hearing(lane.link),
        new Link.Greeting.Said() {
          @Override
          public void well() {
            answered[0] = true;
          }

          @Override
          public void wrong(Throwable why) {
            answered[0] = true;
          }
        });
    lane.alarm.after(
        network.limitNanos,
        () -> {
          if (!answered[0]) {
            lane.link.distrust(new IllegalStateException("Redis has not answered in time"));
          }
        });
  }

  private void greet(ScriptPort by, Link.Greeting.Said said) {
    if (!greeted || !network.plants(Defect.STAYS_DOWN)) {
      fleet.greet(hearing(by), said);
    }
  }

  /** Hears what the fleet is told, for the bounds. */
  private ScriptPort hearing(ScriptPort by) {
    return (script, keys, items, answer) -> by.call(script, keys, items, heard(script, answer));
  }

  private ScriptPort.Answer heard(Script script, ScriptPort.Answer answer) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        KeyHasher before = fleet.hasher();
        greeted = true;
        answer.answered(answers);
        if (script == Script.FLEET) {
          life.toldAt.add(world.now());
          life.told.add(Long.parseLong(Bytes.text(answers.get(1))));
        }
        if (!before.equals(fleet.hasher())) {
          life.lostCount.add(world.now());
        }
      }

      @Override
      public void failed(Throwable why) {
        answer.failed(why);
      }
    };
  }

  boolean isUp() {
    return lanes.stream().allMatch(lane -> lane.link.isUp());
  }

  /** Asks for units, on one of its loops. */
  void check(Subject subject, long cost, int lane) {
    Ledger.Asked asked = ledger.asked(subject, cost, this);
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

  private void ask(Ledger.Asked asked, CheckBuffer question, int lane, boolean again) {
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
        ledger.names(Bytes.text(keys.get(next)), subject, i);
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
      public void degraded() {
        life.away.add(world.now());
      }

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
