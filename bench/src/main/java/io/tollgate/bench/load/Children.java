package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The processes that this run has started; those that still run are ended when it is closed.
 *
 * <p>Safe for use by any number of threads: the one that ends the program closes it.
 */
final class Children implements AutoCloseable {

  /** All peers end within a second of being asked; after this they are killed. */
  private static final int PATIENCE_SECONDS = 10;

  /** What a child sees of our environment; a setting of the caller's shell changes no server. */
  private static final Set<String> ENVIRONMENT = Set.of("PATH", "JAVA_HOME", "JAVA_OPTS", "LC_ALL");

  private final Path folder;
  private final List<Process> running = new ArrayList<>();
  private boolean closed;
  private int outputs;

  /** Keeps what children print in a folder. */
  Children(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a process that runs until it is ended.
   *
   * @param output gets both of its streams
   * @throws IOException when it cannot be started
   */
  synchronized Process start(List<String> command, Path output) throws IOException {
    if (closed) {
      throw new IOException("not started, since this run ends: " + command);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().retainAll(ENVIRONMENT);
    Process process = builder.start();
    running.add(process);
    return process;
  }

  /**
   * Runs a command to its end.
   *
   * @return what it has printed on both streams
   * @throws IOException when it fails or takes longer
   */
  String run(Duration most, List<String> command) throws IOException, InterruptedException {
    Path output = newOutput();
    Process process = start(command, output);
    boolean ended = process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      end(process);
    }
    forget(process);
    String text = Files.readString(output);
    if (!ended || process.exitValue() != 0) {
      throw new IOException(
          (ended ? "failed with " + process.exitValue() : "took longer than " + most)
              + ": "
              + String.join(" ", command)
              + "\n"
              + text);
    }
    return text;
  }

  /** A file of its own for what one child prints. */
  synchronized Path newOutput() {
    return folder.resolve("output-" + outputs++ + ".txt");
  }

  private synchronized void forget(Process process) {
    running.remove(process);
  }

  /** Ends a process and its children: first asks, then kills; returns when it is gone. */
  void end(Process process) {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    forget(process);
  }

  /** Ends those that still run and lets no other start. */
  @Override
  public void close() {
    List<Process> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(running);
    }
    left.forEach(this::end);
  }
}
