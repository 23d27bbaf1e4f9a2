package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A store over a real Cluster, which changes under load. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ClusterIT {

  private static final Limit LOCAL = Day.limit(Day.CAPACITY, StoreFailure.LOCAL);

  /** Some of each master. */
  private static final List<String> USERS =
      IntStream.range(0, 30).mapToObj(i -> "user " + i).toList();

  private final RedisCluster cluster = new RedisCluster();

  @AfterEach
  void end() {
    cluster.close();
  }

  private static List<String> usersOf(int master) {
    return USERS.stream().filter(user -> RedisCluster.masterOf(Day.slot(user)) == master).toList();
  }

  @Test
  void eachMasterCountsItsSlots() throws Exception {
    try (Day day = Day.of(cluster, USERS)) {
      day.press(LOCAL);
      day.awaitShared(300);
      day.rest();
      day.assertCharged(LOCAL);
      for (int i = 0; i < RedisCluster.MASTERS; i++) {
        assertFalse(usersOf(i).isEmpty());
        long fleet = RedisCluster.masterOf(Fleet.SLOT) == i ? 1 : 0;
        long keys = cluster.ask(i, redis -> redis.dbsize());
        assertEquals(usersOf(i).size() + fleet, keys);
      }
      assertEquals(0, day.told().degraded());
      assertEquals(3, day.store.state().links());
    }
  }

  @Test
  void aSlotThatMovesUnderLoadLosesNoCheck() throws Exception {
    int slot = Day.slot(USERS.getFirst());
    int from = RedisCluster.masterOf(slot);
    int to = (from + 1) % RedisCluster.MASTERS;
    try (Day day = Day.of(cluster, USERS.subList(0, 3))) {
      day.press(LOCAL);
      day.awaitShared(100);
      assertEquals("OK", cluster.ask(to, redis -> redis.scriptFlush()));
      cluster.beginToMove(slot, from, to);
      day.awaitShared(100);
      assertEquals(1, cluster.moveKeys(slot, from, to, 100));
      day.awaitShared(100);
      cluster.endMove(slot, to);
      day.awaitShared(100);
      day.rest();
      day.assertCharged(LOCAL);
      assertEquals(0, day.told().degraded(), "nobody was answered by a policy");
      day.report("a slot moved");
    }
  }

  @Test
  void whileAMasterIsGoneOnlyItsSlotsAreDecidedByPoliciesUntilItsReplicaTakesOver()
      throws Exception {
    int gone = (RedisCluster.masterOf(Fleet.SLOT) + 1) % RedisCluster.MASTERS;
    List<String> others = USERS.stream().filter(user -> !usersOf(gone).contains(user)).toList();
    try (Day day = Day.of(cluster, usersOf(gone));
        Day spared = Day.of(cluster, others)) {
      day.press(LOCAL);
      spared.press(LOCAL);
      day.awaitShared(200);
      spared.awaitShared(200);
      cluster.servers.get(gone).close();
      long since = System.nanoTime();
      day.awaitDegraded(100);
      int before = spared.told().shared();
      int slot = Day.slot(usersOf(gone).getFirst());
      int asked = (gone + 1) % RedisCluster.MASTERS;
      Replicated.await(
          "a replica to be promoted",
          () -> cluster.master(slot, asked).orElse(gone) == RedisCluster.MASTERS + gone);
      long promoted = System.nanoTime();
      day.awaitHealed(LOCAL);
      System.out.printf(
          "one of three masters gone: promoted after %d ms, used %d ms later%n",
          (promoted - since) / 1_000_000, (System.nanoTime() - promoted) / 1_000_000);
      day.awaitShared(100);
      assertTrue(spared.told().shared() > before, "the others are answered meanwhile");
      day.rest();
      spared.rest();
      spared.assertCharged(LOCAL);
      day.report("one of three masters gone");
      spared.report("one of three masters gone, the others");
      assertEquals(0, spared.told().degraded(), "nobody else was answered by a policy");
    }
  }

  /** A master, and users of it and of the others. */
  private record Sides(int master, List<String> its, List<String> others) {}

  /** One that has not what instances know of each other, so that nobody else can notice. */
  private static Sides sides() {
    int master = (RedisCluster.masterOf(Fleet.SLOT) + 1) % RedisCluster.MASTERS;
    List<String> its = usersOf(master);
    return new Sides(master, its, USERS.stream().filter(user -> !its.contains(user)).toList());
  }

  @Test
  void aMasterThatOnlyThisInstanceCannotReachIsDoneWithoutAndNoOtherIs() throws Exception {
    Sides sides = sides();
    CutLine line = cluster.lines.get(sides.master);
    try (Day day = Day.of(cluster, sides.its);
        Day spared = Day.of(cluster, sides.others)) {
      day.press(LOCAL);
      spared.press(LOCAL);
      day.awaitShared(100);
      line.swallowAnswers();
      day.awaitDegraded(300);
      int before = spared.told().shared();
      spared.awaitShared(200);
      assertTrue(spared.told().shared() > before);
      line.cut();
      day.awaitHealed(LOCAL);
      day.awaitShared(100);
      day.rest();
      spared.rest();
      day.assertCharged(LOCAL);
      spared.assertCharged(LOCAL);
      day.report("a master out of reach");
      spared.report("a master out of reach, the others");
      assertEquals(0, spared.told().degraded());
      assertEquals(
          sides.master,
          cluster.master(Day.slot(sides.its.getFirst()), 0).orElseThrow(),
          "the Cluster itself is well");
    }
  }

  /** What was charged since the replica heard the master last is charged once more at most. */
  @Test
  void aReplicaThatLagsForgetsNoMoreThanItsLag() throws Exception {
    Sides sides = sides();
    String user = sides.its.getFirst();
    int replica = RedisCluster.MASTERS + sides.master;
    int another = (sides.master + 1) % RedisCluster.MASTERS;
    try (Day day = Day.of(cluster, List.of(user))) {
      assertTrue(day.ask(LOCAL, 1_000, user).allowed());
      Replicated.await("the replica to catch up", () -> cluster.hasCaughtUp(sides.master));
      cluster.lose(sides.master);
      Replicated.await(
          "the replica to be cut off",
          () -> cluster.ask(replica, r -> r.info("replication")).contains("link_status:down"));
      assertTrue(day.ask(LOCAL, 500, user).allowed());
      cluster.servers.get(sides.master).close();
      Replicated.await(
          "the replica to be promoted",
          () -> cluster.master(Day.slot(user), another).orElse(-1) == replica);
      day.awaitHealed(LOCAL);
      assertEquals(1_000, day.used(LOCAL), "what the replica knew");
    }
  }
}
