package io.tollgate.server.settings;

import static io.tollgate.server.settings.RedisSettingsTest.problems;
import static io.tollgate.server.settings.RedisSettingsTest.requireAtMost16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.server.settings.RedisSettings.Address;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes with a Cluster, and what does not. */
class ClusterSettingsTest {

  @Test
  void ofAClusterOneServerIsNamedOrUpTo16() {
    requireAtMost16("cluster", "");
    RedisSettings one = RedisSettingsTest.of("REDIS_ADDR", "c", "REDIS_MODE", "Cluster");
    assertEquals(Mode.CLUSTER, one.mode());
    assertEquals(List.of(new Address("c", 6_379)), one.addresses());
    assertTrue(one.address().cluster());
    assertEquals(one, RedisSettingsTest.of("REDIS_URL", "redis-cluster://c"));
    assertEquals(
        one, RedisSettingsTest.of("REDIS_ADDR", "c", "REDIS_MODE", "cluster", "REDIS_DB", "0"));
  }

  @Test
  void everythingButSentinelsAndADatabaseGoesWithACluster() {
    RedisSettings redis =
        RedisSettingsTest.of(
            "REDIS_ADDR", "a,b:1,[::1]",
            "REDIS_MODE", "cluster",
            "REDIS_USERNAME", "u",
            "REDIS_PASSWORD", "p",
            "REDIS_TLS", "true",
            "REDIS_TLS_CA", "ca.pem",
            "REDIS_KEY_PREFIX", "eu:",
            "REDIS_TIMEOUT_MS", "1",
            "REDIS_BATCH", "2",
            "REDIS_CALLS", "3");
    RedisAddress address = redis.address();
    assertEquals("a:6379,b:1,[::1]:6379 (Cluster)", address.toString());
    assertEquals(Optional.empty(), address.sentinelMaster());
    assertEquals(Optional.of("u"), address.username());
    assertEquals(Optional.of(Path.of("ca.pem")), address.tlsAuthorities());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REDIS_DB | 1 | REDIS_DB=1 cannot be obeyed: a Cluster has database 0 only; unset it",
        "REDIS_DB | x | REDIS_DB=x is not a number from 0 to 1023; write one",
        "REDIS_SENTINEL_MASTER | m | REDIS_SENTINEL_MASTER=m is for sentinels; set"
            + " REDIS_MODE=sentinel, or unset REDIS_SENTINEL_MASTER",
        "REDIS_SENTINEL_PASSWORD | hunter2 | REDIS_SENTINEL_PASSWORD is for sentinels; set"
            + " REDIS_MODE=sentinel, or unset REDIS_SENTINEL_PASSWORD",
      })
  void whatAClusterHasNotIsRefusedWithIt(String name, String value, String problem) {
    assertEquals(
        List.of(problem), problems("REDIS_ADDR", "a,b", "REDIS_MODE", "cluster", name, value));
  }
}
