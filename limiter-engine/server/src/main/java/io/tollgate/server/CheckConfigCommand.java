package io.tollgate.server;

import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.LimitsFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Says whether a limits file can be used, without starting anything. */
final class CheckConfigCommand implements Callable<Integer> {

  private final PrintStream out;
  private final PrintStream err;
  private final PositionalParamSpec file =
      PositionalParamSpec.builder()
          .index("0")
          .arity("1")
          .required(true)
          .type(Path.class)
          .paramLabel("FILE")
          .description("The limits file.")
          .build();

  CheckConfigCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  CommandSpec spec() {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(this).addPositional(file).addOption(Help.flag());
    Help.describe(
        spec,
        "Say what a limits file holds, or all that is wrong with it.",
        "Each problem is a line: file:line:column, the field, what to write instead.",
        "",
        "Example:",
        "  tollgate check-config limits.yaml");
    spec.usageMessage()
        .footer("Exit code 0: it can be used. 2: it cannot.", "More: docs/limits-file.md.");
    return spec;
  }

  @Override
  public Integer call() {
    Path path = file.getValue();
    try {
      LimitsFile.read(path).forEach(namespace -> out.println(summary(namespace)));
      return ExitCode.DONE;
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    }
  }

  private static String summary(NamespaceSpec namespace) {
    List<LimitSpec> limits =
        Stream.of(
                Stream.of(namespace.limits()),
                namespace.endpoints().stream().map(EndpointSpec::limits),
                namespace.descriptors().stream().map(DescriptorSpec::limits))
            .flatMap(lists -> lists.flatMap(List::stream))
            .toList();
    long shadow =
        limits.stream().filter(LimitSpec::shadow).count()
            + namespace.descriptors().stream()
                .filter(DescriptorSpec::shadow)
                .flatMap(descriptor -> descriptor.limits().stream())
                .filter(limit -> !limit.shadow())
                .count();
    int descriptors = namespace.descriptors().size();
    return namespace.name()
        + ": "
        + count(limits.size(), "limit")
        + (shadow == 0 ? "" : " (" + shadow + " only watching)")
        + ", "
        + count(namespace.endpoints().size(), "endpoint")
        + ", "
        + count(namespace.overrides().size(), "override")
        + (descriptors == 0 ? "" : ", " + count(descriptors, "descriptor"));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
