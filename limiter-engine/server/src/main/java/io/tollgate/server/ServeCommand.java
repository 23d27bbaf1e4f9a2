package io.tollgate.server;

import io.tollgate.server.app.Serve;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.log.Logs;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** Starts a server and runs it until it is told to stop. */
final class ServeCommand implements Callable<Integer> {

  private static final System.Logger LOG = System.getLogger("tollgate");

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final CommandSpec spec;

  ServeCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.spec = CommandSpec.wrapWithoutInspection(this);
    ServeFlags.addTo(spec);
    spec.addOption(Help.flag());
    Help.describe(
        spec,
        "Start the server.",
        "Answers checks until Ctrl-C or SIGTERM. The first line on stdout is JSON with the ports,"
            + " printed when checks are answered; all else goes to stderr.",
        "",
        "Examples:",
        "  tollgate serve",
        "  tollgate serve --base-limit 20 --window-seconds 10 --http-port 8090");
    spec.usageMessage()
        .footer(
            ServeFlags.VARIABLES,
            "",
            "Exit code 0: it was told to stop. 1: a port is taken. 2: a setting is wrong.",
            "More: docs/environment.md, docs/limits-file.md. Trouble: tollgate doctor.");
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      return serve(Settings.of(ServeFlags.of(spec), environment));
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
}
