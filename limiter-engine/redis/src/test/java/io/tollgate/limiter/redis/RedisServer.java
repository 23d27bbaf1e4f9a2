package io.tollgate.limiter.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A redis-server on a free port, which keeps nothing on disk, and which a test may stop, pause and
 * talk to.
 */
public final class RedisServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MOST_PORT = 65_535;
  private static final int MOST_TRIES = 100;

  /** So far above its port a server of a Cluster talks to the others. */
  static final int BUS = 10_000;

  private final Process process;
  private final Path folder;

  /** Where it listens, on 127.0.0.1. */
  public final int port;

  private final Map<String, String> environment;
  private final Command command;

  private RedisServer(
      Process process, Path folder, int port, Map<String, String> environment, Command command) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.environment = environment;
    this.command = command;
  }

  /** Starts a server, and returns when it accepts connections. */
  public static RedisServer start(String... options) {
    return start(RedisVersion.INSTALLED, Map.of(), options);
  }

  /** As {@link #start(String...)}, of any version and with more in its environment. */
  static RedisServer start(
      RedisVersion version, Map<String, String> environment, String... options) {
    return launch(
        environment,
        (folder, port) -> command(version, folder, List.of("--port", port), List.of(options)));
  }

  /** One with options that depend on its port. */
  static RedisServer start(
      RedisVersion version, Map<String, String> environment, IntFunction<List<String>> options) {
    return launch(
        environment,
        (folder, port) ->
            command(
                version, folder, List.of("--port", port), options.apply(Integer.parseInt(port))));
  }

  /** One that speaks TLS only. */
  public static RedisServer startTls(Authority.Issued pair, String... options) {
    return launch(
        Map.of(),
        (folder, port) -> {
          List<String> all = new ArrayList<>(pair.options());
          all.addAll(List.of(options));
          List<String> ports = List.of("--port", "0", "--tls-port", port);
          return command(RedisVersion.INSTALLED, folder, ports, all);
        });
  }

  /** A Sentinel with these lines in its file. */
  static RedisServer startSentinel(List<String> lines) {
    return launchSentinel("port ", lines);
  }

  /** One that speaks TLS only. */
  static RedisServer startTlsSentinel(Authority.Issued pair, List<String> lines) {
    List<String> all = new ArrayList<>(List.of("port 0"));
    List<String> options = pair.options();
    for (int i = 0; i < options.size(); i += 2) {
      all.add(options.get(i).replace("--", "") + " " + options.get(i + 1));
    }
    all.addAll(lines);
    return launchSentinel("tls-port ", all);
  }

  private static RedisServer launchSentinel(String kind, List<String> lines) {
    return launch(
        Map.of(),
        (folder, port) -> {
          List<String> all = new ArrayList<>(List.of(kind + port, "bind 127.0.0.1"));
          all.add("dir " + folder);
          all.addAll(lines);
          Path file = Files.write(folder.resolve("sentinel.conf"), all);
          return List.of(RedisVersion.INSTALLED.program(), file.toString(), "--sentinel");
        });
  }

  private static List<String> command(
      RedisVersion version, Path folder, List<String> ports, List<String> options) {
    List<String> command = new ArrayList<>(List.of(version.program()));
    command.addAll(ports);
    command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
    command.addAll(options);
    return command;
  }

  private interface Command {
    List<String> of(Path folder, String port) throws IOException;
  }

  private static RedisServer launch(Map<String, String> environment, Command command) {
    try {
      return launch(environment, command, freePort());
    } catch (IOException e) {
      throw new UncheckedIOException("there is no free port", e);
    }
  }

  private static RedisServer launch(Map<String, String> environment, Command command, int port) {
    try {
      Path folder = Files.createTempDirectory("tollgate-redis");
      Path log = folder.resolve("log");
      ProcessBuilder builder =
          new ProcessBuilder(command.of(folder, Integer.toString(port))).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(log.toFile()).start();
      RedisServer server = new RedisServer(process, folder, port, environment, command);
      server.await(log);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server does not start; install redis-server", e);
    }
  }

  /** One that a server of a Cluster can have: it listens 10,000 above it too. */
  private static int freePort() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    for (int i = 0; i < MOST_TRIES; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, here)) {
        int port = socket.getLocalPort();
        if (port <= MOST_PORT - BUS && isFree(port + BUS, here)) {
          return port;
        }
      }
    }
    throw new IOException("none of " + MOST_TRIES + " ports was free");
  }

  private static boolean isFree(int port, InetAddress here) {
    try (ServerSocket _ = new ServerSocket(port, 1, here)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private void await(Path log) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException _) {
        Thread.onSpinWait();
      }
    }
    process.destroyForcibly();
    throw new IOException("redis-server did not listen: " + Files.readString(log));
  }

  /** One that is empty, on the same port, after this one has ended. */
  public RedisServer again() {
    return launch(environment, command, port);
  }

  /** Ends it as an operator does. */
  void stop() throws IOException, InterruptedException {
    var _ = tell("SHUTDOWN NOSAVE");
    process.waitFor();
    close();
  }

  /** Lets it do nothing until it is resumed; its connections stay. */
  void pause() {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " has failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Gives it commands on a connection of their own.
   *
   * @return the first line of its last answer; empty when it ends instead
   */
  String tell(String... commands) throws IOException {
    String answer = "";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        answer = Objects.requireNonNullElse(in.readLine(), "");
        if (answer.startsWith("-")) {
          throw new IOException(command + " was answered " + answer);
        }
      }
    }
    return answer;
  }

  /** Ends it as a crash does. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      deleteFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** With what a Sentinel was about to write; nothing where it is gone already. */
  private void deleteFolder() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
