package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both ports. */
class TlsTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"api_requests\"}";
  private static final byte[] NEVER_WHOLE = {22, 3, 1, (byte) 0xff, (byte) 0xff, 1, 2, 3};
  private static final int PATIENCE_MILLIS = 20_000;

  @TempDir static Path folder;
  private static KeyPairFiles pair;
  private static KeyPairFiles other;
  private static TlsInForce tls;
  private static TestDoor door;

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getLevel().intValue() >= Level.INFO.intValue()) {
            logged.add(record.getLoggerName() + ": " + record.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void open() throws Exception {
    pair = KeyPairFiles.make(folder);
    other = KeyPairFiles.make(folder);
    tls = tls(Optional.empty());
    door = TestDoor.overTls(tls);
  }

  private static TlsInForce tls(Optional<Path> clientCa) {
    return TlsInForce.open(
        new TlsFiles(pair.certificate(), pair.key(), clientCa), _ -> {}, InstantSource.system());
  }

  @AfterAll
  static void close() {
    door.close();
    tls.close();
  }

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(handler);
  }

  @AfterEach
  void nothingWasLoggedAndOthersAreAnswered() throws Exception {
    Logger.getLogger("").removeHandler(handler);
    assertEquals(List.of(), logged);
    try (Client client = client()) {
      assertEquals(200, client.check(CHECK).status());
    }
  }

  private static SSLSocket socket(SSLContext context, int port, String... protocols)
      throws IOException {
    return over(new Socket(InetAddress.getLoopbackAddress(), port), context, protocols);
  }

  private static SSLSocket over(Socket plain, SSLContext context, String... protocols)
      throws IOException {
    plain.setSoTimeout(PATIENCE_MILLIS);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static Client client() throws Exception {
    return new Client(socket(pair.trusting(), door.door.httpPort()));
  }

  private static Client raw() throws IOException {
    return new Client(door.door.httpPort());
  }

  @Test
  void theClientChoosesBetweenHttp11AndHttp2() throws Exception {
    for (int port : List.of(door.door.httpPort(), door.door.adminPort())) {
      SSLSocket two = socket(pair.trusting(), port, "h2", "http/1.1");
      try (H2Client client = H2Client.over(two)) {
        assertEquals(200, client.get("/health").status());
        assertEquals("h2", two.getApplicationProtocol());
      }
      SSLSocket one = socket(pair.trusting(), port, "http/1.1");
      try (Client client = new Client(one)) {
        assertEquals(200, client.send(Client.request("GET", "/health", "")).read().status());
        assertEquals("http/1.1", one.getApplicationProtocol());
      }
      try (Client client = new Client(socket(pair.trusting(), port))) {
        assertEquals(200, client.send(Client.request("GET", "/health", "")).read().status());
      }
    }
    try (SSLSocket none = socket(pair.trusting(), door.door.httpPort(), "smtp")) {
      assertThrows(SSLException.class, none::startHandshake);
    }
  }

  @Test
  void bothVersionsOfTodayAreSpokenWithCiphersOfToday() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      SSLSocket socket = socket(pair.trusting(), door.door.httpPort(), "h2");
      socket.setEnabledProtocols(new String[] {version});
      try (H2Client client = H2Client.over(socket)) {
        assertEquals(200, client.post("/v1/check", CHECK).status());
        assertEquals(version, socket.getSession().getProtocol());
      }
    }
    try (SSLSocket old = socket(pair.trusting(), door.door.httpPort())) {
      old.setEnabledProtocols(new String[] {"TLSv1.2"});
      old.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
      assertThrows(SSLException.class, old::startHandshake);
    }
  }

  /** Nothing, or an alert; and the end. */
  private static void isSentAway(byte[]... parts) throws IOException {
    long before = door.door.connections().failedHandshakes();
    try (Client client = raw()) {
      for (byte[] part : parts) {
        client.send(part);
      }
      byte[] answer = client.readAll();
      assertTrue(answer.length <= 7, () -> "answered with " + answer.length + " bytes");
      if (answer.length > 0) {
        assertEquals(TlsWire.ALERT, answer[0]);
      }
    } catch (SocketException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
    }
    awaitFailures(door, before + 1);
  }

  /** They are counted when the connection is gone already. */
  private static void awaitFailures(TestDoor of, long count) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (of.door.connections().failedHandshakes() < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(count, of.door.connections().failedHandshakes());
  }

  @Test
  void whatIsNoTlsIsSentAway() throws IOException {
    isSentAway(TlsWire.ascii(Client.post("/v1/check", CHECK)));
    isSentAway(H2Wire.hello(), H2Wire.settings());
    isSentAway(TlsWire.ascii("hello hello hello hello\n"));
    byte[] garbage = new byte[20_000];
    new Random(1).nextBytes(garbage);
    isSentAway(garbage);
    isSentAway(new byte[100]);
    isSentAway(TlsWire.record(TlsWire.HANDSHAKE, garbage(16_000)));
    isSentAway(TlsWire.record(99, garbage(10)));
    isSentAway(TlsWire.record(TlsWire.ALERT, new byte[] {2, 40}));
  }

  private static byte[] garbage(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void versionsOfYesterdayAreSentAway() throws IOException {
    isSentAway(TlsWire.hello2());
    for (int version : List.of(0x0300, 0x0301, 0x0302)) {
      isSentAway(TlsWire.hello(version));
    }
  }

  @Test
  void aHandshakeThatIsCutEndsAtOnce() throws IOException {
    byte[] hello = TlsWire.hello(0x0303);
    long before = door.door.connections().failedHandshakes();
    for (int cut : List.of(0, 1, 4, 20, hello.length - 1)) {
      try (Client client = raw()) {
        client.send(Arrays.copyOf(hello, cut)).finishSending();
        assertEquals(0, client.readAll().length);
      }
    }
    awaitFailures(door, before + 5);
  }

  @Test
  void aHandshakeMayTake10Seconds() {
    for (byte[] begun : List.of(new byte[0], NEVER_WHOLE)) {
      EmbeddedChannel channel = new EmbeddedChannel();
      channel.freezeTime();
      try (Embedded parts = new Embedded()) {
        Handshake.await(channel, tls.context(), parts.door());
        channel.pipeline().fireChannelActive();
        if (begun.length > 0) {
          channel.writeInbound(Unpooled.wrappedBuffer(begun));
        }
        channel.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(channel.isOpen());
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
      } finally {
        channel.finishAndReleaseAll();
      }
    }
  }

  @Test
  void wrongBytesBehindAHandshakeEndTheConnection() throws Exception {
    for (String protocol : List.of("h2", "http/1.1")) {
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), door.door.httpPort());
      try (SSLSocket socket = over(plain, pair.trusting(), protocol)) {
        socket.startHandshake();
        plain.getOutputStream().write(TlsWire.record(23, garbage(100)));
        assertThrows(SSLException.class, () -> socket.getInputStream().readAllBytes());
      }
    }
  }

  @Test
  void aWholeRequestFollowedByAHalfCloseIsAnswered() throws Exception {
    for (boolean cut : List.of(false, true)) {
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), door.door.httpPort());
        SSLSocket socket = over(plain, pair.trusting());
        socket.setEnabledProtocols(new String[] {version});
        try (Client client = new Client(socket)) {
          client.send(Client.post("/v1/check", CHECK));
          if (cut) {
            plain.shutdownOutput();
          } else if (version.equals("TLSv1.3")) {
            socket.shutdownOutput();
          }
          assertEquals(200, client.read().status());
        }
      }
    }
  }

  @Test
  void aRefusalReachesAClientThatStillSends() throws Exception {
    try (Client client = client()) {
      client.send("POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n");
      client.send("x".repeat(100_000));
      Answer refusal = client.read();
      assertEquals(413, refusal.status());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void aWebPageIsRefusedOverTlsToo() throws Exception {
    try (Client client = client()) {
      assertEquals(403, client.check(CHECK, "Origin: https://evil.example").status());
      String foreign = Client.post("/v1/check", CHECK).replace("localhost", "evil.example");
      assertEquals(403, client.send(foreign).read().status());
      assertEquals(200, client.check(CHECK).status());
    }
  }

  @Test
  void callersMustShowACertificateOfTheClientCa() throws Exception {
    try (TlsInForce strict = tls(Optional.of(other.certificate()));
        TestDoor guarded = TestDoor.overTls(strict)) {
      for (int port : List.of(guarded.door.httpPort(), guarded.door.adminPort())) {
        for (SSLContext wrong : List.of(pair.trusting(), pair.trustingAs(pair))) {
          for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            SSLSocket socket = socket(wrong, port);
            socket.setEnabledProtocols(new String[] {version});
            try (Client client = new Client(socket)) {
              assertThrows(
                  IOException.class,
                  () -> client.send(Client.request("GET", "/health", "")).read());
            }
          }
        }
        try (Client client = new Client(socket(pair.trustingAs(other), port))) {
          assertEquals(200, client.send(Client.request("GET", "/health", "")).read().status());
        }
      }
      awaitFailures(guarded, 8);
    }
  }

  @Test
  void aNewPairIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
    Path certificate = folder.resolve("live.pem");
    Path key = folder.resolve("live-key.pem");
    pair.replace(certificate, key);
    try (TlsInForce live =
            TlsInForce.open(
                new TlsFiles(certificate, key, Optional.empty()), _ -> {}, InstantSource.system());
        TestDoor reloading = TestDoor.overTls(live);
        Client old = new Client(socket(pair.trusting(), reloading.door.httpPort()))) {
      assertEquals(200, old.check(CHECK).status());
      other.replace(certificate, key);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (live.state().reloads() == 0 && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      try (Client client = new Client(socket(other.trusting(), reloading.door.httpPort()))) {
        assertEquals(200, client.check(CHECK).status());
      }
      try (SSLSocket stale = socket(pair.trusting(), reloading.door.httpPort())) {
        assertThrows(SSLException.class, stale::startHandshake);
      }
      assertEquals(200, old.check(CHECK).status());
    }
  }

  @Test
  void aServerThatStopsAnswersWhatItHasAndLeavesNoHandshakeOpen() throws Exception {
    TestDoor stopping = TestDoor.overTls(tls);
    List<Client> clients = new ArrayList<>();
    clients.add(new Client(stopping.door.httpPort()));
    clients.add(new Client(stopping.door.httpPort()).send(new byte[] {22, 3}));
    clients.add(new Client(socket(pair.trusting(), stopping.door.httpPort())));
    assertEquals(200, clients.getLast().check(CHECK).status());
    stopping.close();
    for (Client client : clients) {
      assertTrue(client.atEnd());
      client.close();
    }
    assertEquals(0, stopping.door.connections().open());
  }
}
