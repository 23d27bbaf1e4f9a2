package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  /** So soon an instance hears of what another has changed. */
  private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

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

  /**
   * How the store fares.
   *
   * @param loops how many event loops ask it
   * @param links how many connections there should be
   * @param up how many of them can be used
   * @param instances how many instances shared Redis when it was last seen
   * @param why what is wrong with a connection that cannot be used; empty when all can
   */
  public record State(int loops, int links, int up, int instances, String why) {

    /** Whether some checks are decided by policies. */
    public boolean degraded() {
      return up < links || !why.isEmpty();
    }

    /** Who may take units of a limit ahead: each event loop of each instance. */
    public int holders() {
      return instances * loops;
    }

    /** What is set wrongly, where that is why. */
    public Optional<Refusal> refusal() {
      return Refusal.in(why);
    }
  }

  private final RedisConnections connections;
  private final Fleet fleet;
  private final Lanes lanes;
  private final String prefix;
  private final long limitNanos;
  private final FastThreadLocal<@Nullable RedisLane> ofThread = new FastThreadLocal<>();
  private volatile boolean closed;

  private RedisStore(Parts parts, List<EventLoop> loops) {
    this.connections = new RedisConnections(parts.address, CONNECT);
    this.fleet = new Fleet(parts.member, parts.warnings);
    this.prefix = parts.member.prefix();
    this.limitNanos = parts.batching.limitNanos();
    this.lanes = new Lanes(parts, connections, fleet, loops);
  }

  /**
   * Opens a store; it begins to connect, and goes on until it is closed.
   *
   * @param loops each gets a connection; at least one
   */
  public static RedisStore open(Parts parts, List<EventLoop> loops) {
    RedisStore store = new RedisStore(parts, loops);
    for (Lanes.Lane lane : store.lanes.all) {
      lane.loop()
          .execute(() -> {
            store.ofThread.set(lane.store());
            lane.routes().start();
          });
    }
    Lanes.Lane first = store.lanes.all.getFirst();
    first.loop().execute(() -> store.beatLater(first));
    return store;
  }

  private void beatLater(Lanes.Lane lane) {
    if (!closed) {
      lane.alarm().after(BEAT_NANOS, () -> beat(lane));
    }
  }

  /** Says that this instance is there, and hears what the others have changed. */
  private void beat(Lanes.Lane lane) {
    beatLater(lane);
    if (!lane.routes().reaches(Fleet.SLOT)) {
      return;
    }
    boolean[] answered = {false};
    fleet.beat(
        lane.routes().port(Fleet.SLOT),
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
    lane.alarm()
        .after(
            limitNanos,
            () -> {
              if (!answered[0]) {
                lane.routes()
                    .distrust(
                        Fleet.SLOT, new IllegalStateException("Redis has not answered in time"));
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
    for (Lanes.Lane lane : lanes.all) {
      lane.routes().awaitFirstAttempt(end - System.nanoTime());
    }
    warmUp(end);
    return state();
  }

  /**
   * Asks what changes nothing, so that Redis knows the scripts and this process its own classes
   * before somebody waits for an answer.
   */
  private void warmUp(long endNanos) {
    CountDownLatch answers = new CountDownLatch(lanes.all.size() * WARMING.size());
    for (Lanes.Lane lane : lanes.all) {
      for (Limit limit : WARMING) {
        lane.loop().execute(() -> lane.store().warmUp(question(limit), _ -> answers.countDown()));
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
    int links = 0;
    int up = 0;
    String why = "";
    for (Lanes.Lane lane : lanes.all) {
      Routes.State state = lane.routes().state();
      links += state.links();
      up += state.up();
      why = state.why().isEmpty() ? why : state.why();
    }
    return new State(lanes.all.size(), links, up, fleet.instances(), why);
  }

  /** The namespaces that instances share. */
  public RedisNamespaces namespaces() {
    Lanes.Lane first = lanes.all.getFirst();
    return new RedisNamespaces(first.routes().port(Fleet.SLOT), first.loop(), prefix, NAMESPACES);
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
      Lanes.Lane first = lanes.all.getFirst();
      first.loop().execute(() -> call.accept(first.store()));
    }
  }

  @Override
  public int mostEntries() {
    return lanes.all.getFirst().store().mostEntries();
  }

  @Override
  public boolean keepsOwnersApart() {
    return lanes.all.getFirst().store().keepsOwnersApart();
  }

  @Override
  public HoldId place(HoldId id, CheckBuffer buffer) {
    return lanes.all.getFirst().store().place(id, buffer);
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
    CountDownLatch drained = new CountDownLatch(lanes.all.size());
    lanes.all.forEach(lane -> lane.loop().execute(() -> lane.store().drain(drained::countDown)));
    await(drained, TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS));
    CountDownLatch left = new CountDownLatch(1);
    Lanes.Lane first = lanes.all.getFirst();
    first
        .loop()
        .execute(() ->
            fleet.leave(
                first.routes().port(Fleet.SLOT),
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
    lanes.close();
    connections.close();
  }
}
