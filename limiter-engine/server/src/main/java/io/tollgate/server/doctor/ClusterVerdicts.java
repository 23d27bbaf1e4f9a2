package io.tollgate.server.doctor;

import io.tollgate.limiter.redis.RedisExamination.Away;
import io.tollgate.limiter.redis.RedisExamination.Cluster;
import io.tollgate.limiter.redis.RedisExamination.Master;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.settings.RedisSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What a Cluster means for those who count in it: what is well in one line for all masters, and
 * what is not with the names of the servers that it is true of.
 */
final class ClusterVerdicts {

  static final String CHECK = "redis cluster";

  private static final String CLOCK = "redis clock";

  /** As the windows of a second that are the shortest usual ones. */
  private static final long APART_MICROS = TimeUnit.SECONDS.toMicros(1);

  /** A list that is longer helps nobody. */
  private static final int MOST_NAMED = 5;

  /** A master that answers. */
  private record Found(Master master, Reached reached) {

    String name() {
      return master.server().toString();
    }
  }

  private final Cluster cluster;
  private final RedisSettings settings;
  private final List<String> given;
  private final List<Found> found = new ArrayList<>();
  private final List<Away> away = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private ClusterVerdicts(Cluster cluster, RedisSettings settings, List<String> given) {
    this.cluster = cluster;
    this.settings = settings;
    this.given = given;
    for (Master master : cluster.masters()) {
      switch (master.found()) {
        case Reached reached -> found.add(new Found(master, reached));
        case Unreachable(String why) -> away.add(new Away(master.server(), why));
      }
    }
    away.addAll(cluster.away());
  }

  /**
   * What to say of it.
   *
   * @param given the names of what is set, to speak of them as the operator does
   */
  static List<Finding> of(Cluster cluster, RedisSettings settings, List<String> given) {
    return new ClusterVerdicts(cluster, settings, given).findings();
  }

  private List<Finding> findings() {
    slots();
    absent();
    lonely();
    wholeOnly();
    eachMaster();
    if (!found.isEmpty()) {
      latency();
      clocks();
    }
    found.stream()
        .filter(one -> one.master.hasFleet())
        .forEach(one -> findings.add(RedisVerdicts.instances(one.reached, settings)));
    return findings;
  }

  private static String plural(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String named(List<String> servers) {
    String some = servers.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = servers.size() - MOST_NAMED;
    return more > 0 ? some + " and " + more + " more" : some;
  }

  private void slots() {
    String who =
        plural(cluster.masters().size(), "master")
            + " and "
            + plural(cluster.replicas(), "replica");
    String any = anyServer();
    if (cluster.missing() > 0) {
      findings.add(
          Finding.wrong(
              CHECK,
              who
                  + ", and nobody has "
                  + cluster.missing()
                  + " of the "
                  + cluster.slots()
                  + " slots: policies decide for whoever is in them",
              "bring back who had them, or run: redis-cli --cluster fix " + any));
    } else {
      findings.add(Finding.ok(CHECK, who + ", and every slot has its master"));
    }
    if (!cluster.serves()) {
      findings.add(
          Finding.wrong(
              CHECK,
              "it says of itself that it does not serve (cluster_state:fail)",
              "bring back the servers that are gone, or run: redis-cli --cluster check " + any));
    }
  }

  /** Whom redis-cli can ask. */
  private String anyServer() {
    return cluster.masters().isEmpty()
        ? settings.address().servers().getFirst().toString()
        : cluster.masters().getFirst().server().toString();
  }

  private void absent() {
    away.stream().limit(MOST_NAMED).forEach(server -> findings.add(absent(server)));
    if (away.size() > MOST_NAMED) {
      List<String> more =
          away.stream().skip(MOST_NAMED).map(one -> one.server().toString()).toList();
      findings.add(
          Finding.wrong(CHECK, named(more) + " cannot be used either", "look at them too"));
    }
  }

  private Finding absent(Away server) {
    String name = server.server().toString();
    String words =
        server.why().startsWith(name + ": ")
            ? server.why().substring(name.length() + 2)
            : server.why();
    return Finding.wrong(
        CHECK, name + " cannot be used: " + words, RedisCheck.fix(server.why(), given));
  }

  private void lonely() {
    List<String> lonely =
        cluster.masters().stream()
            .filter(master -> master.replicas() == 0)
            .map(master -> master.server().toString())
            .toList();
    if (!lonely.isEmpty()) {
      findings.add(
          Finding.warning(
              CHECK,
              named(lonely)
                  + (lonely.size() == 1 ? " has" : " have")
                  + " no replica: while such a master is gone, nobody has its slots",
              (lonely.size() == 1 ? "give it one" : "give each one")
                  + ": redis-cli --cluster add-node NEW "
                  + lonely.getFirst()
                  + " --cluster-slave"));
    }
  }

  private void wholeOnly() {
    List<String> whole =
        found.stream().filter(one -> one.master.wholeOnly()).map(Found::name).toList();
    if (!whole.isEmpty()) {
      findings.add(
          Finding.warning(
              CHECK,
              named(whole)
                  + (whole.size() == 1 ? " refuses" : " refuse")
                  + " every slot while one has no master: policies decide for everybody then",
              "set cluster-require-full-coverage no in redis.conf"));
    }
  }

  /** Who says what, by what is said. */
  private void eachMaster() {
    Map<String, Map<Finding, List<String>>> byCheck = new LinkedHashMap<>();
    for (Found one : found) {
      for (Finding finding :
          RedisVerdicts.ofMaster(one.reached, one.master.tried(), settings, given)) {
        byCheck
            .computeIfAbsent(finding.check(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(finding, _ -> new ArrayList<>())
            .add(one.name());
      }
    }
    byCheck.values().forEach(this::sumUp);
  }

  private void sumUp(Map<Finding, List<String>> said) {
    Set<String> well = new LinkedHashSet<>();
    said.forEach((finding, servers) -> {
      if (finding.verdict() != Verdict.OK) {
        findings.add(about(named(servers), finding));
      } else {
        well.add(finding.text());
      }
    });
    String check = said.keySet().iterator().next().check();
    if (said.keySet().stream().allMatch(finding -> finding.verdict() == Verdict.OK)) {
      findings.add(Finding.ok(check, String.join("; or ", well)));
    }
  }

  private static Finding about(String servers, Finding finding) {
    return new Finding(
        finding.check(), finding.verdict(), servers + ": " + finding.text(), finding.fix());
  }

  /** The slowest tells enough. */
  private void latency() {
    Found slowest =
        found.stream()
            .max(Comparator.comparingLong(one -> one.reached.roundTripNanos()))
            .orElseThrow();
    Finding finding = RedisVerdicts.latency(slowest.reached, settings, given);
    findings.add(about(slowest.name() + ", the slowest", finding));
  }

  private static long ahead(Found one) {
    return one.reached.clockAheadMicros().orElse(0);
  }

  private void clocks() {
    List<Found> told =
        found.stream()
            .filter(one -> one.reached.clockAheadMicros().isPresent())
            .sorted(Comparator.comparingLong(ClusterVerdicts::ahead))
            .toList();
    if (told.isEmpty()) {
      return;
    }
    Found first = told.getLast();
    Found last = told.getFirst();
    long apart = ahead(first) - ahead(last);
    if (apart > APART_MICROS) {
      findings.add(
          Finding.warning(
              CLOCK,
              String.format(
                  Locale.ROOT,
                  "%s is %.1f s ahead of %s: a limit over both, or a slot that moves, is counted by"
                      + " two clocks",
                  first.name(),
                  apart / 1e6,
                  last.name()),
              "set the clocks of all servers, best by NTP"));
    }
    Found farthest = -ahead(last) > ahead(first) ? last : first;
    Optional<Finding> finding = RedisVerdicts.clock(farthest.reached, settings);
    finding
        .filter(one -> one.verdict() != Verdict.OK || apart <= APART_MICROS)
        .ifPresent(one ->
            findings.add(
                one.verdict() == Verdict.OK
                    ? one
                    : about(farthest.name() + ", the farthest", one)));
  }
}
