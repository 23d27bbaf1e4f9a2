package io.tollgate.server;

import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.Imported;
import io.tollgate.server.config.Imports;
import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes a limits file of another limiter's configuration, and says what it could not take over. */
final class ImportCommand implements Callable<Integer> {

  private static final List<String> FORMATS =
      Arrays.stream(Imports.Format.values()).map(Imports.Format::text).toList();

  private final PrintStream out;
  private final PrintStream err;
  private final PositionalParamSpec format =
      PositionalParamSpec.builder()
          .index("0")
          .arity("1")
          .required(true)
          .type(String.class)
          .completionCandidates(FORMATS)
          .paramLabel("FORMAT")
          .description(String.join(" or ", FORMATS) + ".")
          .build();
  private final PositionalParamSpec file =
      PositionalParamSpec.builder()
          .index("1")
          .arity("1")
          .required(true)
          .type(Path.class)
          .paramLabel("FILE")
          .description("The other limiter's configuration.")
          .build();
  private final OptionSpec output =
      OptionSpec.builder("-o", "--output")
          .type(Path.class)
          .paramLabel("FILE")
          .description("Write the limits file there, not to stdout.")
          .build();
  private final OptionSpec force =
      OptionSpec.builder("--force")
          .type(boolean.class)
          .description("Replace the output file if there is one.")
          .build();

  ImportCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  CommandSpec spec() {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(this)
            .addPositional(format)
            .addPositional(file)
            .addOption(output)
            .addOption(force)
            .addOption(Help.flag());
    Help.describe(
        spec,
        "Make a limits file of another limiter's configuration.",
        "What it cannot say goes to stderr, a line each: file:line:column, the part,"
            + " what to do about it.",
        "",
        "Examples:",
        "  tollgate import envoy-ratelimit config.yaml -o limits.yaml",
        "  tollgate import limitador limits.yaml");
    spec.usageMessage()
        .footer(
            "Exit code 0: all of it was taken over. 1: something was left out, or the output could"
                + " not be written. 2: it is no such configuration, or the output file exists.",
            "More: docs/envoy.md.");
    return spec;
  }

  @Override
  public Integer call() {
    String name = format.getValue();
    Optional<Imports.Format> known = Imports.Format.of(name);
    if (known.isEmpty()) {
      String fix =
          NearestName.of(name, FORMATS)
              .map(near -> "did you mean " + near + "?")
              .orElse("write " + String.join(" or ", FORMATS));
      err.println("tollgate import: there is no format '" + Shown.line(name, 60) + "'; " + fix);
      return ExitCode.WRONG_INPUT;
    }
    Path path = file.getValue();
    try {
      Imported imported = Imports.read(known.get(), path);
      int written = write(imported.yaml());
      if (written != ExitCode.DONE) {
        return written;
      }
      imported.notes().forEach(note -> err.println("note: " + note));
      imported.leftOut().forEach(err::println);
      return imported.leftOut().isEmpty() ? ExitCode.DONE : ExitCode.FAULT;
    } catch (ConfigException e) {
      err.println(e.getMessage());
      return ExitCode.WRONG_INPUT;
    }
  }

  private int write(String yaml) {
    Path path = output.getValue();
    if (path == null) {
      out.print(yaml);
      out.flush();
      return ExitCode.DONE;
    }
    boolean replace = Boolean.TRUE.equals(force.getValue());
    OpenOption how = replace ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    try {
      Files.writeString(
          path, yaml, how, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      return ExitCode.DONE;
    } catch (FileAlreadyExistsException e) {
      err.println(
          "tollgate import: "
              + Shown.line(path.toString(), 200)
              + " exists; name another file, or add --force to replace it");
      return ExitCode.WRONG_INPUT;
    } catch (IOException e) {
      err.println(
          "tollgate import: "
              + Shown.line(path.toString(), 200)
              + " cannot be written: "
              + Shown.line(String.valueOf(e.getMessage()), 200)
              + "; name a file in a folder that this user may write");
      return ExitCode.FAULT;
    }
  }
}
