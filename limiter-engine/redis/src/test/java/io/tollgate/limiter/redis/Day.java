package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store over a Redis that has a bad day, and what its callers are told meanwhile. */
final class Day implements AutoCloseable {

  /** Of the usual capacity nothing comes back while a test runs: a unit takes five minutes. */
  static final long CAPACITY = 100_000;

  private static final long YEAR = 366L * 86_400 * 1_000_000;

  /** Within which a check is to be answered. */
  private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long PATIENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What a loaded machine may add: a thread that waits for its turn. */
  private static final long SLACK = 5;

  /** Twice the two pauses, the connection and the greeting that healing takes at most. */
  private static final long HEALED_NANOS = TimeUnit.SECONDS.toNanos(9);

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int DENIALS = 1_000;
  private static final List<String> ONE = List.of("u");
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(9, 10);

  final CountingObserver observer = new CountingObserver();
  final RedisStore store;
  private final TestLoop loop = new TestLoop();
  private final long limitNanos;
  private final List<String> users;
  private @Nullable Thread callers;
  private volatile boolean pressing;
  private long healedNanos;
  private long unseen;

  /** Each asker is a party until it is answered. */
  private final Phaser asked = new Phaser(1);

  private int answers;
  private int degraded;
  private long units;
  private long charged;
  private long worstNanos;

  private int waited;

  /**
   * How many answers there were.
   *
   * @param degraded of policies
   * @param units that were asked for
   * @param charged those of them to which Redis has said yes
   * @param waited those that took more than half of their time
   */
  record Told(int answers, int degraded, long units, long charged, int waited) {

    int shared() {
      return answers - degraded;
    }
  }

  /** Over a server that is well. */
  Day(int port) {
    this(RedisAddress.of("127.0.0.1", port), LIMIT_NANOS, DENIALS, ONE);
    awaitUp();
  }

  /** Over a server that may never be well. */
  Day(RedisAddress address) {
    this(address, LIMIT_NANOS, DENIALS, ONE);
  }

  private Day(RedisAddress address, long limitNanos, int denials, List<String> users) {
    this.limitNanos = limitNanos;
    this.users = users;
    this.store = loop.open(address, limitNanos, observer, denials);
  }

  /** With time enough for any machine: where Redis answers, no check is late. */
  static Day patient(int port) {
    return up(new Day(RedisAddress.of("127.0.0.1", port), PATIENT_NANOS, DENIALS, ONE));
  }

  /** As {@link #patient}, for a test that moves Redis's clock, of which no denial may be kept. */
  static Day forgetful(int port) {
    return up(new Day(RedisAddress.of("127.0.0.1", port), PATIENT_NANOS, 0, ONE));
  }

  /** Over a Cluster that is well, where these ask one after the other. */
  static Day of(RedisCluster cluster, List<String> users) {
    return up(new Day(cluster.address(), LIMIT_NANOS, DENIALS, users));
  }

  private static Day up(Day day) {
    day.awaitUp();
    return day;
  }

  /** A limit of so many units that do not come back. */
  static Limit limit(long capacity, StoreFailure onFailure) {
    Algorithm bucket = new Algorithm.TokenBucket(capacity, YEAR, capacity);
    return new Limit("main", bucket, false, onFailure);
  }

  static CheckBuffer question(Limit limit, long cost) {
    return question(limit, cost, ONE.getFirst());
  }

  static CheckBuffer question(Limit limit, long cost, String user) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    buffer.add(limit, HASHER.keys(REALM, "api").key(user, user), user, cost);
    return buffer;
  }

  /** The slot of what a user uses. */
  static int slot(String user) {
    return new StepCodec("", HASHER).slot(question(limit(1, StoreFailure.LOCAL), 1, user));
  }

  /** Asks; the answer is counted. */
  private void ask(CheckBuffer question, Store.Listener listener) {
    asked.register();
    long cost = question.cost(0);
    long start = System.nanoTime();
    store.check(
        question,
        answer -> {
          count(answer, cost, System.nanoTime() - start);
          listener.decided(answer);
          asked.arriveAndDeregister();
        });
  }

  private synchronized void count(CheckBuffer answer, long cost, long nanos) {
    answers++;
    degraded += answer.degraded() ? 1 : 0;
    units += cost;
    charged += answer.allowed() && !answer.degraded() ? cost : 0;
    waited += 2 * nanos > limitNanos ? 1 : 0;
    worstNanos = Math.max(worstNanos, nanos);
  }

  synchronized Told told() {
    return new Told(answers, degraded, units, charged, waited);
  }

  CheckBuffer ask(Limit limit, long cost) {
    return ask(limit, cost, users.getFirst());
  }

  CheckBuffer ask(Limit limit, long cost, String user) {
    return await(listener -> ask(question(limit, cost, user), listener::accept));
  }

  static <T> T await(Consumer<Consumer<T>> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    call.accept(answer::complete);
    return answer.orTimeout(PATIENCE_NANOS, TimeUnit.NANOSECONDS).join();
  }

  /** Units that Redis says are used of a limit. */
  long used(Limit limit) {
    long used = 0;
    for (String user : users) {
      CheckBuffer peek = ask(limit, 0, user);
      assertTrue(!peek.degraded(), "Redis was not asked");
      used += limit.kernel().capacity() - peek.remaining(0);
    }
    return used;
  }

  /** From now on somebody asks for a unit every millisecond. */
  void press(Limit limit) {
    pressing = true;
    callers =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; pressing; i++) {
                ask(question(limit, 1, users.get(i % users.size())), _ -> {});
                LockSupport.parkNanos(PACE_NANOS);
              }
            });
  }

  /** Nobody asks any more, and everybody is answered. */
  void rest() throws Exception {
    pressing = false;
    if (callers != null) {
      callers.join();
    }
    asked.awaitAdvanceInterruptibly(asked.arrive(), 30, TimeUnit.SECONDS);
  }

  /** Waits for so many more answers of Redis. */
  void awaitShared(int more) {
    int before = told().shared();
    await(() -> told().shared() - before >= more, "answers of Redis");
  }

  /** Waits for so many more answers of policies. */
  void awaitDegraded(int more) {
    int before = told().degraded;
    await(() -> told().degraded - before >= more, "answers of policies");
  }

  void awaitUp() {
    await(() -> !store.state().degraded(), "the store is up");
  }

  /** Waits until Redis answers again; the harm has just ended. */
  void awaitHealed(Limit limit) {
    long since = System.nanoTime();
    users.forEach(user -> await(() -> !ask(limit, 0, user).degraded(), "Redis is asked again"));
    healedNanos = System.nanoTime() - since;
    assertTrue(healedNanos < HEALED_NANOS, () -> "healed after " + healedNanos + " ns");
  }

  /** Waits until this instance has said so often more that it is there. */
  static void awaitBeats(CountingObserver observer, int more) {
    int before = observer.beats;
    await(() -> observer.beats - before >= more, "beats");
  }

  static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  /** Steps that were sent, or might have been, and whose fate nobody knows. */
  int unknown() {
    return observer.faults(Fault.FAILED) + observer.faults(Fault.TIMED_OUT);
  }

  /**
   * Redis has counted each yes that it gave, and besides at most what nobody knows of; nothing
   * twice.
   *
   * @param lost what was told, and forgotten by Redis
   * @param lostUnknown steps of which the same is true
   */
  void assertCharged(Limit limit, Told lost, int lostUnknown) {
    long used = used(limit);
    long least = told().charged - lost.charged;
    long most = Math.min(least + unknown() - lostUnknown, told().units - lost.units);
    assertTrue(used >= least && used <= most, () -> used + " of " + least + " to " + most);
    unseen = used - least;
  }

  /** As {@link #assertCharged(Limit, Told, int)} where Redis has forgotten nothing. */
  void assertCharged(Limit limit) {
    assertCharged(limit, new Told(0, 0, 0, 0, 0), 0);
  }

  /** Says how the day was, and that nobody has waited too long. */
  void report(String name) {
    Told told = told();
    System.out.printf(
        "bad day: %s: worst answer %d ms, %d of %d degraded, %d waited, %d unseen,"
            + " back after %d ms%n",
        name,
        TimeUnit.NANOSECONDS.toMillis(worstNanos),
        told.degraded,
        told.answers,
        told.waited,
        unseen,
        TimeUnit.NANOSECONDS.toMillis(healedNanos));
    assertTrue(worstNanos <= SLACK * limitNanos, () -> "an answer took " + worstNanos + " ns");
    assertEquals(observer.degraded, told.degraded, "every answer of a policy is counted");
  }

  @Override
  public void close() {
    pressing = false;
    store.close();
    loop.close();
  }
}
