package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisAddress.Server;
import io.tollgate.limiter.redis.RedisExamination.Away;
import io.tollgate.limiter.redis.RedisExamination.Cluster;
import io.tollgate.limiter.redis.RedisExamination.Master;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClusterExaminerTest {

  private static final RedisCluster CLUSTER = new RedisCluster();
  private static final Fleet.Member MEMBER = new Fleet.Member("p:", "me", 1, 2, true);

  /** Of the first master. */
  private static final int SLOT = 7;

  /** Servers tell who replicates whom before how far, and who is nowhere yet is not named. */
  @BeforeAll
  static void awaitReplicas() {
    Replicated.await(
        "every server to name the replicas",
        () ->
            IntStream.range(0, CLUSTER.servers.size())
                .allMatch(i ->
                    CLUSTER.ask(i, redis -> redis.clusterSlots()).stream()
                        .allMatch(range -> range instanceof List<?> parts && parts.size() == 4)));
  }

  @AfterAll
  static void stop() {
    CLUSTER.close();
  }

  private static RedisExamination examine(RedisAddress address) {
    return RedisExaminer.examine(address, MEMBER, InstantSource.system());
  }

  private static Cluster cluster() {
    return assertInstanceOf(Cluster.class, examine(CLUSTER.address()));
  }

  private static RedisAddress address(List<Server> servers, Optional<String> user) {
    return new RedisAddress(
        servers,
        Optional.empty(),
        true,
        0,
        user,
        user.map(_ -> "pw"),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static List<Refused> refused(Master master) {
    return assertInstanceOf(Reached.class, master.found()).refused();
  }

  private static void set(int at, String name, String value) {
    assertEquals("OK", CLUSTER.ask(at, redis -> redis.configSet(name, value)));
  }

  @Test
  void allMastersAreLookedAtAndNothingStays() {
    Cluster cluster = cluster();
    assertEquals(
        IntStream.range(0, RedisCluster.MASTERS).mapToObj(CLUSTER::server).toList(),
        cluster.masters().stream().map(Master::server).toList());
    for (int i = 0; i < RedisCluster.MASTERS; i++) {
      Master master = cluster.masters().get(i);
      assertEquals(1, master.replicas());
      assertEquals(i == RedisCluster.masterOfFleet(), master.hasFleet());
      assertTrue(master.tried());
      assertFalse(master.wholeOnly());
      assertEquals(List.of(), refused(master));
      Reached found = assertInstanceOf(Reached.class, master.found());
      assertEquals("master", found.info().get("role"));
      assertEquals(Optional.of(""), found.savePoints());
      assertTrue(found.roundTripNanos() > 0);
      assertEquals(0, found.clockAheadMicros().orElseThrow());
      long keys = CLUSTER.ask(i, redis -> redis.dbsize());
      assertEquals(0, keys);
    }
    assertEquals(RedisCluster.MASTERS, cluster.replicas());
    assertEquals(List.of(), cluster.away());
    assertEquals(0, cluster.missing());
    assertTrue(cluster.serves());
  }

  @Test
  void whoServesTheWholeOnlyIsNamed() {
    set(1, "cluster-require-full-coverage", "yes");
    try {
      assertEquals(
          List.of(false, true, false),
          cluster().masters().stream().map(Master::wholeOnly).toList());
    } finally {
      set(1, "cluster-require-full-coverage", "no");
    }
  }

  @Test
  void slotsThatNobodyHasAreCounted() {
    CLUSTER.ask(0, redis -> redis.clusterDelSlots(SLOT, SLOT + 1));
    try {
      RedisExamination found = examine(address(List.of(CLUSTER.server(0)), Optional.empty()));
      Cluster cluster = assertInstanceOf(Cluster.class, found);
      assertEquals(2, cluster.missing());
      assertEquals(RedisCluster.MASTERS, cluster.masters().size());
    } finally {
      CLUSTER.ask(0, redis -> redis.clusterAddSlots(SLOT, SLOT + 1));
    }
  }

  @Test
  void aSlotThatMovesIsNoMissingRight() {
    int from = RedisCluster.masterOfFleet();
    int to = (from + 1) % RedisCluster.MASTERS;
    CLUSTER.beginToMove(Fleet.SLOT, from, to);
    try {
      Master master = cluster().masters().get(from);
      assertEquals(List.of(), refused(master));
      assertFalse(master.tried());
      assertFalse(master.hasFleet());
    } finally {
      CLUSTER.endMove(Fleet.SLOT, from);
    }
  }

  @Test
  void aServerThatWasNamedAndIsGoneIsToldBesideTheOthers() {
    RedisServer gone = RedisServer.start();
    gone.close();
    Server away = new Server("127.0.0.1", gone.port);
    List<Server> servers = List.of(away, CLUSTER.server(4));
    Cluster cluster = assertInstanceOf(Cluster.class, examine(address(servers, Optional.empty())));
    assertEquals(List.of(new Away(away, away + ": Connection refused")), cluster.away());
    assertEquals(RedisCluster.MASTERS, cluster.masters().size());
  }

  @Test
  void aReplicaOrAMasterThatDoesNotKnowTheUserIsNamed() {
    List<String> rules = List.of("on", ">pw", "~*", "+@all");
    for (int i : List.of(0, 1, 3, 4)) {
      acl(i, rules);
    }
    try {
      List<Server> servers = List.of(CLUSTER.server(0), CLUSTER.server(1));
      Cluster cluster =
          assertInstanceOf(Cluster.class, examine(address(servers, Optional.of("known"))));
      String why = ": WRONGPASS invalid username-password pair or user is disabled";
      Server replica = CLUSTER.server(5);
      assertEquals(List.of(new Away(replica, replica + why)), cluster.away());
      Master master = cluster.masters().get(2);
      assertEquals(new Unreachable(CLUSTER.server(2) + why), master.found());
    } finally {
      for (int i : List.of(0, 1, 3, 4)) {
        CLUSTER.ask(i, redis -> redis.aclDeluser("known"));
      }
    }
  }

  private static void acl(int at, List<String> rules) {
    List<String> line = new ArrayList<>(List.of("redis-cli ACL SETUSER known"));
    rules.forEach(rule -> line.add("'" + rule + "'"));
    new Rights(String.join(" ", line)).grant(CLUSTER.servers.get(at).port);
  }

  @Test
  void aRightThatOneMasterRefusesIsFoundThere() {
    for (int i = 0; i < CLUSTER.servers.size(); i++) {
      acl(i, List.of("on", ">pw", "~p:*", "+@all", i == 1 ? "-zadd" : "+zadd"));
    }
    try {
      List<Server> servers = List.of(CLUSTER.server(0));
      Cluster cluster =
          assertInstanceOf(Cluster.class, examine(address(servers, Optional.of("known"))));
      assertEquals(
          List.of(List.of(), List.of("ZADD"), List.of()),
          cluster.masters().stream()
              .map(master -> refused(master).stream().map(Refused::command).toList())
              .toList());
    } finally {
      for (int i = 0; i < CLUSTER.servers.size(); i++) {
        CLUSTER.ask(i, redis -> redis.aclDeluser("known"));
      }
    }
  }

  @Test
  void aRedisThatIsNoneIsSaidToBeNone() {
    try (RedisServer alone = RedisServer.start()) {
      RedisExamination found =
          examine(address(List.of(new Server("127.0.0.1", alone.port)), Optional.empty()));
      String why = assertInstanceOf(Unreachable.class, found).why();
      assertEquals(Optional.of(Refusal.NO_CLUSTER), Refusal.in(why), why);
    }
  }

  @Test
  void whoeverTakesAServerOfItForOneThatIsAloneFindsOut() {
    for (int i = 0; i < CLUSTER.servers.size(); i++) {
      RedisAddress one = RedisAddress.of("127.0.0.1", CLUSTER.servers.get(i).port);
      Reached found = assertInstanceOf(Reached.class, examine(one));
      assertEquals("cluster", found.info().get("redis_mode"));
      List<Optional<Refusal>> refusals =
          found.refused().stream().map(refused -> Refusal.in(refused.words())).toList();
      assertTrue(refusals.contains(Optional.of(Refusal.CLUSTER)), found.refused().toString());
      try (TestLoop loop = new TestLoop()) {
        RedisStore.State state = loop.attempt(new Entry(one));
        assertEquals(Optional.of(Refusal.CLUSTER), state.refusal(), state.why());
      }
    }
  }
}
