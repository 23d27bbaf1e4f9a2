package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that was started.
 *
 * @param port where it answers on 127.0.0.1
 * @param command how it was started
 * @param output the file with what it prints
 * @param begun of {@link System#nanoTime()}, just before it was started
 */
record Launched(
    Program program, Process process, int port, List<String> command, Path output, long begun) {

  /** A start that takes longer has failed. */
  private static final Duration MOST_START = Duration.ofSeconds(30);

  /** Between two tries to connect: a small part of any start, and little work for its core. */
  private static final long PAUSE_NANOS = 200_000;

  Launched {
    command = List.copyOf(command);
  }

  /** A command as one would type it. */
  static String text(List<String> command) {
    return String.join(" ", command.stream().map(word -> word.isEmpty() ? "''" : word).toList());
  }

  /** Whether it answers by now. */
  interface Look {
    boolean answers() throws IOException;
  }

  /**
   * Starts a program in a folder of its own.
   *
   * @param folder where its folder is made
   * @param cores where it may run, as {@code taskset -c} wants it
   */
  static Launched start(Program program, Path folder, String cores, Children children)
      throws IOException {
    Path own = Files.createTempDirectory(folder, program.name().replace(' ', '-'));
    int port = FreePort.find();
    List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
    command.addAll(program.command(own, port));
    Path output = own.resolve("output.txt");
    long begun = System.nanoTime();
    Process process = children.start(command, output);
    return new Launched(program, process, port, command, output, begun);
  }

  /**
   * Looks until it answers.
   *
   * @throws IOException when it ends, or does not answer within 30 seconds
   */
  void await(Look look) throws IOException {
    while (!look.answers()) {
      if (!process.isAlive()) {
        throw new IOException(program.name() + " has ended: " + Files.readString(output));
      }
      if (System.nanoTime() - begun > MOST_START.toNanos()) {
        throw new IOException(
            program.name()
                + " allowed no check in "
                + MOST_START
                + ": "
                + Files.readString(output));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Processor time of those of its processes that answer checks. */
  CpuTime cpuTime() throws IOException {
    List<Long> workers = program.workers(process.toHandle());
    if (workers.isEmpty()) {
      throw new IOException(program.name() + " has no worker");
    }
    return CpuTime.of(workers);
  }
}
