package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.testing.Scene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A store finds the master through Sentinels, and the next one when they have made one. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SentinelIT {

  private static final long YEAR = 366L * 86_400 * 1_000_000;
  private static final long LIMIT = 100_000;

  /** Sentinels take 2 s, and 2 s more each time two of them wanted to be the one who changes it. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(25);

  private static final Duration ANSWER = Duration.ofMillis(250);

  private final TestLoop loop = new TestLoop();

  @AfterEach
  void close() {
    loop.close();
  }

  private RedisStore open(Replicated redis) {
    RedisStore store = loop.tryToOpen(redis.entry().address(), "", ANSWER);
    assertFalse(store.state().degraded(), store.state().why());
    return store;
  }

  private static Scene scene(RedisStore store) {
    return new Scene(
        _ -> store,
        List.of(
            Scene.namespace(LimitSpec.of("main", new Algorithm.TokenBucket(LIMIT, YEAR, LIMIT)))));
  }

  /** Asks until Redis has answered. */
  private static void awaitAnswer(Replicated redis, Scene scene, String after) {
    long start = System.nanoTime();
    long promoted = 0;
    Decision decision = scene.check("user", 1);
    while (decision.degraded()) {
      assertTrue(System.nanoTime() - start < MOST_NANOS, "does not heal after " + after);
      promoted = promoted == 0 && redis.isPromoted() ? System.nanoTime() : promoted;
      decision = scene.check("user", 1);
    }
    System.out.printf(
        "after %s: promoted in %d ms, answered in %d ms%n",
        after,
        TimeUnit.NANOSECONDS.toMillis(Math.max(0, promoted - start)),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    assertTrue(redis.isPromoted());
  }

  /** What was replicated is counted on, and so is what comes. */
  private static void isCountedOn(Scene scene, long before) {
    long left = scene.remaining("user");
    assertTrue(left < LIMIT - before, () -> left + " left");
    assertFalse(scene.check("user", 5).degraded());
    assertEquals(left - 5, scene.remaining("user"));
  }

  @Test
  void aKilledMasterIsLeftForTheNextOneThoughASentinelDiedWithIt() {
    try (Replicated redis = new Replicated(3, 2);
        RedisStore store = open(redis)) {
      Scene scene = scene(store);
      assertEquals(LIMIT - 10, scene.check("user", 10).remaining().orElseThrow());
      Replicated.await("the replica to catch up", redis::hasCaughtUp);
      redis.sentinels.getFirst().close();
      redis.master.close();
      awaitAnswer(redis, scene, "a kill");
      isCountedOn(scene, 10);
    }
  }

  @Test
  void aFrozenMasterIsLeftThoughItsConnectionStaysOpen() {
    try (Replicated redis = new Replicated(1, 1);
        RedisStore store = open(redis)) {
      Scene scene = scene(store);
      assertEquals(LIMIT - 10, scene.check("user", 10).remaining().orElseThrow());
      Replicated.await("the replica to catch up", redis::hasCaughtUp);
      redis.master.pause();
      awaitAnswer(redis, scene, "a freeze");
      redis.master.resume();
      isCountedOn(scene, 10);
    }
  }

  @Test
  void aMasterThatIsMadeAReplicaIsLeft() {
    try (Replicated redis = new Replicated(1, 1);
        RedisStore store = open(redis)) {
      Scene scene = scene(store);
      assertEquals(LIMIT - 10, scene.check("user", 10).remaining().orElseThrow());
      Replicated.await("the replica to catch up", redis::hasCaughtUp);
      redis.change();
      awaitAnswer(redis, scene, "a planned change");
      isCountedOn(scene, 10);
    }
  }

  @Test
  void sentinelsAndMasterAreSpokenToOverTls(@TempDir Path folder) throws Exception {
    Authority authority = new Authority(folder);
    Authority.Issued here = authority.issue("here", "-ext", "san=ip:127.0.0.1");
    Authority.Issued elsewhere = authority.issue("elsewhere", "-ext", "san=ip:127.0.0.2");
    for (Authority.Issued pair : List.of(here, elsewhere)) {
      try (RedisServer master = RedisServer.startTls(pair);
          RedisServer sentinel =
              RedisServer.startTlsSentinel(
                  here, List.of("sentinel monitor mymaster 127.0.0.1 " + master.port + " 1"))) {
        RedisStore.State state =
            loop.attempt(Entry.bySentinels("mymaster", sentinel.port).tls(authority.certificate));
        assertEquals(
            pair.equals(here) ? Optional.empty() : Optional.of(Refusal.HOST), state.refusal());
        assertEquals(!pair.equals(here), state.degraded(), state.why());
        RedisStore.State plain = loop.attempt(Entry.bySentinels("mymaster", sentinel.port));
        assertTrue(plain.why().endsWith("it may speak TLS only"), plain.why());
      }
    }
  }

  @Test
  void aFrozenSentinelIsDoneWithoutAndNotWaitedFor() {
    try (Replicated redis = new Replicated(3, 2)) {
      redis.sentinels.getFirst().pause();
      long start = System.nanoTime();
      try (RedisStore store = open(redis)) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis < 1_500, () -> "found after " + millis + " ms");
        WholeLife.live(store);
      }
    }
  }

  @Test
  void whatSentinelsRefuseIsNamed() {
    try (Replicated redis = new Replicated(1, 1)) {
      int port = redis.sentinels.getFirst().port;
      String at = ": 127.0.0.1:" + port + ": ";
      RedisStore.State open = loop.attempt(Entry.bySentinels(Replicated.NAME, port));
      assertEquals(
          "no Sentinel says where mymaster is" + at + "NOAUTH, it asks for a password", open.why());
      assertEquals(Optional.of(Refusal.SENTINEL_LOGIN), open.refusal());
      RedisStore.State other =
          loop.attempt(
              Entry.bySentinels("other", port).sentinelPassword(Replicated.SENTINEL_PASSWORD));
      assertEquals(
          "no Sentinel says where other is" + at + "knows no master of that name", other.why());
      assertEquals(Optional.of(Refusal.MASTER_NAME), other.refusal());
      redis.sentinels.getFirst().close();
      RedisStore.State none = loop.attempt(redis.entry());
      assertEquals("no Sentinel says where mymaster is" + at + "Connection refused", none.why());
      assertEquals(Optional.empty(), none.refusal());
    }
  }
}
