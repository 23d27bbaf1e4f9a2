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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A redis-server of Debian's package on a free port, which keeps nothing on disk, and which a test
 * may stop, pause and talk to.
 */
public final class RedisServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Process process;
  private final Path folder;
  private final String[] options;

  /** Where it listens, on 127.0.0.1. */
  public final int port;

  private RedisServer(Process process, Path folder, int port, String... options) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.options = options;
  }

  /** Starts a server, and returns when it accepts connections. */
  public static RedisServer start(String... options) {
    return start(Map.of(), options);
  }

  /** As {@link #start(String...)}, with more in its environment. */
  public static RedisServer start(Map<String, String> environment, String... options) {
    try {
      return start(environment, freePort(), options);
    } catch (IOException e) {
      throw new UncheckedIOException("there is no free port", e);
    }
  }

  private static RedisServer start(Map<String, String> environment, int port, String... options) {
    try {
      Path folder = Files.createTempDirectory("tollgate-redis");
      List<String> command = new ArrayList<>();
      command.addAll(List.of("redis-server", "--port", Integer.toString(port)));
      command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
      command.addAll(List.of(options));
      Path log = folder.resolve("log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(log.toFile()).start();
      RedisServer server = new RedisServer(process, folder, port, options);
      server.await(log);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server does not start; install redis-server", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
    return start(Map.of(), port, options);
  }

  /** Ends it as an operator does. */
  void stop() throws IOException, InterruptedException {
    var _ = tell("SHUTDOWN NOSAVE");
    process.waitFor();
    close();
  }

  /** Lets it do nothing until it is resumed; its connections stay. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    List<String> command = List.of("sh", "-c", "kill -" + name + " " + process.pid());
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException("the process " + process.pid() + " takes no signal");
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

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(folder.resolve("log"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
