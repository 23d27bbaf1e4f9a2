package io.tollgate.server.limits;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits with a data folder in a process of their own, told on stdin what to do.
 *
 * <p>A line of stdout for each change: what became of it, and a full stop, which a line that was
 * cut lacks.
 */
final class LimitsChild implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private LimitsChild(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * The process: {@code put NAME LIMIT}, {@code large NAME LIMIT}, {@code delete NAME}, or {@code
   * from NUMBER} for all operations from that one on.
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Bench bench = new Bench(Path.of(arguments[0]));
    try (LimitsInForce limits = bench.openBuiltIn()) {
      out.println("open .");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "put" -> say(out, limits.put(words[1], Bench.json(Integer.parseInt(words[2]))));
          case "large" ->
              say(out, limits.put(words[1], Operations.large(Integer.parseInt(words[2]))));
          case "delete" -> say(out, limits.delete(words[1]));
          default -> {
            for (int i = Integer.parseInt(words[1]); ; i++) {
              say(out, Operations.apply(i, limits));
            }
          }
        }
      }
    }
  }

  private static void say(PrintStream out, Change change) {
    String what = change.getClass().getSimpleName();
    out.println(
        change instanceof Change.Unavailable(String why, String _)
            ? what + " " + why + " ."
            : what + " .");
  }

  /** Starts one over the data folder of a bench; returns when it is open. */
  static LimitsChild start(Path folder, String... wrapper) throws IOException {
    List<String> command = new ArrayList<>(List.of(wrapper));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The map of counters is a file of its own, which a bound on files would stop.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LimitsChild.class.getName(), folder.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    LimitsChild child = new LimitsChild(builder.start());
    String first = child.line();
    if (!first.equals("open .")) {
      child.close();
      throw new IllegalStateException("the child said: " + first);
    }
    return child;
  }

  void tell(String command) throws IOException {
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Tells something, and waits for what became of it. */
  String ask(String command) throws IOException {
    tell(command);
    return line();
  }

  /** The next line; empty when the process has ended. */
  String line() {
    try {
      String line = out.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from the child", e);
    }
  }

  /** Ends it at once, as a crash does; what it has said can still be read. */
  void kill() {
    var _ = process.toHandle().destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
