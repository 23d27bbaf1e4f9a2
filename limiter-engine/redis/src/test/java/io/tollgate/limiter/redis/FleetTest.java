package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What instances learn of each other from a real Redis, whose clock the test moves. */
class FleetTest {

  private static final long START = 1_750_000_000_000_000L;
  private static final long SECOND = 1_000_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final FrozenRedis FROZEN = new FrozenRedis(RedisVersion.INSTALLED, START);
  private static final RedisClient CLIENT =
      RedisClient.create("redis://127.0.0.1:" + FROZEN.server.port);
  private static final RedisCommands<byte[], byte[]> REDIS =
      CLIENT.connect(ByteArrayCodec.INSTANCE).sync();

  private final WaitingPort port = new WaitingPort(REDIS, () -> {});
  private final List<String> warnings = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  @AfterAll
  static void stop() {
    CLIENT.shutdown();
    FROZEN.close();
  }

  @BeforeEach
  void empty() {
    FROZEN.moveTo(START);
    REDIS.flushall();
  }

  private Fleet member(String id, long key, boolean given) {
    return new Fleet(new Fleet.Member("p:", id, key, key + 1, given), warnings::add);
  }

  private Link.Greeting.Said said() {
    return new Link.Greeting.Said() {
      @Override
      public void well() {
        // Expected.
      }

      @Override
      public void wrong(Throwable why) {
        wrong.add(why.getMessage());
      }
    };
  }

  private void beat(Fleet... members) {
    for (Fleet member : members) {
      member.beat(port, said());
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void instancesAreCountedUntilTheyLeaveOrAreSilentForFifteenSeconds() {
    Fleet one = member("one", 1, true);
    Fleet two = member("two", 1, true);
    Fleet three = member("three", 1, true);
    beat(one, two, three, one);
    assertEquals(3, one.instances());
    three.leave(port, said());
    beat(one);
    assertEquals(2, one.instances());
    FROZEN.moveTo(START + 14 * SECOND);
    beat(one);
    assertEquals(2, one.instances());
    FROZEN.moveTo(START + 16 * SECOND);
    beat(one);
    assertEquals(1, one.instances(), "two has said nothing for 16 s");
  }

  @Test
  void aDeadInstanceIsNotCountedForTheLengthOfAStepOfTheClock() {
    Fleet one = member("one", 1, true);
    Fleet dead = member("dead", 1, true);
    FROZEN.moveTo(START + HOUR);
    beat(one, dead);
    FROZEN.moveTo(START);
    beat(one);
    assertEquals(1, one.instances());
  }

  @Test
  void theFirstHashKeyIsEverybodysAndSurvivesARedisThatForgets() {
    Fleet first = member("one", 1, false);
    Fleet second = member("two", 2, false);
    assertNotEquals(name(first), name(second));
    beat(first, second);
    assertEquals(name(first), name(second));
    String agreed = name(first);
    REDIS.flushall();
    beat(second, member("three", 3, false), first);
    assertEquals(agreed, name(first), "whoever comes first puts it back");
    assertEquals(List.of(), warnings);
  }

  @Test
  void aHashKeyOfTheOperatorsIsKeptAndAnotherOneInRedisIsTold() {
    beat(member("one", 1, false));
    Fleet given = member("two", 2, true);
    String before = name(given);
    beat(given, given);
    assertEquals(before, name(given));
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("TOLLGATE_HASH_KEY"), warnings.getFirst());
  }

  @Test
  void whatIsNoHashKeyIsNotTakenForOne() {
    REDIS.set(Fleet.key("p:", "hash-key"), new byte[] {1, 2, 3});
    member("one", 1, false).greet(port, said());
    assertEquals(1, wrong.size());
    assertTrue(wrong.getFirst().contains("delete it"), wrong.getFirst());
  }

  /** Something that depends on the hasher in force. */
  private static String name(Fleet fleet) {
    return fleet.hasher().textKey("a", "b").toString();
  }
}
