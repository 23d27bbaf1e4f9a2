package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.settings.RedisSettings;
import io.tollgate.server.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of servers that are not at hand, from what they would tell. */
class RedisVerdictsTest {

  private final Map<String, String> info =
      new HashMap<>(
          Map.of(
              "redis_version", "7.4.1",
              "redis_mode", "standalone",
              "role", "master",
              "connected_slaves", "2",
              "maxmemory", "0",
              "maxmemory_policy", "noeviction",
              "aof_enabled", "1"));
  private final List<Refused> refused = new ArrayList<>();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("REDIS_ADDR", "redis.example"));

  private Optional<String> savePoints = Optional.of("");
  private int instances = 3;
  private boolean otherHashKey;
  private Optional<String> unusable = Optional.empty();
  private long roundTripNanos = 400_000;
  private OptionalLong clockAheadMicros = OptionalLong.of(0);

  private List<Finding> findings() {
    RedisSettings settings = Settings.of(Map.of(), environment).redis().orElseThrow();
    return RedisVerdicts.of(
        new Reached(
            info,
            savePoints,
            refused,
            instances,
            otherHashKey,
            unusable,
            roundTripNanos,
            clockAheadMicros),
        settings,
        Settings.given(Map.of(), environment));
  }

  private void requireBad(Finding... expected) {
    assertEquals(
        List.of(expected),
        findings().stream().filter(finding -> finding.verdict() != Verdict.OK).toList());
  }

  private Finding finding(String check) {
    return findings().stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  private RedisVerdictsTest tells(String field, String value) {
    info.put(field, value);
    return this;
  }

  @Test
  void aSoundServerIsDescribed() {
    assertEquals(
        List.of(
            Finding.ok("redis", "redis.example:6379: Redis 7.4.1"),
            Finding.ok("redis role", "master, replicas: 2"),
            Finding.ok("redis memory", "no maxmemory: nothing is evicted, and nothing bounds it"),
            Finding.ok("redis disk", "an append-only file is kept"),
            Finding.ok("redis rights", "user default may do all that a server asks for"),
            Finding.ok("redis latency", "a round trip takes 0.4 ms"),
            Finding.ok("redis clock", "agrees with this machine's"),
            Finding.ok("redis instances", "3 are there now")),
        findings());
  }

  @ParameterizedTest
  @CsvSource({
    "5.0.14, WRONG",
    "6.0.20, WRONG",
    "6.2.0, OK",
    "7.0.15, OK",
    "8.2, OK",
    "10.0.0, OK",
    "unstable, WARNING",
  })
  void aVersionBelow62IsWrong(String version, Verdict verdict) {
    assertEquals(verdict, tells("redis_version", version).finding("redis").verdict());
  }

  @Test
  void aForkIsCalledByItsOwnNameAndVersion() {
    tells("redis_version", "7.2.4").tells("server_name", "valkey").tells("valkey_version", "8.1.1");
    assertEquals("redis.example:6379: valkey 8.1.1, like Redis 7.2.4", finding("redis").text());
  }

  @Test
  void aSentinelIsWrong() {
    info.remove("role");
    tells("redis_mode", "sentinel")
        .requireBad(
            Finding.wrong(
                "redis role",
                "a sentinel, in which nothing is counted",
                "set REDIS_MODE to sentinel, or name the master"));
  }

  @Test
  void aServerOfAClusterIsWrongAlsoWhereItMayNotSaySo() {
    Finding role =
        Finding.wrong(
            "redis role",
            "one of a Cluster, which refuses what is counted at another",
            "set REDIS_MODE to cluster");
    tells("redis_mode", "cluster").requireBad(role);
    info.clear();
    refused.add(new Refused("EVAL", "MOVED 14574 10.0.0.1:6379"));
    assertEquals(role, findings().getLast());
    refused.set(0, new Refused("EVALSHA", "CROSSSLOT Keys in request don't hash to the same slot"));
    assertEquals(role, findings().getLast());
  }

  @Test
  void theModeIsChangedWhereItStands() {
    environment.remove("REDIS_ADDR");
    environment.put("REDIS_URL", "redis://redis.example");
    Finding role = tells("redis_mode", "cluster").finding("redis role");
    assertEquals(Optional.of("begin REDIS_URL with redis-cluster://"), role.fix());
  }

  @ParameterizedTest
  @CsvSource({"volatile-ttl, false", "allkeys-lfu, true"})
  void aPolicyThatEvictsWarnsOnlyWhereMemoryIsBounded(String policy, boolean namespaces) {
    tells("maxmemory_policy", policy).requireBad();
    Finding memory = tells("maxmemory", "1048576").finding("redis memory");
    assertEquals(Verdict.WARNING, memory.verdict());
    assertEquals(namespaces, memory.text().endsWith("namespaces made through the API go too"));
    assertEquals(
        Finding.ok(
            "redis memory", "maxmemory 1048576, then it refuses to write, and counters are kept"),
        tells("maxmemory_policy", "noeviction").finding("redis memory"));
  }

  @Test
  void snapshotsOrAFileAreEnoughAndWhatCannotBeAskedWarns() {
    tells("aof_enabled", "0");
    assertEquals(Verdict.WARNING, finding("redis disk").verdict());
    savePoints = Optional.of("60 1");
    assertEquals(Finding.ok("redis disk", "snapshots are saved: 60 1"), finding("redis disk"));
    savePoints = Optional.empty();
    requireBad(
        Finding.warning(
            "redis disk",
            "no append-only file; user default may not ask CONFIG whether there are snapshots",
            "see to it that some are saved, or run: redis-cli ACL SETUSER default +config|get"));
  }

  @Test
  void withoutInfoTheRestIsLookedAtAllTheSame() {
    info.clear();
    requireBad(
        Finding.warning(
            "redis",
            "redis.example:6379 answers, but user default may not ask INFO: version, role, memory"
                + " and disk cannot be judged",
            "run: redis-cli ACL SETUSER default +info"));
    assertEquals(Verdict.OK, finding("redis rights").verdict());
  }

  @Test
  void whatIsNoMatterOfRightsIsToldInRedissWords() {
    Stream.of("SET", "DEL", "PEXPIRE", "PEXPIREAT", "HSET", "ZADD")
        .forEach(command -> refused.add(new Refused(command, "MISCONF Errors writing")));
    requireBad(
        Finding.wrong(
            "redis rights",
            "it refuses SET, DEL, PEXPIRE, PEXPIREAT, HSET and 1 more: MISCONF Errors writing",
            "mend what it says; its log tells more, and until then policies decide"));
  }

  @ParameterizedTest
  @CsvSource({
    "5000, 50, OK",
    "5001, 50, WARNING",
    "25000, 50, WARNING",
    "25001, 50, WRONG",
    "501, 1, WRONG",
    "25001, 200, WARNING",
  })
  void aSlowRoundTripWarnsAndOneThatHardlyFitsIsWrong(
      long micros, String limitMillis, Verdict verdict) {
    roundTripNanos = micros * 1_000;
    environment.put("REDIS_TIMEOUT_MS", limitMillis);
    assertEquals(verdict, finding("redis latency").verdict());
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, OK, agrees",
    "1000001, WARNING, 1.0 s ahead",
    "-1000000, OK, agrees",
    "-3600000000, WARNING, 3600.0 s behind",
  })
  void clocksMoreThanASecondApartWarn(long ahead, Verdict verdict, String beginning) {
    clockAheadMicros = OptionalLong.of(ahead);
    assertEquals(verdict, finding("redis clock").verdict());
    assertTrue(finding("redis clock").text().startsWith(beginning));
    clockAheadMicros = OptionalLong.empty();
    assertTrue(findings().stream().noneMatch(f -> f.check().equals("redis clock")));
  }

  @Test
  void aHashKeyOfOthersWarnsAndSomethingElseInItsPlaceIsWrong() {
    otherHashKey = true;
    requireBad(
        Finding.warning(
            "redis instances",
            "some hash identifiers with another key, and so count apart",
            "set the same TOLLGATE_HASH_KEY on all of them"));
    unusable = Optional.of("it is spoiled; delete it");
    requireBad(Finding.wrong("redis instances", "it is spoiled", "delete it"));
  }
}
