package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program beside a Redis that refuses it, or is not there. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedRedisIT {

  @TempDir Path folder;

  private TollgateProcess serve(int port, String... more) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("REDIS_ADDR", "127.0.0.1:" + port);
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return TollgateProcess.start(folder, environment, "serve");
  }

  @Test
  void aWrongPasswordStopsTheStart() throws Exception {
    try (RedisServer redis = RedisServer.start("--requirepass", "opensesame");
        TollgateProcess tollgate = serve(redis.port, "REDIS_PASSWORD", "wrong")) {
      assertEquals(2, tollgate.exitCode());
      assertEquals(
          "Redis at 127.0.0.1:"
              + redis.port
              + " refuses what is set: WRONGPASS invalid username-password pair or user is disabled"
              + "; look at REDIS_USERNAME and REDIS_PASSWORD, or the login in REDIS_URL\n",
          tollgate.err());
    }
  }

  @Test
  void aRedisThatIsAwayIsToldAndWaitedFor() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (TollgateProcess tollgate = serve(port)) {
      int http = TollgateProcess.port(tollgate.line(), "http");
      String body = TollgateProcess.check(http, "api_requests").body();
      assertTrue(body.contains("\"degraded\":true"), body);
      String told = "Redis at 127.0.0.1:" + port + " cannot be used: Connection refused; ";
      assertTrue(tollgate.err().contains(told), tollgate.err());
    }
  }
}
