package io.tollgate.limiter.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A store over a real Cluster. */
class ClusterIT {

  private static RedisCluster cluster;

  @BeforeAll
  static void start() {
    cluster = new RedisCluster(RedisVersion.INSTALLED);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void checksOfEverySlotAreCounted() {
    try (TestLoop loop = new TestLoop();
        RedisStore store = loop.open(cluster.address())) {
      System.out.println(store.state());
    }
  }
}
