package io.tollgate.server;

import io.tollgate.server.app.Serve;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.log.Logs;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Starts a server and runs it until it is told to stop. */
final class ServeCommand implements Callable<Integer> {

  private static final List<OptionSpec> FLAGS =
      List.of(
          flag("--mode", "MODE", "standalone (default): one process, limits from a file."),
          flag("--bind", "ADDRESS", "Address to listen on. Default: 127.0.0.1, this machine only."),
          flag("--http-port", "PORT", "Port of checks; 0 takes a free one. Default: 8080."),
          flag("--admin-port", "PORT", "Port of health; 0 takes a free one. Default: 8081."),
          flag("--grpc-port", "PORT", "Kept for gRPC, which is not there yet. Default: 9090."),
          flag("--resp-port", "PORT", "Kept for Redis clients: not there yet. Default: off."),
          flag("--max-connections", "N", "Open connections at once. Default: 20000."),
          flag("--tls-cert", "FILE", "TLS: the certificate and those above it, PEM."),
          flag("--tls-key", "FILE", "TLS: the certificate's private key, PEM."),
          flag("--tls-client-ca", "FILE", "TLS: callers must show a certificate of these."),
          flag("--limits", "FILE", "The limits file. Default: one limit for all names."),
          flag("--base-limit", "N", "Without a file: checks per window. Default: 100."),
          flag("--window-seconds", "N", "Without a file: the window. Default: 60."),
          flag("--data-dir", "FOLDER", "What outlives the server. Default: the user's data."),
          flag("--log-level", "LEVEL", "debug, info (default), warn or error."),
          flag("--log-format", "FORMAT", "json (default) or text."));

  private static final System.Logger LOG = System.getLogger("tollgate");

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final CommandSpec spec;

  ServeCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.spec = CommandSpec.wrapWithoutInspection(this).addOption(Tollgate.help());
    FLAGS.forEach(flag -> spec.addOption(flag.toBuilder().build()));
    spec.usageMessage()
        .description(
            "Starts the server. The first line on stdout is JSON with the ports, printed when"
                + " checks are answered; Ctrl-C or SIGTERM ends it in order.",
            "")
        .footer(
            "",
            "Each flag is a variable too: --http-port is TOLLGATE_HTTP_PORT, --log-level is"
                + " LOG_LEVEL; a flag beats a variable. Secrets are variables only:"
                + " TOLLGATE_TOKEN is the bearer token of checks, TOLLGATE_ADMIN_TOKEN of calls"
                + " that change limits, TOLLGATE_HASH_KEY hides identifiers; each may come from a file, as in TOLLGATE_TOKEN_FILE.",
            "",
            "Exit code 0: it was told to stop. 1: a port is taken. 2: a setting is wrong.");
  }

  CommandSpec spec() {
    return spec;
  }

  private static OptionSpec flag(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      return serve(Settings.of(flags(), environment));
    } catch (SettingsException | ConfigException e) {
      err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    } catch (IOException e) {
      err.println("tollgate: " + e.getMessage());
      return ExitCode.FAULT;
    }
  }

  private int serve(Settings settings) throws IOException, InterruptedException {
    try (Logs logs = Logs.start(settings.log(), err)) {
      Serve server = Serve.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, logs), "tollgate-stop"));
      server.announce(out);
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    }
  }

  /** A JVM that a signal ends says so in its exit code; being told to stop is no failure. */
  private static void stop(Serve server, Logs logs) {
    LOG.log(System.Logger.Level.INFO, "Tollgate was told to stop and finishes what is under way");
    server.close();
    LOG.log(System.Logger.Level.INFO, "Tollgate has stopped");
    logs.close();
    Runtime.getRuntime().halt(ExitCode.DONE);
  }

  private Map<String, String> flags() {
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .filter(option -> option.getValue() instanceof String)
        .collect(Collectors.toMap(OptionSpec::longestName, option -> option.getValue()));
  }
}
