package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.store.CheckBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user of a Cluster needs the rights that docs/redis.md gives besides the usual ones. */
class ClusterRightsTest {

  private static final RedisCluster CLUSTER = new RedisCluster();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Limit LIMIT = Day.limit(10, StoreFailure.LOCAL);

  private final TestLoop loop = new TestLoop();

  @AfterAll
  static void stop() {
    CLUSTER.close();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  /** The same on every server, and nothing from before. */
  private static void grant(Rights besides) {
    for (RedisServer server : CLUSTER.servers) {
      new Rights("redis-cli ACL SETUSER limiter reset").grant(server.port);
      Rights.documented().grant(server.port);
      besides.grant(server.port);
    }
  }

  private static RedisAddress address() {
    RedisAddress any = CLUSTER.address();
    return new RedisAddress(
        any.servers(),
        Optional.empty(),
        true,
        0,
        Optional.of(Rights.USER),
        Optional.of(Rights.PASSWORD),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static Rights without(String right) {
    String line = Rights.ofClusters().line();
    String less = line.replace(" '" + right + "'", "").replace(" " + right, "");
    assertTrue(less.length() < line.length(), line);
    return new Rights(less);
  }

  private static long remaining(RedisStore store, String user) {
    CheckBuffer answer = Day.await(told -> store.check(question(user), told::accept));
    assertFalse(answer.degraded());
    return answer.remaining(0);
  }

  private static CheckBuffer question(String user) {
    return Day.question(LIMIT, 1, user);
  }

  @Test
  void theDocumentedRightsAreEnoughAlsoWhileASlotMoves() {
    grant(Rights.ofClusters());
    try (RedisStore store = loop.tryToOpen(address(), Rights.PREFIX, PATIENCE)) {
      assertFalse(store.state().degraded(), store.state().why());
      WholeLife.live(store);
      String user = "somebody";
      int slot = Day.slot(user);
      int from = RedisCluster.masterOf(slot);
      int to = (from + 1) % RedisCluster.MASTERS;
      CLUSTER.beginToMove(slot, from, to);
      assertEquals(9, remaining(store, user), "asked of the one that gets the slot");
      assertEquals(8, remaining(store, user));
      CLUSTER.endMove(slot, to);
      assertEquals(7, remaining(store, user), "and found when it has got it");
      CLUSTER.beginToMove(slot, to, from);
      assertEquals(1, CLUSTER.moveKeys(slot, to, from, 10));
      assertEquals(6, remaining(store, user));
      CLUSTER.endMove(slot, from);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+cluster|slots", "+cluster|info"})
  void whoMayNotAskWhoHasWhichSlotsIsRefusedAtTheStart(String right) {
    grant(without(right));
    RedisStore.State state = loop.attempt(new Entry(address()));
    assertEquals(Optional.of(Refusal.RIGHTS), state.refusal(), state.why());
    assertTrue(state.why().contains("'" + right.substring(1) + "'"), state.why());
  }

  @Test
  void whoMayNotFollowASlotThatMovesIsNamedByTheExamination() {
    grant(without("+asking"));
    RedisExamination.Cluster cluster =
        assertInstanceOf(
            RedisExamination.Cluster.class,
            RedisExaminer.examine(
                address(),
                new Fleet.Member(Rights.PREFIX, "me", 1, 2, true),
                InstantSource.system()));
    for (RedisExamination.Master master : cluster.masters()) {
      Reached found = assertInstanceOf(Reached.class, master.found());
      assertEquals(List.of("ASKING"), found.refused().stream().map(Refused::command).toList());
      assertTrue(found.refused().getFirst().words().startsWith("NOPERM "));
    }
  }
}
