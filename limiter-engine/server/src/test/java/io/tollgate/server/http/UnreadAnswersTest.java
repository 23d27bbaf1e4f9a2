package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that does not read its answers. */
class UnreadAnswersTest {

  private static final byte[] REQUEST =
      Client.post("/nothing-here", "").getBytes(StandardCharsets.US_ASCII);

  /** Far more than the systems' own buffers between two ends of a loopback connection. */
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  /** More than can be asked here. */
  private static final long UNITS = 1_000_000_000;

  private static final int STUCK_MILLIS = 1_500;

  @Test
  void isNotReadFromUntilItReadsAgain() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client other = door.client();
        SocketChannel client = connect(door.door.httpPort())) {
      long sent = sendUntilStuck(client, REQUEST);
      assertTrue(sent < MOST_BYTES, "the server never stopped reading");
      assertEquals(200, other.send(Client.request("GET", "/health", "")).read().status());
      assertEquals(sent / REQUEST.length, countAnswers(client, sent / REQUEST.length));
    }
  }

  @Test
  @SuppressWarnings("try") // Closing early ends the thread that sends.
  void areReadToTheLastWhenTheServerStops() throws Exception {
    byte[] check =
        Client.post("/v1/check", "{\"identifier\":\"u\",\"namespace\":\"n\"}")
            .getBytes(StandardCharsets.US_ASCII);
    try (TestDoor door = TestDoor.over(NamespaceSpec.of("n", List.of(TestDoor.perMinute(UNITS))));
        SocketChannel client = connect(door.door.httpPort())) {
      long sent = sendUntilStuck(client, check);
      assertTrue(sent < MOST_BYTES, "the server never stopped reading");
      Thread more =
          Thread.ofPlatform()
              .start(() -> sendUntilClosed(client, check, (int) (sent % check.length)));
      Thread stop = Thread.ofPlatform().start(door.door::close);
      long answers = countAnswers(client, Long.MAX_VALUE);
      client.close();
      more.join();
      stop.join();
      assertEquals(UNITS - door.remaining("n", "u"), answers);
    }
  }

  /** Sends on from within a request. */
  private static void sendUntilClosed(SocketChannel client, byte[] request, int from) {
    try {
      client.write(ByteBuffer.wrap(request, from, request.length - from));
      while (client.isOpen()) {
        client.write(ByteBuffer.wrap(request));
      }
    } catch (IOException _) {
      // The server has closed, or this test has.
    }
  }

  private static SocketChannel connect(int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private static long sendUntilStuck(SocketChannel client, byte[] request) throws IOException {
    client.configureBlocking(false);
    ByteBuffer requests = ByteBuffer.allocate(request.length * 1_000);
    while (requests.hasRemaining()) {
      requests.put(request);
    }
    requests.flip();
    long sent = 0;
    try (Selector selector = Selector.open()) {
      SelectionKey key = client.register(selector, SelectionKey.OP_WRITE);
      while (sent < MOST_BYTES && selector.select(STUCK_MILLIS) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(requests);
        if (!requests.hasRemaining()) {
          requests.rewind();
        }
      }
      key.cancel();
    }
    client.configureBlocking(true);
    return sent;
  }

  private static long countAnswers(SocketChannel client, long expected) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(1024 * 1024);
    long found = 0;
    boolean capital = false;
    client.socket().setSoTimeout(20_000);
    while (found < expected && client.read(in.clear()) >= 0) {
      in.flip();
      while (in.hasRemaining()) {
        // Only the status line has a capital P before a slash.
        byte b = in.get();
        found += capital && b == '/' ? 1 : 0;
        capital = b == 'P';
      }
    }
    return found;
  }
}
