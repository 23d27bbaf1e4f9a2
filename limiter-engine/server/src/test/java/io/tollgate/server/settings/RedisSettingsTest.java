package io.tollgate.server.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.settings.RedisSettings.Address;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {

  private static final String FIX =
      "write a name, an IPv4 address or an IPv6 address in brackets,"
          + " and a port from 1 to 65535";

  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  static RedisSettings of(String... environment) {
    return Settings.of(Map.of(), map(environment)).redis().orElseThrow();
  }

  static List<String> problems(String... environment) {
    return assertThrows(SettingsException.class, () -> Settings.of(Map.of(), map(environment)))
        .problems();
  }

  private static RedisSettings single(String host, int port) {
    return new RedisSettings(
        Mode.SINGLE,
        List.of(new Address(host, port)),
        0,
        Optional.empty(),
        Optional.empty(),
        "mymaster",
        Optional.empty(),
        false,
        Optional.empty(),
        "",
        50_000,
        32,
        4);
  }

  @Test
  void withoutAnAddressCountersLiveInThisProcess() {
    assertEquals(Optional.empty(), Settings.of(Map.of(), Map.of()).redis());
    assertEquals(
        Optional.empty(),
        Settings.of(Map.of(), map("REDIS_ADDR", "", "REDIS_DB", "", "REDIS_URL", "")).redis());
  }

  @Test
  void anAddressAloneTakesTheDocumentedDefaults() {
    assertEquals(single("redis", 6379), of("REDIS_ADDR", "redis"));
    assertEquals(single("redis", 6379), of("REDIS_URL", "redis://redis"));
  }

  @Test
  void everyVariableIsObeyed() {
    assertEquals(
        new RedisSettings(
            Mode.SENTINEL,
            List.of(new Address("s1", 1), new Address("10.0.0.1", 26_379)),
            1_023,
            Optional.of("u"),
            Optional.of(new Secret("p")),
            "m-1",
            Optional.of(new Secret("s")),
            true,
            Optional.of(Path.of("ca.pem")),
            "eu:",
            60_000_000,
            128,
            64),
        of(
            "REDIS_ADDR", "s1:1,10.0.0.1",
            "REDIS_DB", "1023",
            "REDIS_MODE", "Sentinel",
            "REDIS_USERNAME", "u",
            "REDIS_PASSWORD", "p",
            "REDIS_TLS", "TRUE",
            "REDIS_TLS_CA", "ca.pem",
            "REDIS_KEY_PREFIX", "eu:",
            "REDIS_SENTINEL_MASTER", "m-1",
            "REDIS_SENTINEL_PASSWORD", "s",
            "REDIS_TIMEOUT_MS", "60000",
            "REDIS_BATCH", "128",
            "REDIS_CALLS", "64"));
  }

  @Test
  void aFlagBeatsAVariable() {
    Map<String, String> flags =
        Map.of("--redis-addr", "flag:7", "--redis-db", "2", "--redis-timeout-ms", "5");
    RedisSettings redis =
        Settings.of(flags, map("REDIS_ADDR", "x:1", "REDIS_DB", "1")).redis().orElseThrow();
    assertEquals(List.of(new Address("flag", 7)), redis.addresses());
    assertEquals(2, redis.database());
    assertEquals(5_000, redis.limitMicros());
  }

  @ParameterizedTest
  @CsvSource({
    "redis:6380, redis, 6380",
    "127.0.0.1, 127.0.0.1, 6379",
    "[::1], ::1, 6379",
    "[fe80::1]:1, fe80::1, 1",
    "[::ffff:10.0.0.1]:65535, ::ffff:10.0.0.1, 65535",
    "my_redis.cache-1.example.org:06379, my_redis.cache-1.example.org, 6379",
  })
  void anAddressIsAHostWithOrWithoutAPort(String text, String host, int port) {
    assertEquals(single(host, port), of("REDIS_ADDR", text));
    assertEquals(single(host, port), of("REDIS_URL", "redis://" + text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis:0", "redis:65536", "redis:", ":6379", "redis:x", "a b", "::1", "[::1", "[1.2.3.4]",
        "[::x]", "[:::]", "a,,b", "a,", ",", "-a", "unix/socket", "redis:-1", "münchen"
      })
  void whatIsNoAddressIsRefused(String text) {
    String what = " is not host:port, or up to 16 of them with commas between; " + FIX;
    assertEquals(List.of("REDIS_ADDR=" + text + what), problems("REDIS_ADDR", text));
    assertEquals(
        List.of("REDIS_ADDR=" + text + what),
        problems("REDIS_ADDR", text, "REDIS_MODE", "sentinel"));
  }

  @Test
  void atMost16SentinelsAreNamed() {
    requireAtMost16("sentinel", "#m");
  }

  static void requireAtMost16(String mode, String end) {
    List<String> many = new ArrayList<>(Collections.nCopies(16, "s"));
    String[] settings = {"REDIS_MODE", mode, "REDIS_ADDR", String.join(",", many)};
    String scheme = "redis-" + mode + "://";
    assertEquals(16, of(settings).addresses().size());
    assertEquals(16, of("REDIS_URL", scheme + settings[3] + end).addresses().size());
    many.add("s");
    settings[3] = String.join(",", many);
    assertTrue(problems(settings).getFirst().contains("up to 16"));
    assertEquals(1, problems("REDIS_URL", scheme + settings[3] + end).size());
  }

  @Test
  void besideAUrlStandsWhatItCannotSay() {
    RedisSettings redis =
        of(
            "REDIS_URL", "rediss-sentinel://a#m",
            "REDIS_TLS_CA", "ca.pem",
            "REDIS_SENTINEL_PASSWORD", "s",
            "REDIS_KEY_PREFIX", "p",
            "REDIS_TIMEOUT_MS", "1",
            "REDIS_BATCH", "2",
            "REDIS_CALLS", "3");
    assertEquals(Optional.of(Path.of("ca.pem")), redis.tlsCa());
    assertEquals(Optional.of(new Secret("s")), redis.sentinelPassword());
    assertEquals("p", redis.keyPrefix());
    assertEquals(1_000, redis.limitMicros());
    assertEquals(2, redis.batch());
    assertEquals(3, redis.calls());
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS_ADDR, h",
    "REDIS_DB, 0",
    "REDIS_MODE, single",
    "REDIS_USERNAME, u",
    "REDIS_PASSWORD, hunter2",
    "REDIS_PASSWORD_FILE, /hunter2",
    "REDIS_TLS, false",
    "REDIS_SENTINEL_MASTER, m",
  })
  void whatAUrlSaysIsRefusedBesideIt(String name, String value) {
    assertEquals(
        List.of(name + " says what REDIS_URL says already; unset " + name),
        problems("REDIS_URL", "redis://:hunter2@h", name, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REDIS_DB",
        "REDIS_MODE",
        "REDIS_USERNAME",
        "REDIS_PASSWORD",
        "REDIS_PASSWORD_FILE",
        "REDIS_TLS",
        "REDIS_TLS_CA",
        "REDIS_KEY_PREFIX",
        "REDIS_SENTINEL_MASTER",
        "REDIS_SENTINEL_PASSWORD",
        "REDIS_SENTINEL_PASSWORD_FILE",
        "REDIS_TIMEOUT_MS",
        "REDIS_BATCH",
        "REDIS_CALLS"
      })
  void withoutAnAddressNothingOfRedisIsAccepted(String name) {
    assertEquals(
        List.of(name + " is set without REDIS_ADDR; set REDIS_ADDR, or unset " + name),
        problems(name, "hunter2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REDIS_DB | 1024 | is not a number from 0 to 1023; write one",
        "REDIS_MODE | both | is not a mode of Redis; use single, sentinel or cluster",
        "REDIS_USERNAME | u | is set without REDIS_PASSWORD; set REDIS_PASSWORD, or unset"
            + " REDIS_USERNAME",
        "REDIS_TLS | on | is neither true nor false; use one of the two",
        "REDIS_TLS_CA | c | is for TLS, which is off; set REDIS_TLS=true, or unset REDIS_TLS_CA",
        "REDIS_KEY_PREFIX | {a} | is no beginning of keys; use at most 64 of A-Z a-z 0-9 . _ : -",
        "REDIS_SENTINEL_MASTER | m | is for sentinels; set REDIS_MODE=sentinel, or unset"
            + " REDIS_SENTINEL_MASTER",
        "REDIS_TIMEOUT_MS | 0 | is not a number from 1 to 60000; write one",
        "REDIS_TIMEOUT_MS | 60001 | is not a number from 1 to 60000; write one",
        "REDIS_BATCH | 129 | is not a number from 1 to 128; write one",
        "REDIS_CALLS | 65 | is not a number from 1 to 64; write one",
      })
  void aWrongValueIsRefusedByNameWithAFix(String name, String value, String problem) {
    assertEquals(
        List.of(name + "=" + value + " " + problem), problems("REDIS_ADDR", "h", name, value));
  }

  @Test
  void aSecondAddressNeedsSentinelsOrACluster() {
    assertEquals(
        List.of(
            "REDIS_ADDR=a,b names more than one Redis; name one, sentinels with"
                + " REDIS_MODE=sentinel, or a Cluster with REDIS_MODE=cluster"),
        problems("REDIS_ADDR", "a,b"));
  }

  @Test
  void aMasterHasTheNameOfOne() {
    assertEquals(
        List.of(
            "REDIS_SENTINEL_MASTER=my master is no name of a master; write the one that"
                + " sentinel.conf has: A-Z a-z 0-9 . _ -"),
        problems(
            "REDIS_ADDR", "h", "REDIS_MODE", "sentinel", "REDIS_SENTINEL_MASTER", "my master"));
  }

  @Test
  void aKeyPrefixHasAtMost64Signs() {
    String longest = "p".repeat(64);
    assertEquals(longest, of("REDIS_ADDR", "h", "REDIS_KEY_PREFIX", longest).keyPrefix());
    assertEquals(1, problems("REDIS_ADDR", "h", "REDIS_KEY_PREFIX", longest + "p").size());
  }

  @Test
  void whatIsForTlsOrSentinelsIsRefusedBesideAUrlWithoutThem() {
    assertEquals(
        List.of(
            "REDIS_TLS_CA=c is for TLS, which is off; begin REDIS_URL with rediss, or unset"
                + " REDIS_TLS_CA",
            "REDIS_SENTINEL_PASSWORD is for sentinels; name some in REDIS_URL, or unset"
                + " REDIS_SENTINEL_PASSWORD"),
        problems(
            "REDIS_URL", "redis://h", "REDIS_TLS_CA", "c", "REDIS_SENTINEL_PASSWORD", "hunter2"));
  }

  @Test
  void everyProblemIsReportedOnceAndAllAtOnce() {
    List<String> problems =
        problems(
            "REDIS_ADDR", "a:0,b",
            "REDIS_MODE", "both",
            "REDIS_DB", "x",
            "REDIS_TLS", "x",
            "REDIS_TLS_CA", "c",
            "REDIS_SENTINEL_PASSWORD", "s",
            "REDIS_BATCH", "x",
            "REDIS_CALLS", "x");
    assertEquals(6, problems.size(), problems.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://:hunter2@h", "u:hunter2@h", "tcp://h"})
  void aUrlInPlaceOfAnAddressIsNotShown(String text) {
    assertEquals(
        List.of("REDIS_ADDR holds a URL; write host:port, or set REDIS_URL instead"),
        problems("REDIS_ADDR", text));
  }

  @Test
  void aSecretMayComeFromAFile(@TempDir Path folder) throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "hunter2\n");
    Path url = Files.writeString(folder.resolve("url"), "redis://u:hunter2@h\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), "hunter2");
    Optional<Secret> secret = Optional.of(new Secret("hunter2"));
    RedisSettings redis =
        of(
            "REDIS_ADDR", "h",
            "REDIS_MODE", "sentinel",
            "REDIS_USERNAME", "u",
            "REDIS_PASSWORD_FILE", password.toString(),
            "REDIS_SENTINEL_PASSWORD_FILE", password.toString());
    assertEquals(secret, redis.password());
    assertEquals(secret, redis.sentinelPassword());
    assertEquals(secret, of("REDIS_URL_FILE", url.toString()).password());
    assertEquals(
        List.of(
            "REDIS_DB says what REDIS_URL_FILE says already; unset REDIS_DB",
            "REDIS_URL_FILE does not begin with redis://, redis-sentinel:// or redis-cluster://, or"
                + " with rediss in place of redis; begin it with one of them"),
        problems("REDIS_URL_FILE", wrong.toString(), "REDIS_DB", "1"));
    assertEquals(
        List.of("REDIS_URL and REDIS_URL_FILE are both set; unset one of the two"),
        problems("REDIS_URL_FILE", url.toString(), "REDIS_URL", "redis://:hunter2@h"));
  }

  @Test
  void aSecretIsNeverShown() {
    String shown =
        of("REDIS_URL", "redis-sentinel://u:hunter2@h#m", "REDIS_SENTINEL_PASSWORD", "hunter2")
            .toString();
    assertFalse(shown.contains("hunter2"), shown);
    assertTrue(shown.contains("Secret[…]"), shown);
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS_PORT, tcp://10.0.0.1:6379",
    "REDIS_SERVICE_HOST, 10.0.0.1",
    "REDIS_PORT_6379_TCP_ADDR, 10.0.0.1",
    "REDIS_TLS_SERVICE_HOST, 10.0.0.1",
    "REDIS_HOST, h",
    "REDIS_ADDRESS, h",
    "REDIS_DB_FILE, h",
  })
  void namesOfKubernetesAndOfOthersAreNotOurs(String name, String value) {
    assertEquals(Optional.empty(), Settings.of(Map.of(), map(name, value)).redis());
    assertEquals(List.of(), Settings.given(Map.of(), map(name, value)));
  }
}
