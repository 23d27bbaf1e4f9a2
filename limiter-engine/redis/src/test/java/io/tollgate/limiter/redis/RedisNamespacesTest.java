package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.redis.RedisNamespaces.Kept;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces in a real Redis. */
class RedisNamespacesTest {

  private static final RedisServer SERVER = RedisServer.start();
  private static final RedisClient CLIENT = RedisClient.create("redis://127.0.0.1:" + SERVER.port);
  private static final RedisCommands<byte[], byte[]> REDIS =
      CLIENT.connect(ByteArrayCodec.INSTANCE).sync();

  private final RedisNamespaces namespaces = by(new WaitingPort(REDIS, () -> {}));

  private static RedisNamespaces by(ScriptPort port) {
    return new RedisNamespaces(port, Runnable::run, "p:", Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    CLIENT.shutdown();
    SERVER.close();
  }

  @BeforeEach
  void empty() {
    REDIS.flushall();
  }

  @Test
  void whatIsPutIsReadUntilItIsDeletedAndEachChangeHasAVersionOfItsOwn() throws IOException {
    List<Long> versions = new ArrayList<>(List.of(namespaces.read().version()));
    assertEquals(0, versions.getFirst());
    assertTrue(namespaces.put("a", "{\"ä\":1}", 10));
    versions.add(namespaces.read().version());
    assertTrue(namespaces.put("a", "{}", 10));
    assertTrue(namespaces.put("b", "x".repeat(300_000), 10));
    versions.add(namespaces.read().version());
    assertEquals(Map.of("a", "{}", "b", "x".repeat(300_000)), namespaces.read().texts());
    assertTrue(namespaces.delete("a"));
    assertFalse(namespaces.delete("a"));
    assertTrue(namespaces.delete("b"));
    versions.add(namespaces.read().version());
    assertEquals(Map.of(), namespaces.read().texts());
    assertEquals(versions.stream().distinct().sorted().toList(), versions);
  }

  @Test
  void oneTooManyChangesNothing() throws IOException {
    assertTrue(namespaces.put("a", "1", 2));
    assertTrue(namespaces.put("b", "2", 2));
    Kept before = namespaces.read();
    assertFalse(namespaces.put("c", "3", 2));
    assertEquals(before, namespaces.read());
    assertTrue(namespaces.put("a", "4", 2), "one that is there is replaced");
  }

  @Test
  void whatWasLostIsGivenBackByTheFirstOnly() throws IOException {
    assertTrue(namespaces.put("a", "1", 10));
    Kept known = namespaces.read();
    REDIS.flushall();
    namespaces.offer(known);
    assertEquals(known, namespaces.read());
    namespaces.offer(new Kept(known.version() + 1, new TreeMap<>(Map.of("b", "2"))));
    assertEquals(known, namespaces.read(), "there was something already");
  }

  @Test
  void aRedisThatDoesNotAnswerEndsTheWait() {
    ScriptPort mute = (_, _, _, _) -> {};
    RedisNamespaces waiting = new RedisNamespaces(mute, Runnable::run, "p:", Duration.ofMillis(1));
    IOException late = assertThrows(IOException.class, waiting::read);
    assertEquals("Redis has not answered within 1 ms", late.getMessage());
    ScriptPort broken = (_, _, _, answer) -> answer.failed(new IllegalStateException("gone"));
    assertEquals(
        "Redis: gone", assertThrows(IOException.class, () -> by(broken).read()).getMessage());
  }
}
