package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may enter a Redis, and what whoever may not is told. */
class EntryTest {

  private static final RedisServer SERVER = RedisServer.start("--requirepass", "opensesame");

  private final TestLoop loop = new TestLoop();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private static Entry entry() {
    return Entry.to(SERVER.port);
  }

  private void refuses(Entry entry, Optional<Refusal> refusal, String words) {
    RedisStore.State state = loop.attempt(entry);
    assertTrue(state.degraded());
    assertEquals(entry.address() + ": " + words, state.why());
    assertEquals(refusal, state.refusal());
  }

  @Test
  void aPasswordLetsInAndKeysFallIntoTheDatabaseThatIsSet() {
    Entry entry = entry().password("opensesame").database(7);
    try (RedisStore store = loop.tryToOpen(entry.address(), "mine:", Duration.ofSeconds(10));
        RedisClient client = RedisClient.create("redis://:opensesame@127.0.0.1:" + SERVER.port)) {
      assertFalse(store.state().degraded(), store.state().why());
      WholeLife.live(store);
      RedisCommands<String, String> redis = client.connect().sync();
      assertEquals(0, redis.dbsize());
      redis.select(7);
      List<String> keys = redis.scan().getKeys();
      assertFalse(keys.isEmpty());
      assertTrue(keys.stream().allMatch(key -> key.startsWith("mine:")), keys::toString);
    }
  }

  @Test
  void aMissingPasswordIsNamed() {
    refuses(entry(), Optional.of(Refusal.LOGIN), "NOAUTH, it asks for a password");
  }

  @Test
  void aWrongPasswordOrUserIsNamed() {
    String words = "WRONGPASS invalid username-password pair or user is disabled";
    refuses(entry().password("wrong"), Optional.of(Refusal.LOGIN), words);
    refuses(entry().user("nobody", "opensesame"), Optional.of(Refusal.LOGIN), words);
  }

  @Test
  void aPasswordThatNobodyAsksForIsLetPass() {
    try (RedisServer open = RedisServer.start()) {
      RedisStore.State state = loop.attempt(Entry.to(open.port).password("any"));
      assertFalse(state.degraded(), state.why());
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    refuses(
        entry().password("opensesame").database(99),
        Optional.of(Refusal.DATABASE),
        "ERR DB index is out of range");
  }

  @Test
  void aRedisThatIsNotThereMayComeYet() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    refuses(Entry.to(port), Optional.empty(), "Connection refused");
  }

  @Test
  void aRedisThatIsMuteMayAnswerYet() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refuses(Entry.to(mute.getLocalPort()), Optional.empty(), "does not answer");
    }
  }
}
