package io.tollgate.server.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an operator decides about one server.
 *
 * @param listen where checks arrive
 * @param tls the files of TLS; empty: the doors speak plain text
 * @param secrets what callers must know, and what hides identifiers
 * @param limits where the limits come from
 * @param redis where counters live; empty: in this process's memory
 * @param data where the server keeps what must survive it
 * @param log what the server says
 */
public record Settings(
    ListenSettings listen,
    Optional<TlsSettings> tls,
    SecretSettings secrets,
    LimitsSettings limits,
    Optional<RedisSettings> redis,
    DataSettings data,
    LogSettings log) {

  /**
   * The settings of flags and environment.
   *
   * @param flags values by flag, such as {@code --http-port}
   * @param environment variables by name; those of others are ignored
   * @throws SettingsException with everything that is wrong
   */
  public static Settings of(Map<String, String> flags, Map<String, String> environment) {
    Source source = new Source(flags, environment);
    UnknownNames.report(source);
    NotYet.report(source);
    requireStandalone(source);
    ListenSettings listen = ListenSettings.read(source);
    Optional<TlsSettings> tls = TlsSettings.read(source);
    SecretSettings secrets = SecretSettings.read(source);
    RespSettings.requireToken(source, listen, secrets);
    LimitsSettings limits = LimitsReader.read(source);
    Optional<RedisSettings> redis = RedisReader.read(source);
    DataSettings data = DataSettings.read(source);
    LogSettings log = LogSettings.read(source);
    source.throwIfAny();
    return new Settings(listen, tls, secrets, limits, redis, data, log);
  }

  /** The names of flags and variables that {@link #of} would obey, in the order of their table. */
  public static List<String> given(Map<String, String> flags, Map<String, String> environment) {
    Source source = new Source(flags, environment);
    return Arrays.stream(Variable.values())
        .flatMap(variable -> source.given(variable).map(Source.Setting::name).stream())
        .toList();
  }

  /** The files that secrets are read from, by the variable that names each. */
  public static Map<String, Path> secretFiles(Map<String, String> environment) {
    Source source = new Source(Map.of(), environment);
    Map<String, Path> files = new LinkedHashMap<>();
    for (Variable variable : Variable.values()) {
      String name = variable.variableName() + "_FILE";
      if (variable.secret()) {
        source.variable(name).ifPresent(file -> files.put(name, Path.of(file.text())));
      }
    }
    return files;
  }

  private static void requireStandalone(Source source) {
    source
        .value(Variable.MODE)
        .filter(mode -> !mode.text().equals("standalone"))
        .ifPresent(mode -> {
          if (mode.text().equals("full")) {
            source.problem(
                mode.name()
                    + "=full needs tenants, keys and PostgreSQL, which this server does"
                    + " not have yet; set "
                    + mode.name()
                    + "=standalone");
          } else {
            mode.problem("is not a mode", "use standalone");
          }
        });
  }
}
