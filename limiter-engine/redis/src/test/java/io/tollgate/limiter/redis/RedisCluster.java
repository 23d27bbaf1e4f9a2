package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A Cluster of three masters, each with a replica, that a test may break and move slots in. */
public final class RedisCluster implements AutoCloseable {

  /** How many masters, and how many replicas. */
  public static final int MASTERS = 3;

  /** A server that is silent for so long is given up by the others. */
  private static final long NODE_TIMEOUT_MILLIS = 1_000;

  /** Where their clock leaps, nobody is silent. */
  private static final long NEVER_MILLIS = 1L << 50;

  /** By which each is spoken to, by its replica too. */
  final List<CutLine> lines = new ArrayList<>();

  /** The masters come first, then the replica of each in the same order. */
  public final List<RedisServer> servers = new ArrayList<>();

  private final RedisClient client = RedisClient.create();

  /** What passes time while the servers meet. */
  private final Runnable waiting;

  /** Starts them, and returns when all agree on who has which slots. */
  public RedisCluster() {
    this(RedisVersion.INSTALLED, Map.of(), NODE_TIMEOUT_MILLIS, () -> {});
  }

  /** As {@link #RedisCluster()}, with a clock that a test moves. */
  RedisCluster(RedisVersion version, FrozenClock clock) {
    this(version, clock.environment(), NEVER_MILLIS, () -> clock.advance(100_000));
  }

  private RedisCluster(
      RedisVersion version, Map<String, String> environment, long timeout, Runnable waiting) {
    this.waiting = waiting;
    for (int i = 0; i < 2 * MASTERS; i++) {
      servers.add(start(version, environment, timeout));
    }
    join();
  }

  private RedisServer start(RedisVersion version, Map<String, String> environment, long timeout) {
    CutLine line = new CutLine();
    lines.add(line);
    RedisServer server =
        RedisServer.start(version, environment, port -> options(line.port, port, timeout));
    line.lead(server.port);
    return server;
  }

  private static List<String> options(int line, int port, long timeout) {
    return List.of(
        "--cluster-enabled",
        "yes",
        "--cluster-require-full-coverage",
        "no",
        "--cluster-node-timeout",
        Long.toString(timeout),
        "--repl-timeout",
        "2000000000",
        "--repl-diskless-sync-delay",
        "0",
        "--cluster-announce-port",
        Integer.toString(line),
        "--cluster-announce-bus-port",
        Integer.toString(port + RedisServer.BUS));
  }

  private void join() {
    for (int i = 1; i < servers.size(); i++) {
      int other = servers.get(i).port;
      ask(0, redis -> redis.clusterMeet("127.0.0.1", other));
    }
    for (int i = 0; i < MASTERS; i++) {
      int[] slots = IntStream.range(first(i), first(i + 1)).toArray();
      ask(i, redis -> redis.clusterAddSlots(slots));
    }
    for (int i = 0; i < servers.size(); i++) {
      int at = i;
      await("the servers to meet", () -> count(at, " connected") == servers.size());
    }
    for (int i = 0; i < MASTERS; i++) {
      String master = id(i);
      ask(MASTERS + i, redis -> redis.clusterReplicate(master));
    }
    for (int i = 0; i < servers.size(); i++) {
      int at = i;
      await("the Cluster to serve", () -> isFine(at));
    }
  }

  private void await(String what, BooleanSupplier condition) {
    Replicated.await(
        what,
        () -> {
          waiting.run();
          return condition.getAsBoolean();
        });
  }

  /** The first slot of a master. */
  static int first(int master) {
    return master * Slots.COUNT / MASTERS;
  }

  /** Which master has a slot, before any of them moved. */
  static int masterOf(int slot) {
    return IntStream.range(0, MASTERS).filter(i -> slot < first(i + 1)).findFirst().orElseThrow();
  }

  /** Which master has what instances know of each other, before any slot moved. */
  public static int masterOfFleet() {
    return masterOf(Fleet.SLOT);
  }

  private boolean isFine(int at) {
    return ask(at, redis -> redis.clusterInfo()).contains("cluster_state:ok")
        && count(at, "slave") == MASTERS
        && (at < MASTERS || ask(at, redis -> redis.info("replication")).contains("link_status:up"));
  }

  private int count(int at, String word) {
    return (int)
        ask(at, redis -> redis.clusterNodes()).lines().filter(l -> l.contains(word)).count();
  }

  String id(int at) {
    return ask(at, redis -> redis.clusterMyId());
  }

  /** Asks a server something, on a connection of its own. */
  public <T> T ask(int at, Function<RedisCommands<String, String>, T> question) {
    try (var connection = client.connect(uri(at))) {
      return question.apply(connection.sync());
    }
  }

  private RedisURI uri(int at) {
    return RedisURI.create("127.0.0.1", servers.get(at).port);
  }

  /** Which server is the master of a slot now, as another one sees it. */
  Optional<Integer> master(int slot, int asked) {
    try {
      for (Object one : ask(asked, redis -> redis.clusterSlots())) {
        List<?> range = (List<?>) one;
        if ((Long) range.get(0) <= slot && slot <= (Long) range.get(1)) {
          Long port = (Long) ((List<?>) range.get(2)).get(1);
          return IntStream.range(0, servers.size())
              .filter(i -> lines.get(i).port == port)
              .boxed()
              .findFirst();
        }
      }
    } catch (RedisException away) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Who has which slots, before any of them moved. */
  Topology topology() {
    return new Topology(
        IntStream.range(0, MASTERS)
            .mapToObj(i -> new Topology.Range(first(i), first(i + 1) - 1, server(i), List.of()))
            .toList(),
        1,
        true);
  }

  /** Where one is. */
  public RedisAddress.Server server(int at) {
    return new RedisAddress.Server("127.0.0.1", lines.get(at).port);
  }

  /** Where some of them are. */
  RedisAddress address() {
    return new RedisAddress(
        IntStream.range(0, MASTERS).mapToObj(this::server).toList(),
        Optional.empty(),
        true,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** Whether a master's replica has all that it has. */
  boolean hasCaughtUp(int master) {
    String offset = "master_repl_offset";
    String from = ask(master, redis -> redis.info("replication"));
    String to = ask(MASTERS + master, redis -> redis.info("replication"));
    return Replicated.field(from, offset).equals(Replicated.field(to, "slave_repl_offset"));
  }

  /** Makes a master's replica hear no more of it; who is connected goes on. */
  void lose(int master) {
    String done =
        ask(
            master,
            redis -> {
              redis.configSet("requirepass", "nobody knows it");
              return String.valueOf(redis.clientKill(KillArgs.Builder.typeSlave()));
            });
    assertEquals("1", done);
  }

  /** Begins to move a slot: what is not at the old master is asked of the new one. */
  void beginToMove(int slot, int from, int to) {
    String source = id(from);
    String target = id(to);
    ask(to, redis -> redis.clusterSetSlotImporting(slot, source));
    ask(from, redis -> redis.clusterSetSlotMigrating(slot, target));
  }

  /** Moves some of a slot's keys that has begun to move. */
  int moveKeys(int slot, int from, int to, int most) {
    List<String> keys = ask(from, redis -> redis.clusterGetKeysInSlot(slot, most));
    for (String key : keys) {
      ask(from, redis -> redis.migrate("127.0.0.1", servers.get(to).port, key, 0, 5_000));
    }
    return keys.size();
  }

  /** Ends it, where the keys have moved. */
  void endMove(int slot, int to) {
    String target = id(to);
    ask(to, redis -> redis.clusterSetSlotNode(slot, target));
    for (int i = 0; i < MASTERS; i++) {
      ask(i, redis -> redis.clusterSetSlotNode(slot, target));
    }
  }

  @Override
  public void close() {
    client.shutdown();
    servers.forEach(RedisServer::close);
    for (CutLine line : lines) {
      try {
        line.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
