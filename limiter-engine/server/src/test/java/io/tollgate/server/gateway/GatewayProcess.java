package io.tollgate.server.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real gateway of Debian's that serves one configuration. */
final class GatewayProcess implements AutoCloseable {

  /** It starts in less than a second; a machine with other work is given this. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Gateways end at once; one that does not is killed. */
  private static final int END_SECONDS = 10;

  private final Process process;

  private GatewayProcess(Process process) {
    this.process = process;
  }

  /** A port of loopback that nobody has. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /**
   * Starts a command in a folder, which becomes its home, and waits until its port is open.
   *
   * @throws IOException when there is no such program; {@code make test} installs it
   */
  static GatewayProcess start(Path folder, int port, List<String> command) throws Exception {
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("HOME", folder.toString());
    GatewayProcess gateway = new GatewayProcess(builder.start());
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!isOpen(port)) {
      if (System.nanoTime() > end || !gateway.process.isAlive()) {
        gateway.close();
        throw new IllegalStateException(command + " does not listen: " + Files.readString(log));
      }
      Thread.onSpinWait();
    }
    return gateway;
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Ends it and the processes that it has started. */
  @Override
  public void close() {
    List<ProcessHandle> own = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    own.forEach(ProcessHandle::destroyForcibly);
  }
}
