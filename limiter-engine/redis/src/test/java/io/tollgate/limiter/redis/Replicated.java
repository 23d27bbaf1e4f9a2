package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A master, its replica, and Sentinels that make the one of the other. */
final class Replicated implements AutoCloseable {

  static final String NAME = "mymaster";
  static final String SENTINEL_PASSWORD = "watchword";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A master waits 5 s for more replicas to come, unless it is told not to. */
  final RedisServer master = RedisServer.start("--repl-diskless-sync-delay", "0");

  final RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port);
  final List<RedisServer> sentinels = new ArrayList<>();

  private final RedisClient client = RedisClient.create();

  /** All of them, where each knows the others. */
  Replicated(int count, int quorum) {
    // Before a Sentinel looks: it looks again ten seconds later.
    await("the replica to catch up", this::hasCaughtUp);
    for (int i = 0; i < count; i++) {
      sentinels.add(
          RedisServer.startSentinel(
              List.of(
                  "sentinel monitor " + NAME + " 127.0.0.1 " + master.port + " " + quorum,
                  "sentinel down-after-milliseconds " + NAME + " 500",
                  "sentinel failover-timeout " + NAME + " 1000",
                  "requirepass " + SENTINEL_PASSWORD,
                  "sentinel sentinel-pass " + SENTINEL_PASSWORD)));
    }
    for (RedisServer sentinel : sentinels) {
      await("the Sentinels to meet", () -> hasMet(sentinel, count - 1));
    }
  }

  /** Where the Sentinels are. */
  Entry entry() {
    int[] ports = sentinels.stream().mapToInt(sentinel -> sentinel.port).toArray();
    return Entry.bySentinels(NAME, ports).sentinelPassword(SENTINEL_PASSWORD);
  }

  private boolean hasMet(RedisServer sentinel, int others) {
    try (var connection = client.connectSentinel(uri(sentinel))) {
      Map<String, String> known = connection.sync().master(NAME);
      List<Map<String, String>> replicas = connection.sync().replicas(NAME);
      return replicas.size() == 1
          && "ok".equals(replicas.getFirst().get("master-link-status"))
          && Integer.toString(others).equals(known.get("num-other-sentinels"));
    }
  }

  /** Whether the replica has all that the master has. */
  boolean hasCaughtUp() {
    String from = info(master.port);
    String to = info(replica.port);
    return to.contains("master_link_status:up")
        && field(from, "master_repl_offset").equals(field(to, "slave_repl_offset"));
  }

  /** Whether the replica is the master now. */
  boolean isPromoted() {
    return field(info(replica.port), "role").equals("master");
  }

  /** Makes Sentinels change the master, as an operator does who needs its machine. */
  void change() {
    try (var sentinel = client.connectSentinel(uri(sentinels.getFirst()))) {
      assertEquals("OK", sentinel.sync().failover(NAME));
    }
    await("the replica to be the master", this::isPromoted);
    // Sentinels do it too, but ten seconds later.
    try (var old = client.connect(RedisURI.create("127.0.0.1", master.port))) {
      assertEquals("OK", old.sync().replicaof("127.0.0.1", replica.port));
    }
  }

  private static RedisURI uri(RedisServer sentinel) {
    return RedisURI.builder()
        .withHost("127.0.0.1")
        .withPort(sentinel.port)
        .withPassword(SENTINEL_PASSWORD.toCharArray())
        .build();
  }

  private String info(int port) {
    try (var connection = client.connect(RedisURI.create("127.0.0.1", port))) {
      return connection.sync().info("replication");
    } catch (RedisException away) {
      return "";
    }
  }

  static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(name + " is not told");
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "waited in vain for " + what);
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    client.shutdown();
    sentinels.forEach(RedisServer::close);
    replica.close();
    master.close();
  }
}
