package io.tollgate.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Finds ports that nobody listens on, below those that the system gives to clients.
 *
 * <p>Among the clients' ports a client that polls for a server could be given the very port, and
 * connect to itself.
 */
final class FreePort {

  private static final int LEAST = 10_000;

  /** Where the clients' ports leave no room below, for example from 1024 on. */
  private static final int WITHOUT_ROOM = 32_768;

  private static final int TRIES = 100;

  private static final SplittableRandom RANDOM = new SplittableRandom();

  private FreePort() {}

  /**
   * A port that was free a moment ago.
   *
   * @throws IOException when none was found in 100 tries
   */
  static synchronized int find() throws IOException {
    String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
    int clients = Integer.parseInt(range.strip().split("\\s+", 2)[0]);
    int end = clients > LEAST + TRIES ? clients : WITHOUT_ROOM;
    for (int i = 0; i < TRIES; i++) {
      int port = RANDOM.nextInt(LEAST, end);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: the next try takes another.
      }
    }
    throw new IOException("no free port between " + LEAST + " and " + end);
  }
}
