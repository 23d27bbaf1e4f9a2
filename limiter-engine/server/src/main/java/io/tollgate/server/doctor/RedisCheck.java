package io.tollgate.server.doctor;

import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.RedisExamination;
import io.tollgate.limiter.redis.RedisExaminer;
import io.tollgate.limiter.redis.Refusal;
import io.tollgate.server.settings.HashKey;
import io.tollgate.server.settings.RedisSettings;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.tls.KeyMaterial;
import io.tollgate.server.tls.TlsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the Redis that is named lets this user in, and what it is then. */
final class RedisCheck {

  static final String CHECK = "redis";

  private RedisCheck() {}

  /** Nothing where counters are in memory. */
  static List<Finding> of(Settings settings, List<String> given, InstantSource clock) {
    Optional<RedisSettings> redis = settings.redis();
    if (redis.isEmpty()) {
      return List.of();
    }
    Optional<Finding> authorities = redis.get().tlsCa().flatMap(RedisCheck::unusable);
    if (authorities.isPresent()) {
      return List.of(authorities.get());
    }
    Fleet.Member member = member(redis.get(), settings.secrets().hashKey());
    return switch (RedisExaminer.examine(redis.get().address(), member, clock)) {
      case RedisExamination.Unreachable(String why) ->
          List.of(unreachable(redis.get(), why, given));
      case RedisExamination.Reached reached -> RedisVerdicts.of(reached, redis.get(), given);
      case RedisExamination.Cluster cluster -> ClusterVerdicts.of(cluster, redis.get(), given);
    };
  }

  private static Optional<Finding> unusable(Path authorities) {
    try {
      var _ = KeyMaterial.authorities(authorities);
      return Optional.empty();
    } catch (TlsException e) {
      return Optional.of(Finding.wrong(CHECK, "REDIS_TLS_CA: " + e.getMessage()));
    }
  }

  private static Fleet.Member member(RedisSettings redis, Optional<HashKey> key) {
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    return new Fleet.Member(
        redis.keyPrefix(),
        HexFormat.of().formatHex(id),
        key.map(HashKey::high).orElse(0L),
        key.map(HashKey::low).orElse(0L),
        key.isPresent());
  }

  private static Finding unreachable(RedisSettings redis, String why, List<String> given) {
    String address = redis.address().toString();
    String named = address + ": ";
    String words = why.startsWith(named) ? why.substring(named.length()) : why;
    return Finding.wrong(CHECK, address + " cannot be used: " + words, fix(why, given));
  }

  /** What to do about a server that cannot be used. */
  static String fix(String why, List<String> given) {
    return Refusal.in(why)
        .map(refusal -> fix(refusal, given))
        .orElseGet(
            () -> "start it, or look at " + name("REDIS_ADDR", given) + " and " + tls(given));
  }

  private static String fix(Refusal refusal, List<String> given) {
    return switch (refusal) {
      case MASTER_NAME ->
          "set " + name("REDIS_SENTINEL_MASTER", given) + " to what sentinels call it";
      case SENTINEL_LOGIN ->
          "set " + name("REDIS_SENTINEL_PASSWORD", given) + " to what sentinels ask for";
      case LOGIN -> "set " + login(given) + " to what it asks for";
      case RIGHTS -> "give its user the rights that docs/redis.md lists";
      case DATABASE -> "set " + name("REDIS_DB", given) + " to a database that it has";
      case AUTHORITY, CERTIFICATE ->
          "set "
              + name("REDIS_TLS_CA", given)
              + " to a PEM file of those who signed its certificate";
      case HOST -> "name it in " + name("REDIS_ADDR", given) + " as its certificate does";
      case CLIENT_CERTIFICATE -> "set tls-auth-clients optional in redis.conf";
      case CLUSTER -> "it is one of a Cluster: " + mode("cluster", given);
      case NO_CLUSTER -> "it is no Cluster: " + mode("single", given);
      case TLS -> "it does not speak TLS: look at " + tls(given);
    };
  }

  /** How to say that it is of another kind. */
  static String mode(String kind, List<String> given) {
    String scheme = kind.equals("single") ? "redis://" : "redis-" + kind + "://";
    return url(given)
        .map(url -> "begin " + url + " with " + scheme)
        .orElseGet(() -> "set " + name("REDIS_MODE", given) + " to " + kind);
  }

  private static String login(List<String> given) {
    return Stream.of("REDIS_USERNAME", "REDIS_PASSWORD")
        .map(variable -> name(variable, given))
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static String tls(List<String> given) {
    return url(given).map(url -> url + " (rediss is TLS)").orElse(name("REDIS_TLS", given));
  }

  /** As whom Redis knows us. */
  static String user(RedisSettings redis) {
    return redis.username().orElse("default");
  }

  /** What to change: a variable, or the flag, file or URL that stands in its place. */
  static String name(String variable, List<String> given) {
    String flag = "--" + variable.toLowerCase(Locale.ROOT).replace('_', '-');
    return given.stream()
        .filter(
            name -> name.equals(variable) || name.equals(variable + "_FILE") || name.equals(flag))
        .findFirst()
        .or(() -> url(given).filter(_ -> inUrl(variable)))
        .orElse(variable);
  }

  private static Optional<String> url(List<String> given) {
    return given.stream().filter(name -> name.startsWith("REDIS_URL")).findFirst();
  }

  private static boolean inUrl(String variable) {
    return switch (variable) {
      case "REDIS_ADDR",
          "REDIS_DB",
          "REDIS_USERNAME",
          "REDIS_PASSWORD",
          "REDIS_MODE",
          "REDIS_SENTINEL_MASTER" ->
          true;
      default -> false;
    };
  }
}
