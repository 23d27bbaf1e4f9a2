package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A lane over a real Redis, whose time and whose answers a test moves by hand. */
final class HandLane {

  /** Within which a check is to be answered. */
  static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(5, 6);
  private static final AtomicLong LANES = new AtomicLong();

  /** A Redis whose clock stands, and a connection to it. */
  static final class Server implements AutoCloseable {

    private final FrozenRedis frozen = new FrozenRedis(RedisVersion.INSTALLED, HandClock.START);
    private final RedisClient client =
        RedisClient.create("redis://127.0.0.1:" + frozen.server.port);
    private final RedisCommands<byte[], byte[]> redis =
        client.connect(ByteArrayCodec.INSTANCE).sync();

    @Override
    public void close() {
      client.shutdown();
      frozen.close();
    }
  }

  final HandPort time = new HandPort();
  final HandClock clock = new HandClock();
  final CountingObserver observer = new CountingObserver();
  final HeldRedis redis;
  final RedisLane lane;
  final Link link;
  final List<CheckBuffer> answers = new ArrayList<>();
  private final Server server;
  private final StepCodec codec;

  /** A lane of so many. */
  HandLane(Server server, int holders) {
    this(server, holders, 10_000);
  }

  HandLane(Server server, int holders, int waiting) {
    this.server = server;
    this.redis = new HeldRedis(server.redis);
    this.codec = new StepCodec("lane" + LANES.incrementAndGet() + ":", HASHER);
    this.link =
        new Link(
            new Link.Config(LIMIT, LIMIT, LIMIT, LIMIT),
            redis,
            (_, said) -> said.well(),
            time,
            new Random(1),
            observer);
    DenialCache.Epoch epoch = new DenialCache.Epoch();
    this.lane =
        new RedisLane(
            new OneServer(new Batcher(new Batcher.Config(32, 4, waiting, LIMIT), link, time), link),
            codec,
            new FailurePolicy(MemoryStores.roomy(clock), clock, () -> 1, 1),
            clock,
            observer,
            time,
            Optional.of(new RedisLane.Denials(new DenialCache(100, epoch), epoch)),
            () -> holders);
    link.start();
    server.frozen.moveTo(clock.nowMicros());
  }

  /** A question of limits at costs, those called {@code own…} of one identifier alone. */
  static CheckBuffer question(long cost, Limit... limits) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    for (Limit limit : limits) {
      String who = limit.name().startsWith("own") ? limit.name() : "everybody";
      buffer.add(limit, HASHER.keys(REALM, "api").key(who, who), who, cost);
    }
    return buffer;
  }

  void ask(CheckBuffer question) {
    lane.check(question, answers::add);
  }

  /** Asks, and has Redis answer whatever is asked of it meanwhile. */
  CheckBuffer asked(long cost, Limit... limits) {
    ask(question(cost, limits));
    redis.answerAll();
    return answers.getLast();
  }

  /** Asks for single units; says how many were admitted. */
  int admitted(int checks, Limit... limits) {
    int admitted = 0;
    for (int i = 0; i < checks; i++) {
      admitted += asked(1, limits).allowed() ? 1 : 0;
    }
    return admitted;
  }

  /** Makes a limit be asked for so fast that its units are taken ahead; spends two. */
  void makeBusy(Limit limit) {
    assertEquals(1, admitted(1, limit));
    pass(1);
    assertEquals(1, admitted(1, limit));
  }

  /** Lets milliseconds pass, here and in Redis. */
  void pass(long millis) {
    clock.move(TimeUnit.MILLISECONDS.toMicros(millis));
    server.frozen.moveTo(clock.nowMicros());
    time.pass(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Lets milliseconds pass, in which nothing runs here. */
  void stall(long millis) {
    clock.move(TimeUnit.MILLISECONDS.toMicros(millis));
    server.frozen.moveTo(clock.nowMicros());
    time.stall(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Units that Redis says are used of a limit. */
  long used(Limit limit) {
    CheckBuffer peek = question(0, limit);
    Step step = codec.check(peek, clock.nowMicros());
    List<byte[]> answers =
        server.redis.eval(
            step.script().text(),
            io.lettuce.core.ScriptOutputType.MULTI,
            step.keys().toArray(byte[][]::new),
            step.item());
    assertEquals(StepCodec.Outcome.ALLOWED, codec.read(answers.getFirst(), peek));
    return limit.kernel().capacity() - peek.remaining(0);
  }
}
