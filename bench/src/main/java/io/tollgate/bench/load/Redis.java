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

/**
 * A redis-server of this run, or a Cluster of them, which keeps nothing on disk. Not safe for
 * several threads.
 */
final class Redis implements AutoCloseable {

  /** A start, or an answer, that takes longer has failed. */
  private static final Duration MOST = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 10_000_000;

  /** A server of a Cluster listens 10,000 above its port too, where clients have no ports yet. */
  private static final int MOST_CLUSTER_PORT = 22_767;

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

    /** What two have done. */
    Done and(Done other) {
      return new Done(micros + other.micros, calls + other.calls, expired + other.expired);
    }

    /** What has been done since an earlier reading. */
    Done since(Done earlier) {
      return new Done(micros - earlier.micros, calls - earlier.calls, expired - earlier.expired);
    }
  }

  private record Started(Process process, int port, String command) {}

  private final Children children;
  private final List<Started> servers;

  private Redis(Children children, List<Started> servers) {
    this.children = children;
    this.servers = servers;
  }

  /**
   * Starts one, or a Cluster of several masters, each in a folder of its own; returns when they
   * answer.
   *
   * @param folder where the folders are made
   * @param cores where they may run, as {@code taskset -c} wants it
   */
  static Redis start(int count, Path folder, String cores, Children children)
      throws IOException, InterruptedException {
    List<Started> servers = new ArrayList<>();
    Redis redis = new Redis(children, servers);
    try {
      for (int i = 0; i < count; i++) {
        servers.add(redis.start(folder, cores, count > 1));
      }
      if (count > 1) {
        redis.join();
      }
      return redis;
    } catch (IOException | RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  private Started start(Path folder, String cores, boolean cluster)
      throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, "redis");
    int port = FreePort.find();
    while (cluster && port > MOST_CLUSTER_PORT) {
      port = FreePort.find();
    }
    List<String> command = new ArrayList<>(List.of("taskset", "-c", cores));
    command.addAll(command(own, port, cluster));
    Path output = own.resolve("output.txt");
    Started server = new Started(children.start(command, output), port, Launched.text(command));
    await(
        () -> answers(server),
        () -> "redis-server does not answer: " + Files.readString(output),
        server);
    return server;
  }

  /** How one is started that keeps nothing on disk. */
  static List<String> command(Path folder, int port, boolean cluster) {
    List<String> command = new ArrayList<>(List.of("redis-server"));
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", folder.toString()));
    command.addAll(List.of("--cluster-enabled", cluster ? "yes" : "no"));
    return command;
  }

  /** A condition, or an explanation, that needs the machine. */
  private interface Look<T> {
    T look() throws IOException, InterruptedException;
  }

  private void await(Look<Boolean> condition, Look<String> otherwise, Started server)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + MOST.toNanos();
    while (!condition.look()) {
      if (!server.process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException(otherwise.look());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Makes a Cluster of them, each with an equal part of the slots. */
  private void join() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    servers.forEach(server -> command.add("127.0.0.1:" + server.port));
    command.add("--cluster-yes");
    children.run(MOST, command);
    for (Started server : servers) {
      await(
          () -> ask(server, "CLUSTER", "INFO").contains("cluster_state:ok"),
          () -> "the Cluster does not serve: " + ask(server, "CLUSTER", "INFO"),
          server);
    }
  }

  private boolean answers(Started server) throws InterruptedException {
    try {
      return ask(server, "PING").equals("PONG");
    } catch (IOException e) {
      // It does not listen yet.
      return false;
    }
  }

  /** Where the first one listens on 127.0.0.1. */
  int port() {
    return servers.getFirst().port;
  }

  /** How the first one was started. */
  String command() {
    return servers.getFirst().command;
  }

  /** The process of the first one. */
  long pid() {
    return servers.getFirst().process.pid();
  }

  /** What all of them have done since their start. */
  Done done() throws IOException, InterruptedException {
    Done sum = new Done(0, 0, 0);
    for (Started server : servers) {
      CpuTime used = CpuTime.of(List.of(server.process.pid()));
      sum = sum.and(done(ask(server, "INFO", "everything"), used));
    }
    return sum;
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

  /** Keys that they hold, those whose time is over and that nobody has looked at since too. */
  long keys() throws IOException, InterruptedException {
    long keys = 0;
    for (Started server : servers) {
      keys += Long.parseLong(ask(server, "DBSIZE"));
    }
    return keys;
  }

  private String ask(Started server, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(server.port)));
    command.addAll(List.of(words));
    return children.run(MOST, command).strip();
  }

  @Override
  public void close() {
    servers.forEach(server -> children.end(server.process));
  }
}
