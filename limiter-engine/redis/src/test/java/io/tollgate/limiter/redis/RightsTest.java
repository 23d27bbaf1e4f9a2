package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A user of Redis needs the rights that docs/redis.md gives, each of them and no other. */
class RightsTest {

  private static final Pattern CALLED = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestLoop loop = new TestLoop();

  @AfterEach
  void close() {
    loop.close();
  }

  private static Entry limited(RedisServer server) {
    return Entry.to(server.port).user(Rights.USER, Rights.PASSWORD);
  }

  private static List<String> keys(RedisServer server) {
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port)) {
      return client.connect().sync().scan().getKeys();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theDocumentedRightsAreEnoughForEveryVerb(RedisVersion version) {
    assumeTrue(version.missing().isEmpty(), () -> version.missing().orElseThrow());
    try (RedisServer server = RedisServer.start(version, Map.of())) {
      Rights.documented().grant(server.port);
      try (RedisStore store = loop.tryToOpen(limited(server).address(), Rights.PREFIX, PATIENCE)) {
        assertFalse(store.state().degraded(), store.state().why());
        WholeLife.live(store);
        List<String> keys = keys(server);
        assertFalse(keys.isEmpty());
        for (String key : keys) {
          assertTrue(key.startsWith(Rights.PREFIX), key);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachOfThemIsNeededAndNamedWhereItIsMissing(RedisVersion version) {
    assumeTrue(version.missing().isEmpty(), () -> version.missing().orElseThrow());
    Rights rights = Rights.documented();
    for (String command : rights.commands()) {
      try (RedisServer server = RedisServer.start(version, Map.of())) {
        rights.without(command).grant(server.port);
        RedisStore.State state = loop.attempt(limited(server));
        assertEquals(Optional.of(Refusal.RIGHTS), state.refusal(), command + ": " + state.why());
        String why = state.why().toLowerCase(Locale.ROOT);
        assertTrue(Pattern.compile("\\b" + command + "\\b").matcher(why).find(), state.why());
      }
    }
  }

  @Test
  void whatScriptsCallIsWhatIsDocumented() {
    Set<String> called = new TreeSet<>(Set.of("eval", "evalsha"));
    for (Script script : Script.values()) {
      CALLED
          .matcher(script.text())
          .results()
          .map((MatchResult call) -> call.group(1).toLowerCase(Locale.ROOT))
          .forEach(called::add);
    }
    assertEquals(Rights.documented().commands(), called);
  }

  @Test
  void anotherPrefixThanTheUserMayUseIsRefused() {
    try (RedisServer server = RedisServer.start()) {
      Rights.documented().grant(server.port);
      try (RedisStore store = loop.tryToOpen(limited(server).address(), "other:", PATIENCE)) {
        RedisStore.State state = store.state();
        assertEquals(Optional.of(Refusal.RIGHTS), state.refusal(), state.why());
        assertTrue(state.why().contains("one of the keys"), state.why());
      }
    }
  }
}
