package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisExaminerTest {

  private static final RedisServer SERVER = RedisServer.start("--save", "3600 1");
  private static final RedisClient CLIENT = RedisClient.create("redis://127.0.0.1:" + SERVER.port);
  private static final RedisCommands<String, String> REDIS = CLIENT.connect().sync();

  private static final String HASH_KEY = "p:tg:1:{fleet}:hash-key";
  private static final String INSTANCES = "p:tg:1:{fleet}:instances";
  private static final Fleet.Member MEMBER = new Fleet.Member("p:", "me", 1, 2, true);

  @AfterAll
  static void stop() {
    CLIENT.shutdown();
    SERVER.close();
  }

  @AfterEach
  void forget() {
    REDIS.flushdb();
  }

  private static RedisExamination examine(Optional<String> username, InstantSource clock) {
    RedisAddress address =
        new RedisAddress(
            List.of(new RedisAddress.Server("127.0.0.1", SERVER.port)),
            Optional.empty(),
            false,
            0,
            username,
            username.map(_ -> "pw"),
            Optional.empty(),
            false,
            Optional.empty());
    return RedisExaminer.examine(address, MEMBER, clock);
  }

  private static Reached reached() {
    return assertInstanceOf(Reached.class, examine(Optional.empty(), InstantSource.system()));
  }

  /** As a user who may do everything but for what these rules of ACLs take away. */
  private static Reached reachedBy(String... rules) {
    List<String> words = new ArrayList<>(List.of("SETUSER", "tg", "reset", "on", ">pw", "+@all"));
    words.addAll(Arrays.asList(rules));
    CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8).addValues(words);
    assertEquals("OK", REDIS.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), args));
    return assertInstanceOf(Reached.class, examine(Optional.of("tg"), InstantSource.system()));
  }

  private static List<String> refused(Reached redis) {
    return redis.refused().stream().map(Refused::command).toList();
  }

  private static boolean isOfRights(String words) {
    return words.startsWith("NOPERM ")
        || words.startsWith("ERR The user executing the script can't ");
  }

  @Test
  void whatRedisSaysOfItselfIsTold() {
    Reached redis = reached();
    assertEquals("master", redis.info().get("role"));
    assertEquals("noeviction", redis.info().get("maxmemory_policy"));
    assertEquals(Optional.of("3600 1"), redis.savePoints());
    assertEquals(List.of(), redis.refused());
    assertEquals(0, redis.instances());
    assertTrue(redis.roundTripNanos() > 0);
    assertEquals(0, redis.clockAheadMicros().orElseThrow());
  }

  @Test
  void nothingStaysInARedisThatWasEmptyAndInOneThatWasNotNothingChanges() {
    reached();
    assertEquals(0, REDIS.dbsize());
    REDIS.set(HASH_KEY, "0123456789abcdef");
    REDIS.zadd(INSTANCES, 9e15, "another");
    String before = REDIS.get(HASH_KEY) + REDIS.zrangeWithScores(INSTANCES, 0, -1);
    assertEquals(1, reached().instances());
    assertEquals(before, REDIS.get(HASH_KEY) + REDIS.zrangeWithScores(INSTANCES, 0, -1));
    assertEquals(2, REDIS.dbsize());
  }

  private static Set<String> commands(Script script, String call) {
    return Pattern.compile(call + "\\('([A-Z]+)'")
        .matcher(script.text())
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyCommandOfEveryScriptIsTriedAndNoOther() {
    Set<String> used = new TreeSet<>();
    for (Script script : Script.values()) {
      used.addAll(commands(script, "redis\\.p?call"));
    }
    assertTrue(used.size() > 20, used.toString());
    assertEquals(used, commands(Script.TRIAL, "try"));
  }

  @Test
  void everyCommandThatIsRefusedIsNamedAndNothingStays() {
    for (String command : commands(Script.TRIAL, "try")) {
      Reached redis = reachedBy("~p:*", "-" + command);
      assertEquals(List.of(command), refused(redis));
      assertTrue(isOfRights(redis.refused().getFirst().words()));
      assertEquals(0, REDIS.dbsize(), command);
    }
    assertEquals(List.of("LTRIM", "ZREM"), refused(reachedBy("~p:*", "-zrem", "-ltrim")));
  }

  @ParameterizedTest
  @CsvSource({"~other:*, EVAL", "~p:* -eval, EVAL", "~p:* -evalsha, EVALSHA"})
  void whoeverMayNotCallScriptsOrTouchKeysIsToldSo(String rules, String command) {
    Reached redis = reachedBy(rules.split(" "));
    assertEquals(List.of(command), refused(redis));
    assertTrue(isOfRights(redis.refused().getFirst().words()));
  }

  @Test
  void aServerNeedsNoRightToAskForWhatOnlyAnExaminationDoes() {
    Reached redis = reachedBy("~p:tg:1:*", "-info", "-config", "-ping");
    assertEquals(List.of(), redis.refused());
    assertTrue(redis.info().isEmpty());
    assertEquals(Optional.empty(), redis.savePoints());
    assertTrue(redis.roundTripNanos() > 0);
  }

  @Test
  void aHashKeyOfOthersIsNoticedAndSomethingElseInItsPlaceToo() {
    assertFalse(reached().otherHashKey());
    REDIS.set(HASH_KEY, "0123456789abcdef");
    assertTrue(reached().otherHashKey());
    assertEquals(Optional.empty(), reached().unusable());
    REDIS.set(HASH_KEY, "short");
    assertTrue(reached().unusable().orElseThrow().endsWith("use another REDIS_KEY_PREFIX"));
  }

  @Test
  void howFarTheClocksAreApartIsMeasuredInBothDirections() {
    for (int hours : List.of(-1, 1)) {
      InstantSource clock = () -> Instant.now().plus(Duration.ofHours(hours));
      Reached redis = assertInstanceOf(Reached.class, examine(Optional.empty(), clock));
      double ahead = redis.clockAheadMicros().orElseThrow() / 3_600e6;
      assertEquals(-hours, ahead, 0.01);
    }
  }

  @Test
  void aServerThatIsNotThereOrDoesNotAnswerIsSaidToBeUnreachable() throws Exception {
    RedisServer gone = RedisServer.start();
    gone.close();
    RedisExamination found =
        RedisExaminer.examine(
            RedisAddress.of("127.0.0.1", gone.port), MEMBER, InstantSource.system());
    String why = assertInstanceOf(Unreachable.class, found).why();
    assertTrue(why.contains("Connection refused"), why);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      found =
          RedisExaminer.examine(
              RedisAddress.of("127.0.0.1", silent.getLocalPort()), MEMBER, InstantSource.system());
      why = assertInstanceOf(Unreachable.class, found).why();
      assertTrue(why.contains("does not answer"), why);
    }
  }
}
