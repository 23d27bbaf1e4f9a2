package io.tollgate.server;

import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** Starts a server and runs it until it is told to stop. */
final class ServeCommand implements Callable<Integer> {

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
    return Serving.run(ServeFlags.of(spec), environment, out, err);
  }
}
