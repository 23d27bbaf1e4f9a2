package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A redis-server of Debian's package on a free port, which keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Process process;
  private final Path folder;

  /** Where it listens, on 127.0.0.1. */
  public final int port;

  private RedisServer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Starts a server, and returns when it accepts connections. */
  public static RedisServer start(String... options) {
    return start(Map.of(), options);
  }

  /** As {@link #start(String...)}, with more in its environment. */
  public static RedisServer start(Map<String, String> environment, String... options) {
    try {
      Path folder = Files.createTempDirectory("tollgate-redis");
      int port = freePort();
      List<String> command = new ArrayList<>();
      command.addAll(List.of("redis-server", "--port", Integer.toString(port)));
      command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
      command.addAll(List.of(options));
      Path log = folder.resolve("log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.redirectOutput(log.toFile()).start();
      RedisServer server = new RedisServer(process, folder, port);
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
