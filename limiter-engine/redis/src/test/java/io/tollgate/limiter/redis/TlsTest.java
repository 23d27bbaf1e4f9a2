package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.Authority.Issued;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis over TLS: whom it is spoken with, and what is said of the others. */
class TlsTest {

  /** A connection may take 2 s; the rest is what a loaded machine needs. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(8);

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Authority authority;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Issued here;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Issued elsewhere;

  private final TestLoop loop = new TestLoop();

  @BeforeAll
  static void sign() throws Exception {
    authority = new Authority(folder);
    here = authority.issue("here", "-ext", "san=ip:127.0.0.1");
    elsewhere = authority.issue("elsewhere", "-ext", "san=dns:redis.example.org,ip:127.0.0.2");
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private void refuses(Entry entry, Optional<Refusal> refusal, String words) {
    long start = System.nanoTime();
    RedisStore.State state = loop.attempt(entry);
    long nanos = System.nanoTime() - start;
    assertTrue(nanos < MOST_NANOS, () -> nanos + " ns");
    assertTrue(state.degraded());
    String why = state.why();
    assertTrue(why.startsWith(entry.address() + ": " + words), why);
    assertEquals(refusal, state.refusal(), why);
  }

  @Test
  void aCertificateOfAnAuthorityThatIsTrustedIsGoodForEveryVerb() {
    try (RedisServer server = RedisServer.startTls(here);
        RedisStore store =
            loop.tryToOpen(
                Entry.to(server.port).tls(authority.certificate).address(),
                "",
                Duration.ofSeconds(10))) {
      assertFalse(store.state().degraded(), store.state().why());
      WholeLife.live(store);
    }
  }

  @Test
  void aCertificateOfSomebodyElsesIsRefused() {
    try (RedisServer server = RedisServer.startTls(here)) {
      refuses(
          Entry.to(server.port).tls(elsewhere.certificate()),
          Optional.of(Refusal.AUTHORITY),
          "its certificate is signed by nobody who is trusted");
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    try (RedisServer server = RedisServer.startTls(elsewhere)) {
      refuses(
          Entry.to(server.port).tls(authority.certificate),
          Optional.of(Refusal.HOST),
          "its certificate is for another host: ");
    }
  }

  @Test
  void aCertificateThatHasExpiredIsRefused() throws Exception {
    Issued old =
        authority.issue("old", "-ext", "san=ip:127.0.0.1", "-startdate", "-9d", "-validity", "1");
    try (RedisServer server = RedisServer.startTls(old)) {
      refuses(
          Entry.to(server.port).tls(authority.certificate),
          Optional.of(Refusal.CERTIFICATE),
          "its certificate is refused: NotAfter: ");
    }
  }

  @Test
  void aRedisThatAsksForACertificateIsNamed() {
    String[] asking = {
      "--tls-auth-clients", "yes", "--tls-ca-cert-file", authority.certificate.toString()
    };
    try (RedisServer server = RedisServer.startTls(here, asking)) {
      refuses(
          Entry.to(server.port).tls(authority.certificate),
          Optional.of(Refusal.CLIENT_CERTIFICATE),
          "it asks for a certificate of its clients");
    }
  }

  @Test
  void tlsToARedisWithoutItIsNamed() {
    for (String[] options : new String[][] {{}, {"--requirepass", "opensesame"}}) {
      try (RedisServer server = RedisServer.start(options)) {
        refuses(
            Entry.to(server.port).tls(authority.certificate),
            Optional.of(Refusal.TLS),
            "it speaks no TLS");
      }
    }
  }

  @Test
  void aRedisThatIsMuteToTlsMayAnswerYet() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
      refuses(
          Entry.to(mute.getLocalPort()).tls(authority.certificate),
          Optional.empty(),
          "does not answer to TLS");
    }
  }

  /** It ends the connection, as one does that restarts: the start does not stop for it. */
  @Test
  void plainTextToARedisThatSpeaksTlsIsNamed() {
    try (RedisServer server = RedisServer.startTls(here)) {
      RedisStore.State state = loop.attempt(Entry.to(server.port));
      assertTrue(state.why().endsWith(", before it answered; it may speak TLS only"), state.why());
      assertEquals(Optional.empty(), state.refusal());
    }
  }
}
