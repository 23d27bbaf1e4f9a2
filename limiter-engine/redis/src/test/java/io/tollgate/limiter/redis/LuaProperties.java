package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Walk;
import io.tollgate.limiter.testing.WithAlgorithms;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The shipped script answers every question as the core does that is asked the same, at the time
 * that the script says it used. Time moves by the clocks of test environments only.
 */
abstract class LuaProperties extends WithAlgorithms {

  private static final int USERS = 32;
  private static final int STEPS = 40;

  /** 102,400 steps. */
  private static final int TRIES = 80;

  /** What one try has used another must not find, though its seed be the same. */
  private static final AtomicLong REALMS = new AtomicLong();

  private static final KeyHasher HASHER = new KeyHasher(3, 4);

  /** A server, and a connection to it. */
  static final class Over implements AutoCloseable {

    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> redis;
    private final Map<Script, Integer> decided = new EnumMap<>(Script.class);

    Over(RedisVersion version) {
      server = RedisServer.start(version, Map.of());
      client = RedisClient.create("redis://127.0.0.1:" + server.port);
      redis = client.connect(ByteArrayCodec.INSTANCE);
    }

    @Override
    public void close() {
      System.out.println("decided by: " + decided);
      client.shutdown();
      server.close();
    }
  }

  private final StepCodec codec = new StepCodec("", HASHER);

  /** The Redis of all tests of a class. */
  abstract Over over();

  @Property(tries = TRIES)
  void bucketsAgree(@ForAll("buckets") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, algorithm, seed);
  }

  @Property(tries = TRIES)
  void queuesAgree(@ForAll("queues") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, algorithm, seed);
  }

  @Property(tries = 4 * TRIES)
  void windowsAgree(@ForAll("windows") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, algorithm, seed);
  }

  @Property(tries = 2 * TRIES)
  void changedLimitsAgree(
      @ForAll("all") Algorithm algorithm, @ForAll("all") Algorithm other, @ForAll long seed) {
    walk(algorithm, other, seed);
  }

  private static final class User {

    final Realm realm;
    final LimitKey key;
    final Walk walk;
    Limit limit;
    long remaining;

    User(Algorithm algorithm, long seed, int number) {
      realm = Realm.test("t" + REALMS.incrementAndGet());
      key = HASHER.keys(realm, "api").key("u", "u");
      walk = new Walk(algorithm, seed + number);
      limit = new Limit("main", algorithm, number % 8 == 7);
    }

    CheckBuffer ask(long cost, boolean explain) {
      CheckBuffer buffer = new CheckBuffer();
      buffer.begin(realm);
      buffer.add(limit, key, "u", cost);
      if (explain) {
        buffer.explainOnly();
      }
      return buffer;
    }
  }

  private void walk(Algorithm algorithm, Algorithm other, long seed) {
    HandClock clock = new HandClock();
    MemoryStore model = MemoryStores.roomy(clock);
    List<User> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      users.add(new User(algorithm, seed, i));
    }
    for (int step = 0; step < STEPS; step++) {
      List<CheckBuffer> asked = new ArrayList<>();
      List<CheckBuffer> again = new ArrayList<>();
      for (User user : users) {
        user.realm.advance(user.walk.pause());
        if (user.walk.below(10) == 0) {
          Algorithm next = user.walk.coin() ? algorithm : other;
          user.limit = new Limit("main", next, user.limit.shadow());
        }
        long cost = user.walk.cost(user.remaining);
        boolean explain = user.walk.below(8) == 0;
        asked.add(user.ask(cost, explain));
        again.add(user.ask(cost, explain));
      }
      answer(asked);
      for (int i = 0; i < USERS; i++) {
        CheckBuffer lua = asked.get(i);
        clock.moveTo(lua.nowMicros() - users.get(i).realm.offsetMicros());
        model.check(again.get(i), _ -> {});
        assertEquals(again.get(i).decision(), lua.decision(), "step " + step + " of " + i);
        users.get(i).remaining = lua.remaining(0);
      }
    }
  }

  private void answer(List<CheckBuffer> asked) {
    List<Step> steps = new ArrayList<>();
    for (CheckBuffer question : asked) {
      steps.add(codec.check(question, System.currentTimeMillis() * 1_000));
    }
    for (Script script : Script.values()) {
      answer(script, steps, asked);
    }
  }

  /** What the short script cannot decide, the other one is asked. */
  private void answer(Script script, List<Step> steps, List<CheckBuffer> asked) {
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> items = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).script() == script) {
        keys.addAll(steps.get(i).keys());
        items.add(steps.get(i).item());
        places.add(i);
      }
    }
    if (items.isEmpty()) {
      return;
    }
    List<byte[]> answers =
        over()
            .redis
            .sync()
            .eval(
                script.text(),
                ScriptOutputType.MULTI,
                keys.toArray(byte[][]::new),
                items.toArray(byte[][]::new));
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      switch (codec.read(answers.get(i), asked.get(place))) {
        case ALLOWED, DENIED -> over().decided.merge(script, 1, Integer::sum);
        case OTHERWISE -> steps.set(place, steps.get(place).otherwise());
        default -> throw new AssertionError(StepCodec.failure(answers.get(i)));
      }
    }
  }
}
