package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.tls.TlsFiles;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS and certificates of clients, over real sockets. */
@Timeout(60)
class GrpcTlsTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  api:",
    "    limits: [{name: all, algorithm: fixed_window, limit: 5, period: 1h}]",
  };

  private static final CheckRequest ASKED = TestGrpc.asked("user", "api", 0);

  @TempDir private Path folder;

  private static TlsInForce tls(KeyPairFiles pair, Optional<Path> clientCa) {
    return TlsInForce.open(
        new TlsFiles(pair.certificate(), pair.key(), clientCa), _ -> {}, InstantSource.system());
  }

  private static boolean isAnswered(ManagedChannel by) throws InterruptedException {
    try {
      return TestGrpc.call(by, LimiterMethods.CHECK, ASKED).getAllowed();
    } finally {
      assertTrue(by.shutdownNow().awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void checksAreAnsweredOverTlsAndNotWithoutIt() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    try (TlsInForce tls = tls(pair, Optional.empty());
        TestGrpc server = new TestGrpc(TestGrpc.With.tls(tls), LIMITS)) {
      assertTrue(
          isAnswered(server.channel(with -> with.trustManager(pair.certificate().toFile()))));
      assertUnavailable(server.channel());
    }
  }

  @Test
  void whoMustShowACertificateAndHasNoneIsRefused() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    KeyPairFiles caller = KeyPairFiles.make(folder);
    try (TlsInForce tls = tls(pair, Optional.of(caller.certificate()));
        TestGrpc server = new TestGrpc(TestGrpc.With.tls(tls), LIMITS)) {
      assertTrue(
          isAnswered(
              server.channel(with ->
                  with.trustManager(pair.certificate().toFile())
                      .keyManager(caller.certificate().toFile(), caller.key().toFile()))));
      assertUnavailable(server.channel(with -> with.trustManager(pair.certificate().toFile())));
    }
  }

  @Test
  void aCertificateThatWasReplacedIsTheOneOfTheNextHandshake() throws Exception {
    KeyPairFiles first = KeyPairFiles.make(folder);
    KeyPairFiles next = KeyPairFiles.make(folder);
    try (TlsInForce tls = tls(first, Optional.empty());
        TestGrpc server = new TestGrpc(TestGrpc.With.tls(tls), LIMITS)) {
      assertTrue(
          isAnswered(server.channel(with -> with.trustManager(first.certificate().toFile()))));
      next.replace(first.certificate(), first.key());
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      boolean answered = false;
      while (!answered) {
        assertTrue(System.nanoTime() < end, "in force within a second");
        try {
          answered =
              isAnswered(server.channel(with -> with.trustManager(next.certificate().toFile())));
        } catch (StatusRuntimeException notYet) {
          assertEquals(Status.Code.UNAVAILABLE, notYet.getStatus().getCode());
        }
      }
    }
  }

  private static void assertUnavailable(ManagedChannel by) throws IOException {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> isAnswered(by));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode(), refused::getMessage);
  }
}
