package io.tollgate.server;

import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.io.PrintStream;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers arguments that cannot be used: what is wrong, the nearest name, where the help is. */
record WrongArguments(PrintStream err) implements IParameterExceptionHandler {

  /** A longer argument is no name that somebody mistyped. */
  private static final int LONGEST = 60;

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String what =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(command, unmatched.getUnmatched().getFirst())
            : String.valueOf(e.getMessage());
    err.println(name + ": " + what);
    err.println("Help: " + name + " --help");
    return ExitCode.WRONG_INPUT;
  }

  private static String unmatched(CommandLine command, String argument) {
    if (argument.startsWith("-")) {
      // What follows the sign may be a secret that somebody took for a flag's.
      String flag = argument.split("=", 2)[0];
      return "there is no flag "
          + Shown.line(flag, LONGEST)
          + ServeFlags.secretVariable(flag)
              .map(variable -> "; the whole machine would see it, so set the variable " + variable)
              .orElseGet(() -> nearest(flag, command.getCommandSpec().optionsMap().keySet()));
    }
    String shown = Shown.line(argument, LONGEST);
    return command.getSubcommands().isEmpty()
        ? "'" + shown + "' is one argument too many"
        : "there is no command '"
            + shown
            + "'"
            + nearest(argument, command.getSubcommands().keySet());
  }

  private static String nearest(String word, Collection<String> known) {
    return NearestName.of(word, known).map(near -> "; did you mean " + near + "?").orElse("");
  }
}
