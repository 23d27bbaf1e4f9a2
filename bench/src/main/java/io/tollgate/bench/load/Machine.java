package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where and with what was measured. */
final class Machine {

  private static final Duration MOST = Duration.ofSeconds(10);
  private static final Pattern MODEL = Pattern.compile("^model name\\s*: (.+)$", Pattern.MULTILINE);

  private final Children children;

  Machine(Children children) {
    this.children = children;
  }

  /**
   * Processor, kernel, programs, commit.
   *
   * @param programs each with its version
   */
  String text(List<String> programs) throws IOException, InterruptedException {
    String cpus = Files.readString(Path.of("/proc/cpuinfo"));
    Matcher model = MODEL.matcher(cpus);
    String processor = model.find() ? model.group(1).strip() : "unknown processor";
    StringBuilder text = new StringBuilder();
    text.append(processor)
        .append(", ")
        .append(cpus.lines().filter(line -> line.startsWith("processor")).count())
        .append(" cores; Linux ")
        .append(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip())
        .append("; ");
    programs.forEach(program -> text.append(program).append("; "));
    return text.append("commit ").append(commit()).toString();
  }

  /** How busy others keep the machine before this run loads it. */
  static String load() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    return "load average of the last minute, before the first round: " + load;
  }

  /** What the caller adds to our launcher's flags. */
  static String launcherOptions() {
    String options = System.getenv().getOrDefault("JAVA_OPTS", "");
    return "JAVA_OPTS of our launcher: " + (options.isEmpty() ? "none" : options);
  }

  /** What a program says first: with the right flag, its version. */
  String firstLine(String... command) throws IOException, InterruptedException {
    return children.run(MOST, List.of(command)).lines().findFirst().orElse("").strip();
  }

  /** It says its version with the status of an error. */
  String wrk() throws IOException, InterruptedException {
    return firstLine("sh", "-c", "wrk -v || true").replaceFirst(" \\[.*", "");
  }

  private String commit() throws InterruptedException {
    try {
      String changed = firstLine("git", "status", "--porcelain", "--untracked-files=no");
      return firstLine("git", "rev-parse", "--short", "HEAD")
          + (changed.isEmpty() ? "" : " with changes");
    } catch (IOException e) {
      // Sources without their history may be measured too.
      return "unknown";
    }
  }
}
