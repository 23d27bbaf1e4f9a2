package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Assume;
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

  @Property(tries = TRIES)
  void whatIsGivenBackAgrees(@ForAll("buckets") Algorithm bucket, @ForAll long seed) {
    giveBack(bucket, seed);
  }

  @Property(tries = 2 * TRIES)
  void whatIsGivenBackToWindowsAgrees(@ForAll("windows") Algorithm window, @ForAll long seed) {
    Assume.that(window.kernel().storage() != Kernel.Storage.LIST);
    giveBack(window, seed);
  }

  /** Charges, and gives charges back that were made some steps before, whole or in part. */
  private void giveBack(Algorithm algorithm, long seed) {
    User user = new User(algorithm, seed, 0);
    Kernel kernel = algorithm.kernel();
    CounterState model = new CounterState();
    ArrayDeque<long[]> charges = new ArrayDeque<>();
    for (int step = 0; step < STEPS; step++) {
      user.realm.advance(user.walk.pause() / 4);
      CheckBuffer asked = user.ask(user.walk.cost(user.remaining), false);
      if (charges.size() > user.walk.below(3)) {
        long[] charge = charges.removeFirst();
        long units = user.walk.coin() ? charge[1] : charge[1] / 2;
        CheckBuffer back = user.ask(units, false);
        answer(Script.VERBS, codec.giveBack(back, new long[] {charge[0]}, 0), back);
        long time = advance(kernel, model, back);
        kernel.giveBack(model, time, charge[0], units);
        assertSame(model, time, back, "step " + step + " back");
      } else {
        answer(Script.CHECK, codec.check(asked, 0), asked);
        long time = advance(kernel, model, asked);
        assertEquals(kernel.admits(model, time, asked.cost(0)), asked.admitted(0));
        if (asked.admitted(0)) {
          kernel.charge(model, time, asked.cost(0));
          charges.addLast(new long[] {kernel.mark(model, time), asked.cost(0)});
        }
        assertSame(model, time, asked, "step " + step);
      }
      user.remaining = asked.remaining(0);
    }
  }

  private static long advance(Kernel kernel, CounterState model, CheckBuffer answered) {
    return kernel.advance(model, kernel.tick().ofMicros(answered.nowMicros()), Long.MAX_VALUE);
  }

  private static void assertSame(CounterState model, long time, CheckBuffer lua, String where) {
    assertEquals(time, lua.time(0), where);
    assertEquals(model.time, lua.state(0).time, where);
    assertEquals(model.used, lua.state(0).used, where);
    assertEquals(model.previous, lua.state(0).previous, where);
  }

  private void answer(Script script, Step step, CheckBuffer asked) {
    List<Step> one = new ArrayList<>(List.of(step));
    answer(script, one, List.of(asked));
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
