package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A redis-server of this run, which keeps nothing on disk. Not safe for several threads. */
final class Redis implements AutoCloseable {

  /** A start, or an answer, that takes longer has failed. */
  private static final Duration MOST = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 10_000_000;

  private static final Pattern CALLS =
      Pattern.compile("^cmdstat_evalsha:calls=(\\d+),", Pattern.MULTILINE);

  private static final Pattern EXPIRED =
      Pattern.compile("^expired_keys:(\\d+)\\s*$", Pattern.MULTILINE);

  /**
   * What it has done.
   *
   * @param micros of processor time
   * @param calls of scripts by their names
   * @param expired keys
   */
  record Done(long micros, long calls, long expired) {

    /** What has been done since an earlier reading. */
    Done since(Done earlier) {
      return new Done(micros - earlier.micros, calls - earlier.calls, expired - earlier.expired);
    }
  }

  private final Children children;
  private final Process process;
  private final int port;

  private Redis(Children children, Process process, int port) {
    this.children = children;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one in a folder of its own, and returns when it answers.
   *
   * @param folder where its folder is made
   * @param cores where it may run, as {@code taskset -c} wants it
   */
  static Redis start(Path folder, String cores, Children children)
      throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, "redis");
    int port = FreePort.find();
    List<String> command = new ArrayList<>(List.of("taskset", "-c", cores, "redis-server"));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", own.toString()));
    Path output = own.resolve("output.txt");
    Process process = children.start(command, output);
    Redis redis = new Redis(children, process, port);
    long end = System.nanoTime() + MOST.toNanos();
    while (!redis.answers()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        redis.close();
        throw new IOException("redis-server does not answer: " + Files.readString(output));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return redis;
  }

  private boolean answers() throws InterruptedException {
    try {
      return ask("PING").equals("PONG");
    } catch (IOException e) {
      // It does not listen yet.
      return false;
    }
  }

  /** Where it listens on 127.0.0.1. */
  int port() {
    return port;
  }

  /** Its process. */
  long pid() {
    return process.pid();
  }

  /** What it has done since its start. */
  Done done() throws IOException, InterruptedException {
    return done(ask("INFO", "everything"), CpuTime.of(List.of(process.pid())));
  }

  /**
   * Reads the text of {@code INFO everything}; no call yet is 0 calls.
   *
   * @throws IllegalArgumentException when the expired keys are missing
   */
  static Done done(String info, CpuTime used) {
    Matcher expired = EXPIRED.matcher(info);
    if (!expired.find()) {
      throw new IllegalArgumentException("no expired_keys in: " + info);
    }
    Matcher calls = CALLS.matcher(info);
    return new Done(
        used.micros(),
        calls.find() ? Long.parseLong(calls.group(1)) : 0,
        Long.parseLong(expired.group(1)));
  }

  /** Keys that it holds, those whose time is over and that nobody has looked at since too. */
  long keys() throws IOException, InterruptedException {
    return Long.parseLong(ask("DBSIZE"));
  }

  private String ask(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
    command.addAll(List.of(words));
    return children.run(MOST, command).strip();
  }

  @Override
  public void close() {
    children.end(process);
  }
}
