package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No path through the door leaks a buffer, as Netty's own detector sees it at its strictest. */
class LeakTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
  private static final int MOST_COLLECTIONS = 200;

  @TempDir static Path folder;

  @Test
  void noPathLeaksABuffer() throws Exception {
    assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
    overSockets();
    embedded();
    overHttp2();
    overTls();
    loseOne();
    // Every leak before the lost buffer is reported with it: references are found in one sweep.
    for (int i = 0; i < MOST_COLLECTIONS && ours().isEmpty(); i++) {
      System.gc();
      // The detector reports when the next buffer is made.
      ByteBufAllocator.DEFAULT.buffer(1).release();
    }
    List<String> leaks = ours();
    assertFalse(leaks.isEmpty(), "the buffer that was lost on purpose was not found");
    assertTrue(leaks.stream().allMatch(l -> l.contains("loseOne")), () -> String.join("\n", leaks));
  }

  /**
   * Lettuce keeps what it has read of an answer when its connection ends; other tests have some.
   */
  private static List<String> ours() {
    return CountingLeakDetector.leaks().stream()
        .filter(leak -> !leak.contains("io.lettuce.core"))
        .toList();
  }

  private static void loseOne() {
    ByteBufAllocator.DEFAULT.buffer(1).writeByte(1);
  }

  private static void overSockets() throws IOException {
    String chunked =
        "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    List<String> paths =
        List.of(
            Client.post("/v1/check", CHECK),
            Client.post("/v1/check:explain", CHECK),
            Client.post("/v1/check:batch", "{\"checks\":[" + CHECK + "]}"),
            Client.post("/v1/check", "{"),
            Client.post("/nothing", CHECK),
            Client.post("/v1/check", "x".repeat(70_000)),
            Client.request("OPTIONS", "/v1/check", CHECK),
            Client.request("GET", "/health", CHECK),
            chunked + "2\r\n{}\r\n0\r\n\r\n",
            chunked + "2\r\n{}\r\nzz\r\n",
            "nonsense\r\n\r\n",
            "GET /health HTTP/1.0\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");
    try (TestDoor door = TestDoor.usual()) {
      for (String path : paths) {
        try (Client client = door.client()) {
          assertTrue(client.send(path).read().status() >= 200);
        }
      }
      for (String path : paths) {
        // Cut in the middle, and left without reading.
        try (Client client = door.client()) {
          client.send(path.substring(0, path.length() - path.length() / 10));
        }
        try (Client client = door.client()) {
          client.send(path.repeat(20));
        }
      }
    }
  }

  private static void overHttp2() throws IOException {
    try (TestDoor door = TestDoor.usual()) {
      for (boolean cut : new boolean[] {false, true}) {
        try (H2Client client = H2Client.to(door.door.httpPort())) {
          client.send(client.wire.headers(1, false, H2Wire.head("POST", "/v1/check")));
          client.send(H2Wire.data(1, false, "{"), H2Wire.reset(1));
          client.send(client.wire.headers(3, false, H2Wire.head("POST", "/v1/check")));
          client.send(H2Wire.data(3, false, "x".repeat(16_000)), H2Wire.data(3, true, "{"));
          client.send(client.wire.headers(5, false, H2Wire.head("POST", "/v1/check")));
          client.send(H2Wire.data(5, false, "{"), client.wire.get(7, "/health"));
          if (!cut) {
            assertTrue(client.answer(3).status() + client.answer(7).status() == 600);
          }
        }
      }
    }
    try (H2Embedded connection = H2Embedded.greeted(H2Wire.INITIAL_WINDOW_SIZE, 3)) {
      connection.check(1).check(3).send(connection.wire.get(5, "/health"));
      connection.answer(1);
      connection.send(H2Wire.reset(3), H2Wire.data(7, true, "{"));
      connection.frames();
      connection.answer(0);
      assertFalse(connection.open());
    }
    try (H2Embedded connection = H2Embedded.greeted()) {
      connection.send(connection.wire.headers(1, false, H2Wire.head("POST", "/v1/check")));
      connection.send(H2Wire.data(1, false, "{"));
      connection.pass(60_000);
      connection.frames();
    }
  }

  private static void overTls() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    TlsFiles files = new TlsFiles(pair.certificate(), pair.key(), Optional.empty());
    try (TlsInForce tls = TlsInForce.open(files, _ -> {}, InstantSource.system());
        TestDoor door = TestDoor.overTls(tls)) {
      for (byte[] wrong : List.of(TlsWire.hello(0x0301), TlsWire.hello2(), new byte[] {22, 3, 1})) {
        try (Client client = new Client(door.door.httpPort())) {
          client.send(wrong).finishSending();
          assertTrue(client.readAll().length < 8);
        }
      }
      for (int cut : List.of(10, 1_000)) {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), door.door.httpPort());
        try (Socket socket =
            pair.trusting().getSocketFactory().createSocket(plain, "localhost", 1, true)) {
          Client client = new Client(socket).send(Client.request("GET", "/health", ""));
          assertEquals(200, client.read().status());
          client.send(Client.post("/v1/check", "x".repeat(cut * 2)).substring(0, cut));
          plain.getOutputStream().write(TlsWire.record(23, new byte[cut]));
          plain.shutdownOutput();
        }
      }
    }
  }

  private static void embedded() {
    try (Embedded connection = new Embedded()) {
      connection.sendAndHaveMore(Embedded.health("a"));
      connection.leave();
      assertFalse(connection.open());
    }
    try (Embedded connection = new Embedded()) {
      connection.send(Embedded.check("a") + Embedded.check("b") + Embedded.health("c"));
      connection.answer(1);
      connection.leave();
      connection.answer(0);
    }
    try (Embedded connection = new Embedded()) {
      connection.send("POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{");
      connection.pass(30_000);
      assertFalse(connection.open());
      connection.sent();
    }
  }
}
