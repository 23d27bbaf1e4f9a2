package io.tollgate.server;

import io.tollgate.server.app.Serve;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.log.Logs;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A server's life: from its settings until it is told to stop. */
final class Serving {

  private static final System.Logger LOG = System.getLogger("tollgate");

  private Serving() {}

  /**
   * Starts a server and runs it; does not return when a signal ends it.
   *
   * @param flags values by the names of the flags; they beat variables
   * @return the exit code of a server that did not start
   */
  static int run(
      Map<String, String> flags, Map<String, String> environment, PrintStream out, PrintStream err)
      throws InterruptedException {
    try {
      return serve(Settings.of(flags, environment), out, err);
    } catch (SettingsException | ConfigException e) {
      err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    } catch (IOException e) {
      err.println("tollgate: " + e.getMessage());
      return ExitCode.FAULT;
    }
  }

  private static int serve(Settings settings, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
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
