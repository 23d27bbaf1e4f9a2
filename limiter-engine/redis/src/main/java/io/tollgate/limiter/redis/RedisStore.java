package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counters in a Redis that instances share: a connection for each event loop, on which that loop's
 * checks leave and come back.
 *
 * <p>A call from a thread that is no loop is carried out, and answered, by the first of them. Safe
 * for use by any number of threads.
 */
public final class RedisStore implements Store, AutoCloseable {

  /** A connection, over a slow network and with TLS; Sentinels have as long before. */
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Should a connection never be made nor fail; it is told why it fails much sooner. */
  private static final long MOST_CONNECT_NANOS = CONNECT.multipliedBy(3).toNanos();

  private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So soon an instance hears of what another has changed. */
  private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Who was denied since Redis was away may ask again when it has been looked for once more. */
  private static final long RETRY_AFTER_MICROS = TimeUnit.SECONDS.toMicros(1);

  private static final long LEAVE_MILLIS = 300;
  private static final long DRAIN_MILLIS = 300;

  /** One for each script. */
  private static final List<Limit> WARMING =
      List.of(
          new Limit("bucket", new Algorithm.TokenBucket(1, 1_000_000, 1), false),
          new Limit("log", new Algorithm.SlidingLog(1, 1_000_000), false));

  /** Administrators wait longer than checks, and up to 16 MiB may be on the way. */
  private static final Duration NAMESPACES = Duration.ofSeconds(5);

  /**
   * What a store is made of.
   *
   * @param address where Redis is
   * @param batching bounds of one loop
   * @param denials how many denials each loop remembers for a quarter of a second; 0: none
   * @param member who this instance is
   * @param local where shares are counted while Redis is away
   * @param clock of that store
   * @param observers makes who counts for one loop
   * @param warnings told what an operator should know
   */
  public record Parts(
      RedisAddress address,
      Batcher.Config batching,
      int denials,
      Fleet.Member member,
      MemoryStore local,
      MicroClock clock,
      Supplier<Observer> observers,
      Consumer<String> warnings) {}

  /** A loop with what is confined to it. */
  private record Lane(EventLoop loop, Alarm alarm, Link link, RedisLane store) {}

  /**
   * How the store fares.
   *
   * @param links how many connections there should be
   * @param up how many of them can be used
   * @param instances how many instances shared Redis when it was last seen
   * @param why what is wrong with a connection that cannot be used; empty when all can
   */
  public record State(int links, int up, int instances, String why) {

    /** Whether some checks are decided by policies. */
    public boolean degraded() {
      return up < links;
    }

    /** Who may take units of a limit ahead: each event loop of each instance. */
    public int holders() {
      return instances * links;
    }

    /** What is set wrongly, where that is why. */
    public Optional<Refusal> refusal() {
      return Refusal.in(why);
    }
  }

  private final RedisConnections connections;
  private final Fleet fleet;
  private final List<Lane> lanes;
  private final DenialCache.Epoch denialEpoch = new DenialCache.Epoch();
  private final String prefix;
  private final long limitNanos;
  private final FastThreadLocal<@Nullable RedisLane> ofThread = new FastThreadLocal<>();
  private volatile boolean closed;

  private RedisStore(Parts parts, List<EventLoop> loops) {
    this.connections = new RedisConnections(parts.address, CONNECT);
    this.fleet = new Fleet(parts.member, parts.warnings);
    this.prefix = parts.member.prefix();
    this.limitNanos = parts.batching.limitNanos();
    FailurePolicy policy =
        new FailurePolicy(parts.local, parts.clock, fleet::instances, RETRY_AFTER_MICROS);
    StepCodec codec = new StepCodec(parts.member.prefix(), fleet::hasher);
    this.lanes =
        loops.stream().map(loop -> lane(parts, codec, policy, loop, loops.size())).toList();
  }

  private Lane lane(Parts parts, StepCodec codec, FailurePolicy policy, EventLoop loop, int loops) {
    Alarm alarm = new LoopAlarm(loop);
    Observer observer = parts.observers.get();
    Link.Config config =
        new Link.Config(limitNanos, MOST_CONNECT_NANOS, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
    Link link = new Link(config, connections.on(loop), fleet, alarm, new Random(), observer);
    Batcher batcher = new Batcher(parts.batching, link, alarm);
    RedisLane store =
        new RedisLane(
            batcher,
            link,
            codec,
            policy,
            parts.clock,
            observer,
            alarm,
            denials(parts.denials),
            () -> fleet.instances() * loops);
    return new Lane(loop, alarm, link, store);
  }

  private Optional<RedisLane.Denials> denials(int most) {
    return most == 0
        ? Optional.empty()
        : Optional.of(new RedisLane.Denials(new DenialCache(most, denialEpoch), denialEpoch));
  }

  /**
   * Opens a store; it begins to connect, and goes on until it is closed.
   *
   * @param loops each gets a connection; at least one
   */
  public static RedisStore open(Parts parts, List<EventLoop> loops) {
    RedisStore store = new RedisStore(parts, loops);
    for (Lane lane : store.lanes) {
      lane.loop.execute(() -> {
        store.ofThread.set(lane.store);
        lane.link.start();
      });
    }
    Lane first = store.lanes.getFirst();
    first.loop.execute(() -> store.beatLater(first));
    return store;
  }

  private void beatLater(Lane lane) {
    if (!closed) {
      lane.alarm.after(BEAT_NANOS, () -> beat(lane));
    }
  }

  /** Says that this instance is there, and hears what the others have changed. */
  private void beat(Lane lane) {
    beatLater(lane);
    if (!lane.link.isUp()) {
      return;
    }
    boolean[] answered = {false};
    fleet.beat(
        lane.link,
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
        limitNanos,
        () -> {
          if (!answered[0]) {
            lane.link.distrust(new IllegalStateException("Redis has not answered in time"));
          }
        });
  }

  /**
   * Waits until every connection can be used, or has failed once.
   *
   * @return how it fares then
   */
  public State awaitFirstAttempt(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    for (Lane lane : lanes) {
      lane.link.awaitFirstAttempt(end - System.nanoTime());
    }
    warmUp(end);
    return state();
  }

  /**
   * Asks what changes nothing, so that Redis knows the scripts and this process its own classes
   * before somebody waits for an answer.
   */
  private void warmUp(long endNanos) {
    CountDownLatch answers = new CountDownLatch(lanes.size() * WARMING.size());
    for (Lane lane : lanes) {
      for (Limit limit : WARMING) {
        lane.loop.execute(() -> lane.store.warmUp(question(limit), _ -> answers.countDown()));
      }
    }
    await(answers, endNanos - System.nanoTime());
  }

  private CheckBuffer question(Limit limit) {
    Realm realm = Realm.live("warm-up");
    CheckBuffer question = new CheckBuffer();
    question.begin(realm);
    question.explainOnly();
    question.add(limit, fleet.hasher().keys(realm, "warm-up").key("nobody", "nobody"), "nobody", 1);
    return question;
  }

  private static void await(CountDownLatch latch, long nanos) {
    try {
      var _ = latch.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How the store fares now. */
  public State state() {
    int up = 0;
    String why = "";
    for (Lane lane : lanes) {
      if (lane.link.isUp()) {
        up++;
      } else {
        why = lane.link.why();
      }
    }
    return new State(lanes.size(), up, fleet.instances(), why);
  }

  /** The namespaces that instances share. */
  public RedisNamespaces namespaces() {
    Lane first = lanes.getFirst();
    return new RedisNamespaces(first.link, first.loop, prefix, NAMESPACES);
  }

  /** The version of the namespaces that Redis had a moment ago, or {@link Fleet#UNKNOWN}. */
  public long namespacesVersion() {
    return fleet.namespacesVersion();
  }

  /** What keys are made with, now. */
  public KeyHasher hasher() {
    return fleet.hasher();
  }

  private void on(Consumer<RedisLane> call) {
    RedisLane mine = ofThread.get();
    if (mine != null) {
      call.accept(mine);
    } else {
      Lane first = lanes.getFirst();
      first.loop.execute(() -> call.accept(first.store));
    }
  }

  @Override
  public int mostEntries() {
    return lanes.getFirst().store.mostEntries();
  }

  @Override
  public HoldId place(HoldId id, CheckBuffer buffer) {
    return lanes.getFirst().store.place(id, buffer);
  }

  @Override
  public void check(CheckBuffer buffer, Listener listener) {
    on(lane -> lane.check(buffer, listener));
  }

  @Override
  public void reserve(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    on(lane -> lane.reserve(buffer, id, ttlMicros, listener));
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    on(lane -> lane.commit(id, actual, listener));
  }

  @Override
  public void acquire(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    on(lane -> lane.acquire(buffer, id, ttlMicros, listener));
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    on(lane -> lane.renew(id, ttlMicros, listener));
  }

  @Override
  public void release(HoldId id, Consumer<Release> listener) {
    on(lane -> lane.release(id, listener));
  }

  @Override
  public void refund(CheckBuffer buffer, Listener listener) {
    on(lane -> lane.refund(buffer, listener));
  }

  @Override
  public void reset(CheckBuffer buffer, boolean leasesToo, Listener listener) {
    on(lane -> lane.reset(buffer, leasesToo, listener));
  }

  /**
   * Gives back what was taken ahead, leaves the fleet and ends the connections; what is under way
   * is decided by policies.
   */
  @Override
  public void close() {
    closed = true;
    CountDownLatch drained = new CountDownLatch(lanes.size());
    lanes.forEach(lane -> lane.loop.execute(() -> lane.store.drain(drained::countDown)));
    await(drained, TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS));
    CountDownLatch left = new CountDownLatch(1);
    Lane first = lanes.getFirst();
    first.loop.execute(() ->
        fleet.leave(
            first.link,
            new Link.Greeting.Said() {
              @Override
              public void well() {
                left.countDown();
              }

              @Override
              public void wrong(Throwable why) {
                left.countDown();
              }
            }));
    await(left, TimeUnit.MILLISECONDS.toNanos(LEAVE_MILLIS));
    lanes.forEach(lane -> lane.loop.execute(lane.link::close));
    connections.close();
  }
}
