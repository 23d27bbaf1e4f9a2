package io.tollgate.server;

import io.tollgate.server.doctor.Doctor;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.doctor.Report;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Examines what a server would start with, without starting or changing anything. */
final class DoctorCommand implements Callable<Integer> {

  /** What it has to say of a Redis stands in the report. */
  private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

  private final Map<String, String> environment;
  private final PrintStream out;
  private final OptionSpec json =
      OptionSpec.builder("--json")
          .type(boolean.class)
          .description("Print one line of JSON.")
          .build();
  private final CommandSpec spec;

  DoctorCommand(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
    this.spec = CommandSpec.wrapWithoutInspection(this).addOption(json).addOption(Help.flag());
    List<OptionSpec> own = List.copyOf(spec.options());
    ServeFlags.addTo(spec);
    Help.describe(
        spec,
        "Say what is wrong, unsafe or old, and what to do about it.",
        "Looks at what 'tollgate serve' would start with: settings, limits, ports, tokens, Redis,"
            + " files, TLS, the machine. The server may run or not. Starts and changes nothing,"
            + " and prints no secret.",
        "",
        "Give it the variables of the server, and its flags: it takes all of 'tollgate serve'.",
        "",
        "Examples:",
        "  tollgate doctor",
        "  tollgate doctor --http-port 8090 --json");
    spec.usageMessage()
        .footer(
            "Exit code 0: nothing is wrong, at most there are warnings. 2: something is.",
            "More: docs/command-line.md.");
    spec.usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> help.optionListExcludingGroups(own));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    LETTUCE.setLevel(Level.OFF);
    Report report = new Report(Doctor.examine(ServeFlags.of(spec), environment));
    boolean asJson = Boolean.TRUE.equals(json.getValue());
    out.print(asJson ? report.json() : report.text());
    out.flush();
    return report.verdict() == Verdict.WRONG ? ExitCode.WRONG_INPUT : ExitCode.DONE;
  }
}
