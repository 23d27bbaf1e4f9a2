package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.CheckBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One bad item of a call harms neither the ones before nor the ones after it. */
class ScriptFaultTest {

  private static final RedisServer SERVER = RedisServer.start();
  private static final RedisClient CLIENT = RedisClient.create("redis://127.0.0.1:" + SERVER.port);
  private static final RedisCommands<byte[], byte[]> REDIS =
      CLIENT.connect(ByteArrayCodec.INSTANCE).sync();

  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(5, 6);
  private static final Algorithm BUCKET = new Algorithm.TokenBucket(10, 60_000_000, 10);
  private static final Algorithm DAY =
      new Algorithm.FixedWindow(
          10, Period.of(Duration.ofDays(1)), new Alignment.Calendar(ZoneId.of("UTC")));

  private final StepCodec codec = new StepCodec("", HASHER);

  @AfterAll
  static void stop() {
    CLIENT.shutdown();
    SERVER.close();
  }

  private static CheckBuffer ask(String user, Algorithm... algorithms) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    for (int i = 0; i < algorithms.length; i++) {
      Limit limit = new Limit("limit-" + i, algorithms[i], false);
      buffer.add(limit, HASHER.keys(REALM, "api").key(user, user), user, 1);
    }
    return buffer;
  }

  private static List<byte[]> run(Script script, List<Step> steps) {
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> items = new ArrayList<>();
    for (Step step : steps) {
      keys.addAll(step.keys());
      items.add(step.item());
    }
    return REDIS.eval(
        script.text(),
        ScriptOutputType.MULTI,
        keys.toArray(byte[][]::new),
        items.toArray(byte[][]::new));
  }

  private static long now() {
    return Instant.now().getEpochSecond() * 1_000_000;
  }

  private static List<Outcome> outcomes(List<byte[]> answers) {
    return answers.stream().map(StepCodec::outcome).toList();
  }

  @Test
  void aKeyOfSomebodyElsesFailsItsOwnItemOnlyAndIsLeftAlone() {
    CheckBuffer bad = ask("bad", BUCKET, BUCKET);
    byte[] key = codec.check(bad, now()).keys().get(1);
    REDIS.hset(key, new byte[] {1}, new byte[] {2});
    for (Script script : List.of(Script.CHECK, Script.VERBS)) {
      List<Step> steps = new ArrayList<>();
      for (CheckBuffer question : List.of(ask("a", BUCKET, BUCKET), bad, ask("b", BUCKET))) {
        steps.add(codec.check(question, now()));
      }
      List<byte[]> answers = run(script, steps);
      Outcome expected = script == Script.CHECK ? Outcome.OTHERWISE : Outcome.FAILED;
      assertEquals(List.of(Outcome.ALLOWED, expected, Outcome.ALLOWED), outcomes(answers));
      if (expected == Outcome.FAILED) {
        String why = StepCodec.failure(answers.get(1));
        assertTrue(why.endsWith("holds a hash"), why);
      }
      CheckBuffer after = ask("b", BUCKET);
      assertEquals(Outcome.ALLOWED, codec.read(answers.get(2), after));
      assertEquals(script == Script.CHECK ? 9 : 8, after.remaining(0));
    }
    assertEquals(1, REDIS.hlen(key));
    assertEquals(0, REDIS.exists(codec.check(bad, now()).keys().getFirst()), "nothing is charged");
  }

  @Test
  void anItemWithAnotherDateThanThatOfRedisIsSentBackUncharged() {
    long longAgo = now() - 10 * 86_400_000_000L;
    for (Script script : List.of(Script.CHECK, Script.VERBS)) {
      List<Step> steps =
          List.of(
              codec.check(ask("c", BUCKET, DAY), now()),
              codec.check(ask("d", DAY, BUCKET), longAgo),
              codec.check(ask("e", DAY), now()));
      List<byte[]> answers = run(script, steps);
      assertEquals(List.of(Outcome.ALLOWED, Outcome.OUTSIDE, Outcome.ALLOWED), outcomes(answers));
      assertEquals(0, REDIS.exists(steps.get(1).keys().toArray(byte[][]::new)));
    }
  }
}
