package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisAddress.Server;
import io.tollgate.limiter.redis.RedisExamination.Away;
import io.tollgate.limiter.redis.RedisExamination.Cluster;
import io.tollgate.limiter.redis.RedisExamination.Master;
import io.tollgate.limiter.redis.RedisExamination.OfServer;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is said of Clusters that are not at hand, from what their servers would tell. */
class ClusterVerdictsTest {

  private static final Map<String, String> INFO =
      Map.of(
          "redis_version", "7.4.1",
          "redis_mode", "cluster",
          "role", "master",
          "maxmemory", "0",
          "aof_enabled", "1");

  private final Map<String, String> environment =
      new HashMap<>(Map.of("REDIS_ADDR", "a:1,b:2", "REDIS_MODE", "cluster"));
  private final List<Master> masters = new ArrayList<>();
  private final List<Away> away = new ArrayList<>();
  private int missing;
  private boolean serves = true;

  /** The one with two replicas has what instances know of each other. */
  ClusterVerdictsTest() {
    add("a", 1, sound());
    add("b", 2, sound());
    add("c", 1, sound());
  }

  private static Reached sound() {
    return reached(INFO, List.of(), 400_000, 0);
  }

  private static Reached reached(
      Map<String, String> info, List<Refused> refused, long roundTripNanos, long ahead) {
    return new Reached(
        info,
        Optional.of(""),
        refused,
        3,
        false,
        Optional.empty(),
        roundTripNanos,
        OptionalLong.of(ahead));
  }

  private static Map<String, String> info(String field, String value) {
    Map<String, String> info = new HashMap<>(INFO);
    info.put(field, value);
    return info;
  }

  private void add(String host, int replicas, OfServer found) {
    boolean hasFleet = replicas == 2;
    masters.add(new Master(new Server(host, 7_000), replicas, hasFleet, true, false, found));
  }

  private void set(int i, OfServer found) {
    Master old = masters.get(i);
    masters.set(
        i, new Master(old.server(), old.replicas(), old.hasFleet(), old.tried(), false, found));
  }

  private List<Finding> findings() {
    int replicas = masters.stream().mapToInt(Master::replicas).sum();
    return ClusterVerdicts.of(
        new Cluster(masters, replicas, away, 16_384, missing, serves),
        Settings.of(Map.of(), environment).redis().orElseThrow(),
        Settings.given(Map.of(), environment));
  }

  private void requireBad(Finding... expected) {
    assertEquals(
        List.of(expected),
        findings().stream().filter(finding -> finding.verdict() != Verdict.OK).toList());
  }

  @Test
  void aSoundClusterIsDescribedInAsManyLinesAsOneServer() {
    assertEquals(
        List.of(
            Finding.ok("redis cluster", "3 masters and 4 replicas, and every slot has its master"),
            Finding.ok("redis", "Redis 7.4.1"),
            Finding.ok("redis memory", "no maxmemory: nothing is evicted, and nothing bounds it"),
            Finding.ok("redis disk", "an append-only file is kept"),
            Finding.ok("redis rights", "user default may do all that a server asks for"),
            Finding.ok("redis latency", "a:7000, the slowest: a round trip takes 0.4 ms"),
            Finding.ok("redis clock", "agrees with this machine's"),
            Finding.ok("redis instances", "3 are there now")),
        findings());
  }

  @Test
  void whatDiffersBetweenSoundMastersIsListed() {
    set(1, reached(info("redis_version", "7.4.2"), List.of(), 400_000, 0));
    requireBad();
    assertTrue(findings().contains(Finding.ok("redis", "Redis 7.4.1; or Redis 7.4.2")));
  }

  @Test
  void slotsOfNobodyAndAClusterThatDoesNotServeAreWrong() {
    missing = 2;
    serves = false;
    requireBad(
        Finding.wrong(
            "redis cluster",
            "3 masters and 4 replicas, and nobody has 2 of the 16384 slots: policies decide for"
                + " whoever is in them",
            "bring back who had them, or run: redis-cli --cluster fix a:7000"),
        Finding.wrong(
            "redis cluster",
            "it says of itself that it does not serve (cluster_state:fail)",
            "bring back the servers that are gone, or run: redis-cli --cluster check a:7000"));
  }

  @Test
  void aClusterWithoutAnySlotIsWrongAndNothingElseIsSaid() {
    masters.clear();
    missing = 16_384;
    requireBad(
        Finding.wrong(
            "redis cluster",
            "0 masters and 0 replicas, and nobody has 16384 of the 16384 slots: policies decide for"
                + " whoever is in them",
            "bring back who had them, or run: redis-cli --cluster fix a:1"));
  }

  @Test
  void whoeverCannotBeUsedIsNamed() {
    set(1, new Unreachable("b:7000: Connection refused"));
    away.add(new Away(new Server("r", 1), "r:1: WRONGPASS invalid"));
    environment.put("REDIS_PASSWORD", "p");
    requireBad(
        Finding.wrong(
            "redis cluster",
            "b:7000 cannot be used: Connection refused",
            "start it, or look at REDIS_ADDR and REDIS_TLS"),
        Finding.wrong(
            "redis cluster",
            "r:1 cannot be used: WRONGPASS invalid",
            "set REDIS_USERNAME and REDIS_PASSWORD to what it asks for"));
    assertTrue(findings().stream().noneMatch(f -> f.check().equals("redis instances")));
  }

  @Test
  void ofManyThatCannotBeUsedAFewHaveALineOfTheirOwn() {
    for (int i = 0; i < 12; i++) {
      away.add(new Away(new Server("r", i), "gone"));
    }
    List<Finding> findings = findings();
    assertEquals(6, findings.stream().filter(f -> f.verdict() == Verdict.WRONG).count());
    assertTrue(
        findings.contains(
            Finding.wrong(
                "redis cluster",
                "r:5, r:6, r:7, r:8, r:9 and 2 more cannot be used either",
                "look at them too")));
  }

  @Test
  void mastersWithoutAReplicaWarnInOneLine() {
    add("d", 0, sound());
    requireBad(
        Finding.warning(
            "redis cluster",
            "d:7000 has no replica: while such a master is gone, nobody has its slots",
            "give it one: redis-cli --cluster add-node NEW d:7000 --cluster-slave"));
    add("e", 0, sound());
    requireBad(
        Finding.warning(
            "redis cluster",
            "d:7000, e:7000 have no replica: while such a master is gone, nobody has its slots",
            "give each one: redis-cli --cluster add-node NEW d:7000 --cluster-slave"));
  }

  @Test
  void mastersThatServeTheWholeOnlyWarnInOneLine() {
    masters.replaceAll(
        one -> new Master(one.server(), one.replicas(), one.hasFleet(), true, true, one.found()));
    requireBad(
        Finding.warning(
            "redis cluster",
            "a:7000, b:7000, c:7000 refuse every slot while one has no master: policies decide for"
                + " everybody then",
            "set cluster-require-full-coverage no in redis.conf"));
  }

  @Test
  void whatIsWrongWithSomeMastersNamesThemAndOtherMastersAreNotPraised() {
    Map<String, String> old = info("redis_version", "5.0.1");
    set(0, reached(old, List.of(), 400_000, 0));
    set(2, reached(old, List.of(), 400_000, 0));
    requireBad(
        Finding.wrong(
            "redis",
            "a:7000, c:7000: Redis 5.0.1, which is too old",
            "install Redis 6.2 or later"));
    assertEquals(1, findings().stream().filter(f -> f.check().equals("redis")).count());
  }

  @Test
  void aRightThatIsMissingIsGivenOnEveryServer() {
    List<Refused> refused = List.of(new Refused("ASKING", "NOPERM no permissions"));
    set(1, reached(INFO, refused, 400_000, 0));
    requireBad(
        Finding.wrong(
            "redis rights",
            "b:7000: it refuses ASKING: NOPERM no permissions",
            "run on every server: redis-cli ACL SETUSER default '~tg:1:*' +asking"));
  }

  @Test
  void rightsThatCouldNotBeTriedAreNotPraised() {
    masters.replaceAll(
        one -> new Master(one.server(), one.replicas(), false, false, false, one.found()));
    requireBad();
    assertTrue(findings().stream().noneMatch(f -> f.check().equals("redis rights")));
  }

  @Test
  void aMasterThatHasJustBecomeAReplicaIsNoFaultOfTheSettings() {
    Map<String, String> info = info("role", "slave");
    info.put("master_host", "d");
    info.put("master_port", "7000");
    set(0, reached(info, List.of(), 400_000, 0));
    requireBad(
        Finding.warning(
            "redis role",
            "a:7000: a replica of d:7000 by now: masters are just changing",
            "look once more"));
  }

  @Test
  void theSlowestMasterIsNamed() {
    set(2, reached(INFO, List.of(), 30_000_000, 0));
    Finding latency =
        findings().stream()
            .filter(f -> f.check().equals("redis latency"))
            .findFirst()
            .orElseThrow();
    assertEquals(Verdict.WRONG, latency.verdict());
    assertTrue(
        latency.text().startsWith("c:7000, the slowest: a round trip takes 30.0 ms, and"),
        latency.text());
  }

  @Test
  void clocksOfMastersThatDifferWarnAndNameBoth() {
    set(0, reached(INFO, List.of(), 400_000, -600_000));
    set(2, reached(INFO, List.of(), 400_000, 400_001));
    Finding apart =
        Finding.warning(
            "redis clock",
            "c:7000 is 1.0 s ahead of a:7000: a limit over both, or a slot that moves, is counted"
                + " by two clocks",
            "set the clocks of all servers, best by NTP");
    requireBad(apart);
    set(2, reached(INFO, List.of(), 400_000, 400_000));
    requireBad();
    set(0, reached(INFO, List.of(), 400_000, 5_000_000));
    set(1, reached(INFO, List.of(), 400_000, 5_000_000));
    set(2, reached(INFO, List.of(), 400_000, 5_000_000));
    requireBad(
        Finding.warning(
            "redis clock",
            "c:7000, the farthest: 5.0 s ahead of this machine's: windows and reset times are"
                + " Redis's",
            "set both clocks, best by NTP"));
  }

  @Test
  void withoutInfoAllMastersShareOneLine() {
    for (int i = 0; i < 3; i++) {
      set(i, reached(Map.of(), List.of(), 400_000, 0));
    }
    requireBad(
        Finding.warning(
            "redis",
            "a:7000, b:7000, c:7000: user default may not ask INFO: version, role, memory and disk"
                + " cannot be judged",
            "run on every server: redis-cli ACL SETUSER default +info"));
  }
}
