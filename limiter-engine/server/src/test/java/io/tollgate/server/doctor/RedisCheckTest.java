package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisServer;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examination over real servers. */
class RedisCheckTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  /** Who has no right to ZADD; the default user needs no password. */
  private static final RedisServer SERVER =
      RedisServer.start(
          "--save", "3600 1", "--user", "tg", "on", ">" + SECRET, "~*", "+@all", "-zadd");

  @TempDir Path temp;

  private Patient patient;

  @BeforeEach
  void describeASoundMachine() {
    patient = new Patient(temp).at(InstantSource.system()).with("REDIS_ADDR", address(SERVER.port));
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static String address(int port) {
    return "127.0.0.1:" + port;
  }

  private void requireUnusable(String fix) {
    List<Finding> redis =
        patient.findings().stream().filter(f -> f.check().startsWith("redis")).toList();
    assertEquals(1, redis.size(), redis.toString());
    assertEquals(Finding.wrong("redis", redis.getFirst().text(), fix), redis.getFirst());
    assertTrue(redis.getFirst().text().contains("cannot be used: "), redis.toString());
    assertFalse(redis.toString().contains(SECRET), redis.toString());
  }

  @Test
  void aRedisThatDoesWhatIsNeededIsWell() {
    assertEquals(List.of(), patient.badInRedis());
    patient.requireWell("redis role", "master, replicas: 0");
    patient.requireWell("redis rights", "user default may do all that a server asks for");
    patient.requireWell("redis disk", "snapshots are saved: 3600 1");
    patient.requireWell("redis instances", "none is there now");
    patient.requireWell("hash key", "the instances that share Redis agree on one there");
    patient
        .with("TOLLGATE_HASH_KEY", SECRET)
        .requireWell(
            "hash key",
            "TOLLGATE_HASH_KEY is set; the instances that share Redis must all have it");
  }

  @Test
  void aCounterThatIsEvictedAndARestartThatForgetsWarn() {
    try (RedisServer evicting =
        RedisServer.start("--maxmemory", "64mb", "--maxmemory-policy", "volatile-lru")) {
      patient.with("REDIS_ADDR", address(evicting.port));
      assertEquals(
          List.of(
              Finding.warning(
                  "redis memory",
                  "maxmemory 64.00M, then volatile-lru evicts counters, and whoever they are of has"
                      + " a full capacity again",
                  "set maxmemory-policy noeviction in redis.conf, and room enough"),
              Finding.warning(
                  "redis disk",
                  "nothing is kept on disk: a restart of Redis gives everybody a full capacity"
                      + " again, and ends namespaces made through the API",
                  "set appendonly yes in redis.conf")),
          patient.badInRedis());
    }
  }

  @Test
  void aRightThatIsMissingIsWrongAndTheCommandThatGivesItIsShown() throws IOException {
    Path password = Files.writeString(temp.resolve("password"), SECRET);
    patient.with("REDIS_USERNAME", "tg").with("REDIS_PASSWORD_FILE", password);
    patient.with("REDIS_KEY_PREFIX", "p:");
    assertEquals(
        List.of(
            Finding.wrong(
                "redis rights",
                "it refuses ZADD: ERR The user executing the script can't run this command or"
                    + " subcommand",
                "run: redis-cli ACL SETUSER tg '~p:tg:1:*' +zadd")),
        patient.badInRedis());
  }

  @Test
  void aLoginThatIsRefusedIsWrongAndNamesTheVariablesAsTheyAreSet() throws IOException {
    Path password = Files.writeString(temp.resolve("password"), SECRET);
    patient.with("REDIS_USERNAME", "nobody").with("REDIS_PASSWORD_FILE", password);
    requireUnusable("set REDIS_USERNAME and REDIS_PASSWORD_FILE to what it asks for");
    patient
        .without("REDIS_ADDR")
        .without("REDIS_USERNAME")
        .without("REDIS_PASSWORD_FILE")
        .with("REDIS_URL", "redis://nobody:" + SECRET + "@" + address(SERVER.port));
    requireUnusable("set REDIS_URL to what it asks for");
  }

  @Test
  void aDatabaseThatIsNotThereIsWrong() {
    patient.with("REDIS_DB", 99);
    requireUnusable("set REDIS_DB to a database that it has");
  }

  @Test
  void aReplicaIsWrong() {
    try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + SERVER.port)) {
      patient.with("REDIS_ADDR", address(replica.port));
      assertEquals(
          List.of(
              Finding.wrong(
                  "redis role",
                  "a replica of "
                      + address(SERVER.port)
                      + ": what is counted belongs into the master",
                  "name the master in REDIS_ADDR, or sentinels with REDIS_MODE=sentinel")),
          patient.badInRedis());
    }
  }

  @Test
  void nobodyThereIsWrong() {
    RedisServer gone = RedisServer.start();
    gone.close();
    patient.with("REDIS_ADDR", address(gone.port));
    requireUnusable("start it, or look at REDIS_ADDR and REDIS_TLS");
  }

  @Test
  void tlsThatDoesNotComeAboutIsWrong() throws Exception {
    patient.with("REDIS_TLS", "true");
    requireUnusable("it does not speak TLS: look at REDIS_TLS");
    KeyPairFiles files = KeyPairFiles.make(temp);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RedisServer _ =
        RedisServer.start(
            "--tls-port",
            Integer.toString(port),
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            files.certificate().toString(),
            "--tls-key-file",
            files.key().toString(),
            "--tls-ca-cert-file",
            files.certificate().toString(),
            "--save",
            "60 1")) {
      patient.with("REDIS_ADDR", address(port));
      requireUnusable("set REDIS_TLS_CA to a PEM file of those who signed its certificate");
      patient.with("REDIS_TLS_CA", files.certificate());
      assertEquals(List.of(), patient.badInRedis());
      patient.with("REDIS_TLS_CA", temp.resolve("missing.pem"));
      Finding missing = patient.badInRedis().getFirst();
      assertTrue(missing.text().startsWith("REDIS_TLS_CA: "), missing.text());
      assertTrue(missing.text().contains("missing.pem"), missing.text());
      patient.without("REDIS_TLS_CA").without("REDIS_TLS");
      requireUnusable("start it, or look at REDIS_ADDR and REDIS_TLS");
    }
  }

  @Test
  void aClockThatGoesOtherwiseThanRedissWarns() {
    Finding clock = patient.at(Instant.EPOCH).findings("redis clock").getFirst();
    assertEquals(Verdict.WARNING, clock.verdict());
    assertTrue(
        clock.text().endsWith(" s ahead of this machine's: windows and reset times are Redis's"),
        clock.text());
  }
}
