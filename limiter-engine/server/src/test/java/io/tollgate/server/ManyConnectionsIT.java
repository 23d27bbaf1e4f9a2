package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.check;
import static io.tollgate.server.TollgateProcess.port;
import static io.tollgate.server.TollgateProcess.readiness;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program with very many connections that do nothing. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ManyConnectionsIT {

  private static final int CONNECTIONS = 10_000;

  /** What either end needs beside connections: libraries, pipes, the other tests' files. */
  private static final int OTHER_FILES = 1_000;

  private static final Pattern HARD_LIMIT = Pattern.compile("Max open files +\\S+ +(\\S+)");

  /** Four times what was seen; a buffer that is kept for each would go beyond. */
  private static final long MOST_KIBIBYTES_EACH = 16;

  @TempDir Path folder;

  private TollgateProcess serve(int most) throws IOException {
    return TollgateProcess.startShipped(
        folder,
        Map.of(
            "TOLLGATE_HTTP_PORT", "0",
            "TOLLGATE_ADMIN_PORT", "0",
            "TOLLGATE_MAX_CONNECTIONS", String.valueOf(most)),
        "serve");
  }

  @Test
  void tenThousandIdleConnectionsLeaveRoomForChecks() throws Exception {
    requireFiles();
    List<SocketChannel> idle = new ArrayList<>();
    try (TollgateProcess tollgate = serve(2 * CONNECTIONS)) {
      int port = port(tollgate.line(), "http");
      assertEquals(200, check(port, "api_requests").statusCode());
      long before = residentKibibytes(tollgate.pid());
      long start = System.nanoTime();
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(connect(port));
      }
      // The connections are accepted in order, by one loop of the server: behind all others.
      assertEquals(200, check(port, "api_requests").statusCode());
      long millis = (System.nanoTime() - start) / 1_000_000;
      long after = residentKibibytes(tollgate.pid());
      System.out.println(
          CONNECTIONS
              + " idle connections in "
              + millis
              + " ms; resident KiB: "
              + before
              + " before, "
              + after
              + " with them, bytes each: "
              + (after - before) * 1_024 / CONNECTIONS);
      assertTrue(after - before < MOST_KIBIBYTES_EACH * CONNECTIONS, before + " to " + after);
      for (int i = 0; i < 10; i++) {
        assertEquals(200, check(port, "api_requests").statusCode());
      }
      // Idle is not gone: the first and the last are still answered.
      assertEquals("HTTP/1.1 200", health(idle.getFirst()));
      assertEquals("HTTP/1.1 200", health(idle.getLast()));
    } finally {
      for (SocketChannel channel : idle) {
        channel.close();
      }
    }
  }

  @Test
  void beyondTheBoundConnectionsAreClosedAndTheOperatorIsAnswered() throws Exception {
    List<SocketChannel> open = new ArrayList<>();
    try (TollgateProcess tollgate = serve(50)) {
      String listening = tollgate.line();
      for (int i = 0; i < 50; i++) {
        open.add(connect(port(listening, "http")));
        assertEquals("HTTP/1.1 200", health(open.getLast()));
      }
      try (SocketChannel tooMany = connect(port(listening, "http"))) {
        assertEquals(-1, tooMany.read(ByteBuffer.allocate(1)));
      }
      assertEquals(200, readiness(port(listening, "admin")));
      assertEquals("HTTP/1.1 200", health(open.getFirst()));
    } finally {
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }

  private static SocketChannel connect(int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static String health(SocketChannel channel) throws IOException {
    channel.write(
        ByteBuffer.wrap(
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    ByteBuffer answer = ByteBuffer.allocate(4_096);
    while (answer.position() < "HTTP/1.1 200".length() && channel.read(answer) >= 0) {}
    return new String(answer.array(), 0, "HTTP/1.1 200".length(), StandardCharsets.US_ASCII);
  }

  /** The JVMs of both ends raise their own limit as far as the system lets them. */
  private static void requireFiles() throws IOException {
    Matcher files = HARD_LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")));
    assertTrue(files.find(), "the system does not say how many files a process may open");
    String hard = files.group(1);
    assertTrue(
        hard.equals("unlimited") || Long.parseLong(hard) >= CONNECTIONS + OTHER_FILES,
        "a process may open "
            + hard
            + " files only; raise the hard limit to "
            + (CONNECTIONS + OTHER_FILES)
            + " (ulimit -Hn)");
  }

  private static long residentKibibytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
