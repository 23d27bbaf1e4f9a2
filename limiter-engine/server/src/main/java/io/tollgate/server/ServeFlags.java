package io.tollgate.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags that say with what settings a server starts. */
final class ServeFlags {

  /** What goes without saying in a list of flags. */
  static final String VARIABLES =
      "Each flag is a variable too: --http-port is TOLLGATE_HTTP_PORT, --log-level is LOG_LEVEL;"
          + " a flag beats a variable. Secrets are variables only: TOLLGATE_TOKEN is the bearer"
          + " token of checks, TOLLGATE_ADMIN_TOKEN of calls that change limits,"
          + " TOLLGATE_HASH_KEY hides identifiers; each may come from a file, as in"
          + " TOLLGATE_TOKEN_FILE.";

  private static final Set<String> SECRETS = Set.of("--token", "--admin-token", "--hash-key");

  private ServeFlags() {}

  /** Lets a command have them. */
  static void addTo(CommandSpec spec) {
    spec.addOption(path("--limits", "FILE", "The limits file. Default: one limit for all names."))
        .addOption(flag("--base-limit", "N", "Without a file: checks per window. Default: 100."))
        .addOption(flag("--window-seconds", "N", "Without a file: the window. Default: 60."))
        .addOption(flag("--bind", "ADDRESS", "Address to listen on. Default: 127.0.0.1."))
        .addOption(flag("--http-port", "PORT", "Port of checks; 0: a free one. Default: 8080."))
        .addOption(flag("--admin-port", "PORT", "Port of health; 0: a free one. Default: 8081."))
        .addOption(flag("--grpc-port", "PORT", "Kept for gRPC: not there yet. Default: 9090."))
        .addOption(flag("--resp-port", "PORT", "Kept for Redis clients: not there yet."))
        .addOption(flag("--max-connections", "N", "Open connections at once. Default: 20000."))
        .addOption(path("--tls-cert", "FILE", "TLS: the certificate and those above it, PEM."))
        .addOption(path("--tls-key", "FILE", "TLS: the certificate's private key, PEM."))
        .addOption(path("--tls-client-ca", "FILE", "TLS: callers show a certificate of these."))
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
    return SECRETS.contains(flag)
        ? Optional.of("TOLLGATE_" + flag.substring(2).toUpperCase(Locale.ROOT).replace('-', '_'))
        : Optional.empty();
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
