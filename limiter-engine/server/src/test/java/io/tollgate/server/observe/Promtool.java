package io.tollgate.server.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prometheus's own examination of rules. */
final class Promtool {

  /** The tests of all rules take about three seconds; a machine with other work is given this. */
  private static final long PATIENCE_SECONDS = 60;

  /**
   * What a run has said.
   *
   * @param output stdout and stderr
   */
  record Result(int exitCode, String output) {}

  private Promtool() {}

  /** Runs it, and keeps what it prints in a file of a folder. */
  static Result run(Path folder, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(arguments);
    Path output = Files.createTempFile(folder, "promtool", ".txt");
    Process process = start(command, output);
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(command + " still runs: " + Files.readString(output));
      }
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(output));
  }

  private static Process start(List<String> command, Path output) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "no promtool on PATH; make test installs it, or: apt-get install prometheus", e);
    }
  }
}
