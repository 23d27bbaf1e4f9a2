package io.tollgate.server.settings;

import io.tollgate.server.settings.RedisSettings.Address;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a Redis is and how it is entered: what a URL of it says, or else variables.
 *
 * <p>The parts are those of {@link RedisSettings}. What is wrong is reported, and any value stands
 * in its place, chosen so that nothing is reported for it again.
 */
record RedisPlace(
    Mode mode,
    List<Address> addresses,
    int database,
    Optional<String> username,
    Optional<Secret> password,
    boolean tls,
    String sentinelMaster) {

  static final int MOST_DATABASE = 1_023;

  /** What Redis's own examples call it. */
  static final String USUAL_MASTER = "mymaster";

  /** The signs that sentinel.conf allows, and far more of them than a name has. */
  private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  static boolean isMaster(String text) {
    return MASTER.matcher(text).matches();
  }

  /** What the variables say, of which REDIS_ADDR is set. */
  static RedisPlace ofVariables(Source source) {
    Mode mode = mode(source);
    Optional<Source.Setting> username = source.value(Variable.REDIS_USERNAME);
    if (source.given(Variable.REDIS_PASSWORD).isEmpty()) {
      username.ifPresent(s ->
          s.problem("is set without REDIS_PASSWORD", "set REDIS_PASSWORD, or unset " + s.name()));
    }
    return new RedisPlace(
        mode,
        source.value(Variable.REDIS_ADDR).map(s -> addresses(s, mode)).orElse(List.of()),
        database(source, mode),
        username.map(Source.Setting::text),
        SecretText.read(source, Variable.REDIS_PASSWORD.variableName()).map(SecretText::secret),
        tls(source),
        master(source, mode));
  }

  private static Mode mode(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.REDIS_MODE);
    return switch (setting.map(s -> s.text().toLowerCase(Locale.ROOT)).orElse("single")) {
      case "single" -> Mode.SINGLE;
      case "sentinel" -> Mode.SENTINEL;
      case "cluster" -> Mode.CLUSTER;
      default -> {
        setting.ifPresent(
            s -> s.problem("is not a mode of Redis", "use single, sentinel or cluster"));
        yield Mode.SENTINEL;
      }
    };
  }

  private static int database(Source source, Mode mode) {
    Optional<Source.Setting> setting = source.value(Variable.REDIS_DB);
    int database =
        setting.flatMap(s -> s.wholeNumber(0, MOST_DATABASE)).map(Math::toIntExact).orElse(0);
    if (mode != Mode.CLUSTER || database == 0) {
      return database;
    }
    setting.ifPresent(
        s -> s.problem("cannot be obeyed: a Cluster has database 0 only", "unset it"));
    return 0;
  }

  private static List<Address> addresses(Source.Setting setting, Mode mode) {
    String text = setting.text();
    if (text.contains("@") || text.contains("://")) {
      // A password may be in it.
      setting
          .source()
          .problem(setting.name() + " holds a URL; write host:port, or set REDIS_URL instead");
      return List.of();
    }
    Optional<List<Address>> addresses = RedisAddresses.read(text, mode);
    if (addresses.isEmpty()) {
      setting.problem(RedisAddresses.WRONG, RedisAddresses.FIX);
    } else if (mode == Mode.SINGLE && addresses.get().size() > 1) {
      setting.problem(
          "names more than one Redis",
          "name one, sentinels with REDIS_MODE=sentinel, or a Cluster with REDIS_MODE=cluster");
    }
    return addresses.orElse(List.of());
  }

  private static boolean tls(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.REDIS_TLS);
    return switch (setting.map(s -> s.text().toLowerCase(Locale.ROOT)).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> {
        setting.ifPresent(s -> s.problem("is neither true nor false", "use one of the two"));
        yield true;
      }
    };
  }

  private static String master(Source source, Mode mode) {
    Optional<Source.Setting> setting = source.value(Variable.REDIS_SENTINEL_MASTER);
    if (mode != Mode.SENTINEL) {
      setting.ifPresent(
          s -> s.problem("is for sentinels", "set REDIS_MODE=sentinel, or unset " + s.name()));
    } else if (setting.filter(s -> !isMaster(s.text())).isPresent()) {
      setting
          .get()
          .problem(
              "is no name of a master", "write the one that sentinel.conf has: A-Z a-z 0-9 . _ -");
    }
    return setting.map(Source.Setting::text).orElse(USUAL_MASTER);
  }
}
