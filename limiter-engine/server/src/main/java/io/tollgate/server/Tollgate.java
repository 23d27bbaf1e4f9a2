package io.tollgate.server;

import io.tollgate.server.log.Logs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line of Tollgate. */
public final class Tollgate {

  private Tollgate() {}

  /**
   * Runs a command.
   *
   * <p>Exit codes: 0 done; 1 a fault, such as a port that is taken; 2 something that somebody wrote
   * is wrong: arguments, settings, the limits file.
   */
  public static void main(String[] args) {
    Logs.lastThroughShutdown();
    // Whatever the machine's locale: the messages and the listening line are UTF-8.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(commandLine(System.getenv(), out, err).execute(args));
  }

  static CommandLine commandLine(
      Map<String, String> environment, PrintStream out, PrintStream err) {
    CommandSpec spec =
        CommandSpec.create()
            .name("tollgate")
            .mixinStandardHelpOptions(true)
            .version("tollgate " + version())
            .addSubcommand("serve", new ServeCommand(environment, out, err).spec())
            .addSubcommand("check-config", new CheckConfigCommand(out, err).spec());
    spec.usageMessage()
        .description(
            "A rate limiter: answers over HTTP whether a call may pass.",
            "",
            "Begin with 'tollgate serve', which needs no settings and prints a call to try.",
            "'tollgate serve --help' lists what can be set.");
    return new CommandLine(spec)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
  }

  /** The flag that every command has. */
  static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help and exit.")
        .build();
  }

  private static String version() {
    return Optional.ofNullable(Tollgate.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
