package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisCluster;
import io.tollgate.limiter.redis.RedisServer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examination over a real Cluster. */
class ClusterCheckTest {

  private static final RedisCluster CLUSTER = new RedisCluster();

  @TempDir Path temp;

  private Patient patient;

  @AfterAll
  static void stop() {
    CLUSTER.close();
  }

  @BeforeEach
  void describeASoundMachine() {
    String addresses =
        IntStream.range(0, RedisCluster.MASTERS)
            .mapToObj(i -> CLUSTER.server(i).toString())
            .collect(Collectors.joining(","));
    patient =
        new Patient(temp)
            .at(InstantSource.system())
            .with("REDIS_MODE", "cluster")
            .with("REDIS_ADDR", addresses);
  }

  @Test
  void whatIsTrueOfAllMastersIsOneLine() {
    patient.requireWell("redis rights", "user default may do all that a server asks for");
    patient.requireWell("redis instances", "none is there now");
    patient.requireWell("redis clock", "agrees with this machine's");
    Finding disk = patient.findings("redis disk").getFirst();
    assertEquals(1, patient.findings("redis disk").size());
    String all = patient.findings("redis latency").getFirst().text();
    assertTrue(disk.text().startsWith(CLUSTER.server(0) + ", " + CLUSTER.server(1)), disk.text());
    assertTrue(all.contains(", the slowest: a round trip takes "), all);
  }

  @Test
  void aClusterThatServesAsAWholeOnlyIsToldWithTheServersThatDo() {
    assertEquals(
        "OK", CLUSTER.ask(2, redis -> redis.configSet("cluster-require-full-coverage", "yes")));
    assertTrue(
        patient
            .badInRedis()
            .contains(
                Finding.warning(
                    "redis cluster",
                    CLUSTER.server(2)
                        + " refuses every slot while one has no master: policies decide for"
                        + " everybody then",
                    "set cluster-require-full-coverage no in redis.conf")));
    assertEquals(
        "OK", CLUSTER.ask(2, redis -> redis.configSet("cluster-require-full-coverage", "no")));
  }

  @Test
  void aServerOfItThatIsTakenForOneThatIsAloneNamesTheMode() {
    for (int i = 0; i < RedisCluster.MASTERS; i++) {
      patient.with("REDIS_MODE", "single").with("REDIS_ADDR", CLUSTER.server(i));
      assertEquals(
          List.of(
              Finding.wrong(
                  "redis role",
                  "one of a Cluster, which refuses what is counted at another",
                  "set REDIS_MODE to cluster")),
          patient.badInRedis());
    }
  }

  @Test
  void oneThatIsAloneIsNoCluster() {
    try (RedisServer alone = RedisServer.start()) {
      patient.with("REDIS_ADDR", "127.0.0.1:" + alone.port);
      Finding only = patient.badInRedis().getFirst();
      assertEquals("it is no Cluster: set REDIS_MODE to single", only.fix().orElseThrow());
      assertTrue(only.text().contains("cluster support disabled"), only.text());
    }
  }
}
