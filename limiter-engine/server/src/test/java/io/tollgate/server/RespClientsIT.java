package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code redis-cli} and redis-py, and the server as shipped. */
@Timeout(120)
class RespClientsIT {

  @TempDir private Path folder;

  private TollgateProcess server(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_RESP_PORT", "0");
    environment.put("TOLLGATE_DATA_DIR", folder.resolve("data").toString());
    return TollgateProcess.startShipped(folder, environment, "serve");
  }

  private List<String> cli(int port, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port), "--no-auth-warning"));
    command.addAll(List.of(arguments));
    try (var cli = TollgateProcess.start(folder, Map.of(), command)) {
      List<String> lines = cli.lines();
      assertEquals("", cli.err());
      return lines.stream().filter(line -> !line.isEmpty()).toList();
    }
  }

  @Test
  void redisCliIsToldWhatRedisCellTells() throws Exception {
    try (TollgateProcess server = server(Map.of())) {
      int port = TollgateProcess.port(server.line(), "resp");
      assertEquals(List.of("PONG"), cli(port, "PING"));
      String[] question = {"CL.THROTTLE", "user123", "15", "30", "60"};
      assertEquals(List.of("0", "16", "15", "-1", "2"), cli(port, question));
      List<String> resp3 = cli(port, "-3", "CL.THROTTLE", "user456", "15", "30", "60", "16");
      assertEquals(List.of("0", "16", "0", "-1", "32"), resp3);
      assertEquals(
          List.of("ERR unknown command 'SET', with args beginning with: 'a' 'b' "),
          cli(port, "SET", "a", "b"));
    }
  }

  @Test
  void redisCliShowsTheTokenAndIsRefusedWithoutIt() throws Exception {
    Map<String, String> open = Map.of("TOLLGATE_TOKEN", "s3cret", "TOLLGATE_BIND", "0.0.0.0");
    try (TollgateProcess server = server(open)) {
      int port = TollgateProcess.port(server.line(), "resp");
      assertEquals(List.of("NOAUTH Authentication required."), cli(port, "PING"));
      assertEquals(List.of("PONG"), cli(port, "-a", "s3cret", "PING"));
      assertEquals(List.of("PONG"), cli(port, "-3", "--user", "u", "-a", "s3cret", "PING"));
    }
  }

  @Test
  void pythonPipelinesInBothProtocols() throws Exception {
    Path script =
        Path.of(Objects.requireNonNull(getClass().getResource("/resp/client.py")).toURI());
    String clients =
        Objects.requireNonNull(
            System.getProperty("tollgate.python.clients"),
            "make test fetches them, or: -Dtollgate.python.clients=$(tools/python-clients.sh)");
    try (TollgateProcess server = server(Map.of("TOLLGATE_TOKEN", "s3cret"))) {
      int port = TollgateProcess.port(server.line(), "resp");
      List<String> command = List.of("python3", script.toString(), Integer.toString(port));
      try (var python = TollgateProcess.start(folder, Map.of("PYTHONPATH", clients), command)) {
        assertEquals(0, python.exitCode(), python.err());
        String refused = "refused max_burst: 'x' is not a whole number; send digits";
        String pipeline = "pipeline [[0, 2, 1, -1, 60], [0, 2, 0, -1, 120], [1, 2, 0, 60, 120]]";
        assertEquals(
            List.of(
                "ping True me",
                "throttle [0, 16, 14, -1, 4]",
                pipeline,
                refused,
                "ping True me",
                "throttle [0, 16, 11, -1, 10]",
                pipeline,
                refused,
                "wrong invalid username-password pair or user is disabled."),
            python.lines());
      }
    }
  }

  @Test
  void overRedisKeysAreSharedAndWhileItIsAwayThePolicyOfTheNamespaceHolds() throws Exception {
    Path limits =
        Files.writeString(
            folder.resolve("limits.yaml"),
            "version: 1\nnamespaces: {redis: {on_store_failure: closed, limits: []}}\n");
    RedisServer redis = RedisServer.start();
    Map<String, String> shared =
        Map.of(
            "REDIS_ADDR",
            "127.0.0.1:" + redis.port,
            "REDIS_TIMEOUT_MS",
            "2000",
            "TOLLGATE_LIMITS",
            limits.toString());
    try (TollgateProcess one = server(shared);
        TollgateProcess two = server(shared)) {
      int first = TollgateProcess.port(one.line(), "resp");
      int second = TollgateProcess.port(two.line(), "resp");
      String[] question = {"CL.THROTTLE", "user123", "1", "1", "86400"};
      assertEquals(List.of("0", "2", "1", "-1", "86400"), cli(first, question));
      assertEquals("0", cli(second, question).getFirst());
      assertEquals("1", cli(first, question).getFirst());
      redis.close();
      String away = String.join(" ", cli(second, question));
      assertTrue(away.startsWith("STORE_UNAVAILABLE nobody knows what was used"), away);
    } finally {
      redis.close();
    }
  }
}
