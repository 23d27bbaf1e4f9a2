package io.tollgate.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tollgate.limiter.redis.Authority;
import io.tollgate.limiter.redis.RedisServer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.SystemMicroClock;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.settings.RedisSettings;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Redis refuses stops the start and names the variable; what may come yet does not. */
class SharedCountersTest {

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Authority authority;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  @BeforeAll
  static void sign() throws Exception {
    authority = new Authority(folder);
  }

  @AfterEach
  void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private SharedCounters open(int port, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("REDIS_ADDR", "127.0.0.1:" + port);
    environment.put("REDIS_TIMEOUT_MS", "5000");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    RedisSettings settings = Settings.of(Map.of(), environment).redis().orElseThrow();
    SystemMicroClock clock = new SystemMicroClock();
    List<EventLoop> loops = List.of(group.next(), group.next());
    MemoryStore local = new MemoryStore(clock, MemoryStoreConfig.forHeap(0));
    return SharedCounters.open(settings, Optional.empty(), local, clock, loops);
  }

  private void refuses(RedisServer server, String words, String... more) {
    refuses(server, server.port, words, more);
  }

  private void refuses(RedisServer server, int port, String words, String... more) {
    try (server) {
      SettingsException refused =
          assertThrows(SettingsException.class, () -> open(port, more).close());
      String text = "Redis at 127.0.0.1:" + port + " refuses what is set: " + words;
      assertEquals(List.of(text), refused.problems());
    }
  }

  @Test
  void aPasswordThatIsMissingOrWrongNamesTheLogin() {
    String look = "; look at REDIS_USERNAME and REDIS_PASSWORD, or the login in REDIS_URL";
    String[] option = {"--requirepass", "opensesame"};
    refuses(RedisServer.start(option), "NOAUTH, it asks for a password" + look);
    refuses(
        RedisServer.start(option),
        "WRONGPASS invalid username-password pair or user is disabled" + look,
        "REDIS_PASSWORD",
        "wrong");
  }

  @Test
  void aRightThatIsMissingNamesTheUser() {
    refuses(
        RedisServer.start("--user", "poor", "on", ">secret", "~*", "+@all", "-rpush", "-zadd"),
        "NOPERM this user has no permissions to run RPUSH ZADD"
            + "; look at the rights of REDIS_USERNAME, and REDIS_KEY_PREFIX",
        "REDIS_USERNAME",
        "poor",
        "REDIS_PASSWORD",
        "secret");
  }

  @Test
  void aDatabaseThatIsNotThereNamesItsNumber() {
    refuses(
        RedisServer.start(),
        "ERR DB index is out of range; look at REDIS_DB, or the path in REDIS_URL",
        "REDIS_DB",
        "99");
  }

  @Test
  void aCertificateThatIsNotTrustedNamesTheAuthorities() throws Exception {
    Authority.Issued here = authority.issue("here", "-ext", "san=ip:127.0.0.1");
    refuses(
        RedisServer.startTls(here),
        "its certificate is signed by nobody who is trusted; look at REDIS_TLS_CA",
        "REDIS_TLS",
        "true");
  }

  @Test
  void aCertificateForAnotherHostNamesTheAddress() throws Exception {
    Authority.Issued elsewhere = authority.issue("elsewhere", "-ext", "san=ip:127.0.0.2");
    refuses(
        RedisServer.startTls(elsewhere),
        "its certificate is for another host: No subject alternative names matching IP address"
            + " 127.0.0.1 found; look at REDIS_ADDR, or the host in REDIS_URL",
        "REDIS_TLS",
        "true",
        "REDIS_TLS_CA",
        authority.certificate.toString());
  }

  @Test
  void tlsToARedisWithoutItNamesTls() {
    refuses(
        RedisServer.start(),
        "it speaks no TLS; look at REDIS_TLS, or the beginning of REDIS_URL",
        "REDIS_TLS",
        "true");
  }

  @Test
  void authoritiesThatCannotBeReadAreNamedBeforeRedisIsAsked() throws Exception {
    Path none = folder.resolve("none.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    for (Path file : List.of(none, empty)) {
      SettingsException refused =
          assertThrows(
              SettingsException.class,
              () -> open(1, "REDIS_TLS", "true", "REDIS_TLS_CA", file.toString()).close());
      String problem = refused.problems().getFirst();
      assertTrue(problem.startsWith("REDIS_TLS_CA: " + file + " "), problem);
    }
  }

  private void waits(int port, String why) {
    try (SharedCounters counters = open(port)) {
      Readiness.Shared shared = counters.readiness(false).shared().orElseThrow();
      assertEquals("127.0.0.1:" + port + ": " + why, shared.problem());
    }
  }

  @Test
  void aRedisThatIsAwayIsWaitedFor() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      waits(port, "does not answer");
    }
    waits(port, "Connection refused");
  }
}
