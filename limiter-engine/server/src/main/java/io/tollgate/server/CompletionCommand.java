package io.tollgate.server;

import io.tollgate.server.text.Shown;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Prints a script for a shell, which completes every command, flag and listed value. */
final class CompletionCommand implements Callable<Integer> {

  private static final List<String> SHELLS = List.of("bash", "zsh");

  /** What the generator writes for zsh is not known yet to functions of the same {@code eval}. */
  private static final String ALIAS = "alias compopt=complete";

  /** zsh has no compopt, and completes files without it. */
  private static final String FUNCTION = "compopt() { :; }";

  private final Supplier<CommandLine> all;
  private final PrintStream out;
  private final PrintStream err;
  private final PositionalParamSpec shell =
      PositionalParamSpec.builder()
          .index("0")
          .arity("1")
          .required(true)
          .type(String.class)
          .completionCandidates(SHELLS)
          .paramLabel("SHELL")
          .description("bash or zsh.")
          .build();

  /**
   * The command.
   *
   * @param all makes the command line with every command
   */
  CompletionCommand(Supplier<CommandLine> all, PrintStream out, PrintStream err) {
    this.all = all;
    this.out = out;
    this.err = err;
  }

  CommandSpec spec() {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(this).addPositional(shell).addOption(Help.flag());
    Help.describe(
        spec,
        "Print a script that completes commands and flags.",
        "For this shell:",
        "  eval \"$(tollgate completion bash)\"",
        "",
        "For every one: append the line to ~/.bashrc; for zsh, with 'completion zsh', to the"
            + " file ~/.zshrc.");
    spec.usageMessage().footer("Exit code 0: done. 2: there is no script for that shell.");
    return spec;
  }

  @Override
  public Integer call() {
    String name = shell.getValue();
    if (!SHELLS.contains(name)) {
      err.println(
          "tollgate completion: no script for the shell '"
              + Shown.line(name, 60)
              + "'; write bash or zsh");
      return ExitCode.WRONG_INPUT;
    }
    String script = AutoComplete.bash("tollgate", all.get());
    out.print(name.equals("zsh") ? script.replace(ALIAS, FUNCTION) : script);
    out.flush();
    return ExitCode.DONE;
  }
}
