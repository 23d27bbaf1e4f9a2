package io.tollgate.server.doctor;

import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExaminer;
import io.tollgate.limiter.redis.Refusal;
import io.tollgate.server.settings.RedisSettings;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a Redis that answers means for those who count in it, alone or as a master of a Cluster. */
final class RedisVerdicts {

  /** Managed and embedded servers run it; what the scripts need is older or as old. */
  private static final int LEAST_MAJOR = 6;

  private static final int LEAST_MINOR = 2;

  private static final String ROLE = "redis role";

  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(\\..*)?");

  /** Within a data centre it takes less than one; each check waits for it. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Windows of a second are the shortest usual ones. */
  private static final long APART_MICROS = TimeUnit.SECONDS.toMicros(1);

  /** How Redis says that a user has no right, to a caller and to a script. */
  private static final Pattern MISSING =
      Pattern.compile("^NOPERM |The user executing the script can't ");

  /** A line that is longer helps nobody. */
  private static final int MOST_NAMED = 5;

  private final Reached redis;
  private final RedisSettings settings;
  private final List<String> given;

  /** Of a Cluster, whose findings are named by whoever puts them together. */
  private final boolean master;

  private RedisVerdicts(Reached redis, RedisSettings settings, List<String> given) {
    this.redis = redis;
    this.settings = settings;
    this.given = given;
    this.master = settings.mode() == Mode.CLUSTER;
  }

  /**
   * What to say of it.
   *
   * @param given the names of what is set, to speak of them as the operator does
   */
  static List<Finding> of(Reached redis, RedisSettings settings, List<String> given) {
    return new RedisVerdicts(redis, settings, given).findings();
  }

  /**
   * What to say of a master of a Cluster by itself, without its name.
   *
   * @param tried whether its commands were
   */
  static List<Finding> ofMaster(
      Reached redis, boolean tried, RedisSettings settings, List<String> given) {
    RedisVerdicts verdicts = new RedisVerdicts(redis, settings, given);
    List<Finding> findings = new ArrayList<>(verdicts.told());
    if (tried) {
      findings.add(verdicts.rights());
    }
    return findings;
  }

  /** How long its answers take. */
  static Finding latency(Reached redis, RedisSettings settings, List<String> given) {
    return new RedisVerdicts(redis, settings, given).latency();
  }

  /** How its clock goes; empty where it does not say. */
  static Optional<Finding> clock(Reached redis, RedisSettings settings) {
    return new RedisVerdicts(redis, settings, List.of()).clock();
  }

  /** Who shares it. */
  static Finding instances(Reached redis, RedisSettings settings) {
    return new RedisVerdicts(redis, settings, List.of()).instances();
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(told());
    if (findings.stream().anyMatch(RedisVerdicts::isOtherRole)) {
      // It refuses whatever changes anything, and the master may be another in every way.
      return findings;
    }
    findings.add(rights());
    findings.add(latency());
    clock().ifPresent(findings::add);
    findings.add(instances());
    return findings;
  }

  private static boolean isOtherRole(Finding finding) {
    return finding.check().equals(ROLE) && finding.verdict() != Finding.Verdict.OK;
  }

  /** What it tells of itself. */
  private List<Finding> told() {
    Finding what = redis.info().isEmpty() ? unknown() : server();
    Optional<Finding> otherRole = otherRole();
    if (otherRole.isPresent()) {
      return List.of(what, otherRole.get());
    } else if (redis.info().isEmpty()) {
      return List.of(what);
    }
    return master
        ? List.of(what, memory(), disk())
        : List.of(
            what,
            Finding.ok(ROLE, "master, replicas: " + field("connected_slaves", "0")),
            memory(),
            disk());
  }

  private String field(String name, String otherwise) {
    return redis.info().getOrDefault(name, otherwise);
  }

  private Finding unknown() {
    return Finding.warning(
        RedisCheck.CHECK,
        (master ? "" : settings.address() + " answers, but ")
            + "user "
            + RedisCheck.user(settings)
            + " may not ask INFO: version, role, memory and disk cannot be judged",
        setUser("+info"));
  }

  private String setUser(String rights) {
    return "run"
        + (master ? " on every server" : "")
        + ": redis-cli ACL SETUSER "
        + RedisCheck.user(settings)
        + " "
        + rights;
  }

  /** Forks tell their own name and version beside the one of Redis that they are like. */
  private Finding server() {
    String like = field("redis_version", "of an unknown version");
    String fork = field("server_name", "redis");
    String own = field(fork + "_version", "");
    String what =
        (master ? "" : settings.address() + ": ")
            + (own.isEmpty() || fork.equals("redis")
                ? "Redis " + like
                : fork + " " + own + ", like Redis " + like);
    Matcher version = VERSION.matcher(like);
    if (!version.matches()) {
      return Finding.warning(
          RedisCheck.CHECK, what + ", which cannot be judged", "use Redis 6.2 or later");
    }
    int major = Integer.parseInt(version.group(1));
    boolean old =
        major < LEAST_MAJOR
            || (major == LEAST_MAJOR && Integer.parseInt(version.group(2)) < LEAST_MINOR);
    return old
        ? Finding.wrong(RedisCheck.CHECK, what + ", which is too old", "install Redis 6.2 or later")
        : Finding.ok(RedisCheck.CHECK, what);
  }

  /** Where it is no master, or one of another kind than is set. */
  private Optional<Finding> otherRole() {
    if (field("redis_mode", "").equals("sentinel")) {
      return Optional.of(
          Finding.wrong(
              ROLE,
              "a sentinel, in which nothing is counted",
              RedisCheck.mode("sentinel", given) + ", or name the master"));
    }
    if (!master && isOfCluster()) {
      return Optional.of(
          Finding.wrong(
              ROLE,
              "one of a Cluster, which refuses what is counted at another",
              RedisCheck.mode("cluster", given)));
    }
    if (field("role", "master").equals("master")) {
      return Optional.empty();
    }
    String of = "a replica of " + field("master_host", "?") + ":" + field("master_port", "?");
    String addr = RedisCheck.name("REDIS_ADDR", given);
    return Optional.of(
        master
            ? Finding.warning(ROLE, of + " by now: masters are just changing", "look once more")
            : Finding.wrong(
                ROLE,
                of + ": what is counted belongs into the master",
                "name the master in " + addr + ", or sentinels with REDIS_MODE=sentinel"));
  }

  /** By what it tells, or where this user may not ask, by what it refuses. */
  private boolean isOfCluster() {
    return field("redis_mode", "").equals("cluster")
        || redis.refused().stream()
            .anyMatch(one -> Refusal.in(one.words()).equals(Optional.of(Refusal.CLUSTER)));
  }

  private Finding memory() {
    String check = "redis memory";
    String policy = field("maxmemory_policy", "noeviction");
    String bound = field("maxmemory", "0");
    if (bound.equals("0")) {
      return Finding.ok(check, "no maxmemory: nothing is evicted, and nothing bounds it");
    }
    String most = "maxmemory " + field("maxmemory_human", bound);
    return policy.equals("noeviction")
        ? Finding.ok(check, most + ", then it refuses to write, and counters are kept")
        : Finding.warning(
            check,
            most
                + ", then "
                + policy
                + " evicts counters, and whoever they are of has a full capacity again"
                + (policy.startsWith("allkeys-") ? "; namespaces made through the API go too" : ""),
            "set maxmemory-policy noeviction in redis.conf, and room enough");
  }

  private Finding disk() {
    String check = "redis disk";
    if (field("aof_enabled", "0").equals("1")) {
      return Finding.ok(check, "an append-only file is kept");
    }
    if (redis.savePoints().isEmpty()) {
      return Finding.warning(
          check,
          "no append-only file; user "
              + RedisCheck.user(settings)
              + " may not ask CONFIG whether there are snapshots",
          "see to it that some are saved, or " + setUser("+config|get"));
    }
    String points = redis.savePoints().get();
    return points.isEmpty()
        ? Finding.warning(
            check,
            "nothing is kept on disk: a restart of Redis gives everybody a full capacity again,"
                + " and ends namespaces made through the API",
            "set appendonly yes in redis.conf")
        : Finding.ok(check, "snapshots are saved: " + points);
  }

  private Finding rights() {
    String check = "redis rights";
    List<Refused> refused = redis.refused();
    if (refused.isEmpty()) {
      return Finding.ok(
          check, "user " + RedisCheck.user(settings) + " may do all that a server asks for");
    }
    String words = refused.getFirst().words();
    String commands =
        refused.stream().limit(MOST_NAMED).map(Refused::command).collect(Collectors.joining(", "));
    int more = refused.size() - MOST_NAMED;
    return Finding.wrong(
        check,
        "it refuses " + commands + (more > 0 ? " and " + more + " more" : "") + ": " + words,
        MISSING.matcher(words).find()
            ? setUser(missing())
            : "mend what it says; its log tells more, and until then policies decide");
  }

  private String missing() {
    return "'~"
        + RedisExaminer.keys(settings.keyPrefix())
        + "' "
        + redis.refused().stream()
            .map(one -> "+" + one.command().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
  }

  private Finding latency() {
    String check = "redis latency";
    long limitNanos = TimeUnit.MICROSECONDS.toNanos(settings.limitMicros());
    String takes = "a round trip takes " + millis(redis.roundTripNanos());
    if (redis.roundTripNanos() > limitNanos / 2) {
      return Finding.wrong(
          check,
          takes + ", and a check waits " + millis(limitNanos) + " at most: policies will decide",
          "bring Redis nearer, or raise " + RedisCheck.name("REDIS_TIMEOUT_MS", given));
    }
    return redis.roundTripNanos() > SLOW_NANOS
        ? Finding.warning(check, takes + ", and each check waits for it", "bring Redis nearer")
        : Finding.ok(check, takes);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }

  private Optional<Finding> clock() {
    String check = "redis clock";
    if (redis.clockAheadMicros().isEmpty()) {
      return Optional.empty();
    }
    long ahead = redis.clockAheadMicros().getAsLong();
    String seconds = String.format(Locale.ROOT, "%.1f s ", Math.abs(ahead) / 1e6);
    return Optional.of(
        Math.abs(ahead) > APART_MICROS
            ? Finding.warning(
                check,
                seconds
                    + (ahead > 0 ? "ahead of" : "behind")
                    + " this machine's: windows and reset times are Redis's",
                "set both clocks, best by NTP")
            : Finding.ok(check, "agrees with this machine's"));
  }

  private Finding instances() {
    String check = "redis instances";
    if (redis.unusable().isPresent()) {
      return Finding.wrong(check, redis.unusable().get());
    }
    if (redis.otherHashKey()) {
      return Finding.warning(
          check,
          "some hash identifiers with another key, and so count apart",
          "set the same TOLLGATE_HASH_KEY on all of them");
    }
    int count = redis.instances();
    return Finding.ok(
        check,
        switch (count) {
          case 0 -> "none is there now";
          case 1 -> "one is there now";
          default -> count + " are there now";
        });
  }
}
