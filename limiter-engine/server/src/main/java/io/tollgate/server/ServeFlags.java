package io.tollgate.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags that say with what settings a server starts. */
final class ServeFlags {

  /** What goes without saying in a list of flags. */
  static final String VARIABLES =
      "Each flag is a variable too: --http-port is TOLLGATE_HTTP_PORT, --log-level is LOG_LEVEL;"
          + " a flag beats a variable. Secrets are variables only: TOLLGATE_TOKEN is the bearer"
          + " token of checks, TOLLGATE_ADMIN_TOKEN of calls that change limits,"
          + " TOLLGATE_HASH_KEY hides identifiers, REDIS_PASSWORD opens Redis; each may come from"
          + " a file, as in TOLLGATE_TOKEN_FILE.";

  /** What somebody may take for the flag of a secret, with the secret's variable. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "--token", "TOLLGATE_TOKEN",
          "--admin-token", "TOLLGATE_ADMIN_TOKEN",
          "--hash-key", "TOLLGATE_HASH_KEY",
          "--redis-url", "REDIS_URL",
          "--redis-password", "REDIS_PASSWORD",
          "--redis-sentinel-password", "REDIS_SENTINEL_PASSWORD");

  private ServeFlags() {}

  /** Lets a command have them. Lists of values need labels that differ: completion keys them so. */
  static void addTo(CommandSpec spec) {
    spec.addOption(path("--limits", "FILE", "The limits file. Default: one limit for all names."))
        .addOption(flag("--base-limit", "N", "Without a file: checks per window. Default: 100."))
        .addOption(flag("--window-seconds", "N", "Without a file: the window. Default: 60."))
        .addOption(flag("--bind", "ADDRESS", "Address to listen on. Default: 127.0.0.1."))
        .addOption(flag("--http-port", "PORT", "Port of checks; 0: a free one. Default: 8080."))
        .addOption(flag("--admin-port", "PORT", "Port of health; 0: a free one. Default: 8081."))
        .addOption(flag("--grpc-port", "PORT", "Port of gRPC; 0: a free one; off. Default: 9090."))
        .addOption(
            flag("--resp-port", "PORT", "Port of Redis clients; 0: a free one. Default: off."))
        .addOption(flag("--resp-namespace", "NAME", "Where their keys count. Default: redis."))
        .addOption(flag("--max-connections", "N", "Open connections at once. Default: 20000."))
        .addOption(flag("--trusted-proxies", "CIDRS", "Whose forwarded addresses count."))
        .addOption(path("--tls-cert", "FILE", "TLS: the certificate and those above it, PEM."))
        .addOption(path("--tls-key", "FILE", "TLS: the certificate's private key, PEM."))
        .addOption(path("--tls-client-ca", "FILE", "TLS: callers show a certificate of these."))
        .addOption(flag("--redis-addr", "ADDRESS", "host:port of the Redis to count in."))
        .addOption(flag("--redis-db", "N", "Its database. Default: 0."))
        .addOption(
            builder("--redis-mode", "KIND", "single (default), sentinel (asks them) or cluster.")
                .completionCandidates(List.of("single", "sentinel", "cluster"))
                .build())
        .addOption(
            flag("--redis-sentinel-master", "NAME", "Its name among sentinels. Default: mymaster."))
        .addOption(flag("--redis-username", "NAME", "Its user; REDIS_PASSWORD is the password."))
        .addOption(
            builder("--redis-tls", "BOOL", "true: over TLS. Default: false.")
                .completionCandidates(List.of("true", "false"))
                .build())
        .addOption(
            path("--redis-tls-ca", "FILE", "Who signs its certificate, PEM. Default: Java's."))
        .addOption(flag("--redis-key-prefix", "TEXT", "Begins every key. Default: nothing."))
        .addOption(flag("--redis-timeout-ms", "N", "Most ms that a check waits. Default: 50."))
        .addOption(flag("--redis-batch", "N", "Most checks of a call. Default: 32."))
        .addOption(flag("--redis-calls", "N", "Most calls under way per loop. Default: 4."))
        .addOption(path("--data-dir", "FOLDER", "What outlives it. Default: the user's data."))
        .addOption(
            builder("--log-level", "LEVEL", "debug, info (default), warn or error.")
                .completionCandidates(List.of("debug", "info", "warn", "error"))
                .build())
        .addOption(
            builder("--log-format", "FORMAT", "json (default) or text.")
                .completionCandidates(List.of("json", "text"))
                .build())
        .addOption(
            builder("--mode", "MODE", "standalone (default): one process by itself.")
                .completionCandidates(List.of("standalone"))
                .build());
  }

  /** The flags that somebody gave to a command, with their values. */
  static Map<String, String> of(CommandSpec spec) {
    Map<String, String> given = new HashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (option.arity().max() == 1) {
        given.put(option.longestName(), option.stringValues().getLast());
      }
    }
    return given;
  }

  /** The variable to set instead of a flag that would show a secret to the whole machine. */
  static Optional<String> secretVariable(String flag) {
    return Optional.ofNullable(SECRETS.get(flag));
  }

  private static OptionSpec flag(String name, String label, String description) {
    return builder(name, label, description).build();
  }

  /** The shell completes what is of this type by the names of files. */
  private static OptionSpec path(String name, String label, String description) {
    return builder(name, label, description).type(Path.class).build();
  }

  private static OptionSpec.Builder builder(String name, String label, String description) {
    return OptionSpec.builder(name).type(String.class).paramLabel(label).description(description);
  }
}
