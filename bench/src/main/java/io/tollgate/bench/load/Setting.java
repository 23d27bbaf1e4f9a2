package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a comparison runs in.
 *
 * @param plan how long and against whom
 * @param cores who runs where
 * @param children the processes that it starts
 * @param folder its own, gone with it
 */
record Setting(Plan plan, Cores cores, Children children, Path folder) {

  /** What is done in a setting. */
  interface Comparison {

    /** Measures and reports; says whether the run counts. */
    boolean run(Setting setting) throws IOException, InterruptedException;
  }

  /**
   * Runs a comparison as a program, whose arguments stand in {@link Plan}. Ends with 0 when it ran
   * to its end, whatever was reached; with 1 when the comparison says that it does not count; with
   * 2 when it could not begin.
   */
  static void run(String[] arguments, Comparison comparison)
      throws IOException, InterruptedException {
    Plan plan;
    Cores cores;
    try {
      plan = Plan.of(List.of(arguments));
      cores = Cores.ofThisProcess();
    } catch (IllegalArgumentException e) {
      System.err.println("tollgate: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("tollgate-bench");
    Children children = new Children(folder);
    Thread end =
        new Thread(() -> {
          children.close();
          remove(folder);
        });
    // Also when the run is interrupted from the keyboard.
    Runtime.getRuntime().addShutdownHook(end);
    Setting setting = new Setting(plan, cores, children, folder);
    setting.moveToGenerator();
    System.exit(comparison.run(setting) ? 0 : 1);
  }

  private void moveToGenerator() throws IOException, InterruptedException {
    long self = ProcessHandle.current().pid();
    children.run(
        Duration.ofSeconds(10),
        List.of("taskset", "-a", "-c", "-p", cores.generator(), Long.toString(self)));
  }

  /** Who begins changes from round to round. */
  static <T> List<T> turns(List<T> all, int round) {
    List<T> turns = new ArrayList<>(all);
    Collections.rotate(turns, -(round % turns.size()));
    return turns;
  }

  /** Says on stderr whose turn it is. */
  void progress(String name, int round) {
    System.err.printf(
        Locale.ROOT, "tollgate: round %d of %d, %s%n", round + 1, plan.rounds(), name);
  }

  /** Prints a report and leaves it in the plan's file. */
  void publish(String report) throws IOException {
    Files.createDirectories(plan.report().toAbsolutePath().getParent());
    Files.writeString(plan.report(), report);
    System.out.print(report);
    System.out.println("\nleft in " + plan.report());
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
    } catch (IOException e) {
      System.err.println("tollgate: left behind " + folder + ": " + e.getMessage());
    }
  }
}
