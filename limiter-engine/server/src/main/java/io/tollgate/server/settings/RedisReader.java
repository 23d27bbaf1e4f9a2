package io.tollgate.server.settings;

import io.tollgate.server.settings.RedisSettings.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what Redis counters live in, if any: a URL, or an address and what goes with it. */
final class RedisReader {

  private static final long DEFAULT_TIMEOUT_MILLIS = 50;

  /** Nobody waits longer for a decision. */
  private static final long MOST_TIMEOUT_MILLIS = 60_000;

  private static final long DEFAULT_BATCH = 32;
  private static final long MOST_BATCH = 128;
  private static final long DEFAULT_CALLS = 4;
  private static final long MOST_CALLS = 64;

  private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9._:-]{0,64}");

  /** What a URL says too. */
  private static final List<Variable> IN_A_URL =
      List.of(
          Variable.REDIS_ADDR,
          Variable.REDIS_DB,
          Variable.REDIS_MODE,
          Variable.REDIS_USERNAME,
          Variable.REDIS_PASSWORD,
          Variable.REDIS_TLS,
          Variable.REDIS_SENTINEL_MASTER);

  /** What it does not say. */
  private static final List<Variable> BESIDE_A_URL =
      List.of(
          Variable.REDIS_TLS_CA,
          Variable.REDIS_KEY_PREFIX,
          Variable.REDIS_SENTINEL_PASSWORD,
          Variable.REDIS_TIMEOUT_MS,
          Variable.REDIS_BATCH,
          Variable.REDIS_CALLS);

  private RedisReader() {}

  /** Empty when no Redis is named, or when something is wrong, which is reported. */
  static Optional<RedisSettings> read(Source source) {
    Optional<Source.Setting> url = source.given(Variable.REDIS_URL);
    if (url.isEmpty() && source.given(Variable.REDIS_ADDR).isEmpty()) {
      refuse(IN_A_URL, source, "is set without REDIS_ADDR; set REDIS_ADDR, or unset ");
      refuse(BESIDE_A_URL, source, "is set without REDIS_ADDR; set REDIS_ADDR, or unset ");
      return Optional.empty();
    }
    Optional<RedisPlace> place =
        url.isPresent()
            ? ofUrl(source, url.get().name())
            : Optional.of(RedisPlace.ofVariables(source));
    Optional<Path> tlsCa =
        source.value(Variable.REDIS_TLS_CA).flatMap(s -> s.path("certificates in PEM"));
    Optional<Secret> sentinelPassword =
        SecretText.read(source, Variable.REDIS_SENTINEL_PASSWORD.variableName())
            .map(SecretText::secret);
    String keyPrefix = keyPrefix(source);
    long limitMicros =
        number(source, Variable.REDIS_TIMEOUT_MS, MOST_TIMEOUT_MILLIS, DEFAULT_TIMEOUT_MILLIS)
            * 1_000;
    long batch = number(source, Variable.REDIS_BATCH, MOST_BATCH, DEFAULT_BATCH);
    long calls = number(source, Variable.REDIS_CALLS, MOST_CALLS, DEFAULT_CALLS);
    place.ifPresent(p -> requireUse(p, source));
    return place.map(p ->
        new RedisSettings(
            p.mode(),
            p.addresses(),
            p.database(),
            p.username(),
            p.password(),
            p.sentinelMaster(),
            sentinelPassword,
            p.tls(),
            tlsCa,
            keyPrefix,
            limitMicros,
            Math.toIntExact(batch),
            Math.toIntExact(calls)));
  }

  private static Optional<RedisPlace> ofUrl(Source source, String url) {
    refuse(IN_A_URL, source, "says what " + url + " says already; unset ");
    return SecretText.read(source, Variable.REDIS_URL.variableName())
        .flatMap(text -> RedisUrl.read(text, source));
  }

  /** Without values: some are secrets, and none of them is what is wrong. */
  private static void refuse(List<Variable> variables, Source source, String why) {
    for (Variable variable : variables) {
      source.given(variable).ifPresent(s -> source.problem(s.name() + " " + why + s.name()));
    }
  }

  /** Refuses what is set for TLS or sentinels where there are none, so in a Cluster. */
  private static void requireUse(RedisPlace place, Source source) {
    boolean url = source.given(Variable.REDIS_URL).isPresent();
    if (!place.tls()) {
      String fix = url ? "begin REDIS_URL with rediss" : "set REDIS_TLS=true";
      source
          .value(Variable.REDIS_TLS_CA)
          .ifPresent(s -> s.problem("is for TLS, which is off", fix + ", or unset " + s.name()));
    }
    if (place.mode() != Mode.SENTINEL) {
      String fix = url ? "name some in REDIS_URL" : "set REDIS_MODE=sentinel";
      refuse(
          List.of(Variable.REDIS_SENTINEL_PASSWORD),
          source,
          "is for sentinels; " + fix + ", or unset ");
    }
  }

  private static String keyPrefix(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.REDIS_KEY_PREFIX);
    setting
        .filter(s -> !KEY_PREFIX.matcher(s.text()).matches())
        .ifPresent(
            s -> s.problem("is no beginning of keys", "use at most 64 of A-Z a-z 0-9 . _ : -"));
    return setting.map(Source.Setting::text).orElse("");
  }

  private static long number(Source source, Variable variable, long most, long usual) {
    return source.value(variable).flatMap(s -> s.wholeNumber(1, most)).orElse(usual);
  }
}
