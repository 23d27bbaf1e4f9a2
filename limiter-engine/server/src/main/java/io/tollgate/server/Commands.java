package io.tollgate.server;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands, and who reads their arguments. */
final class Commands {

  private static final List<String> COMMANDS =
      List.of("serve", "check-config", "import", "doctor", "completion");

  private Commands() {}

  /** Runs a command, and says how it ended; {@code serve} does not return when a signal ends it. */
  static int run(
      Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
    CommandLine commandLine = commandLine(environment, out, err, arguments);
    if (arguments.length == 0) {
      commandLine.usage(err);
      return ExitCode.WRONG_INPUT;
    }
    return commandLine.execute(arguments);
  }

  /**
   * What reads the arguments; knows only the command that they begin with, or all when that is
   * none, so that a server starts without the classes of the others.
   */
  private static CommandLine commandLine(
      Map<String, String> environment, PrintStream out, PrintStream err, String... arguments) {
    CommandSpec root =
        CommandSpec.create()
            .name("tollgate")
            .version("tollgate " + version())
            .addOption(Help.flag())
            .addOption(
                OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Show the version and exit.")
                    .build());
    for (String name : COMMANDS) {
      if (arguments.length == 0 || !COMMANDS.contains(arguments[0]) || arguments[0].equals(name)) {
        root.addSubcommand(name, command(name, environment, out, err));
      }
    }
    describe(root);
    return new CommandLine(root)
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(new WrongArguments(err));
  }

  private static CommandSpec command(
      String name, Map<String, String> environment, PrintStream out, PrintStream err) {
    return switch (name) {
      case "serve" -> new ServeCommand(environment, out, err).spec();
      case "check-config" -> new CheckConfigCommand(out, err).spec();
      case "import" -> new ImportCommand(out, err).spec();
      case "doctor" -> new DoctorCommand(environment, out).spec();
      case "completion" ->
          new CompletionCommand(() -> commandLine(environment, out, err), out, err).spec();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void describe(CommandSpec root) {
    Help.describe(
        root,
        "Tollgate, a rate limiter: says over HTTP whether a call may pass.",
        "Start it, then ask it from another terminal:",
        "  tollgate serve",
        "  curl localhost:8080/v1/check -d '{\"identifier\": \"u1\", \"namespace\": \"api\"}'");
    root.usageMessage()
        .customSynopsis("tollgate COMMAND [OPTIONS]")
        .commandListHeading("%nCommands:%n")
        .footer(
            "'tollgate COMMAND --help' says more about a command, with examples. All settings:"
                + " docs/environment.md; how limits are written: docs/limits-file.md. When"
                + " something does not work: tollgate doctor.");
  }

  private static String version() {
    return Optional.ofNullable(Tollgate.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
