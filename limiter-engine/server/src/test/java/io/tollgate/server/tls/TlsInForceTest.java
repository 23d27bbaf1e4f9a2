package io.tollgate.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.SslContext;
import io.tollgate.server.KeyPairFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of TLS while the server runs. */
class TlsInForceTest {

  @TempDir static Path made;
  private static KeyPairFiles first;
  private static KeyPairFiles second;
  private static KeyPairFiles rsa;

  @TempDir Path folder;
  private Path certificate;
  private Path key;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final List<TlsEvent> events = new ArrayList<>();
  private final List<TlsInForce> opened = new ArrayList<>();

  @BeforeAll
  static void makePairs() throws Exception {
    first = KeyPairFiles.make(made);
    second = KeyPairFiles.make(made);
    rsa = KeyPairFiles.make(made, "-keyalg", "RSA", "-keysize", "2048");
  }

  @BeforeEach
  void copyFirst() throws IOException {
    certificate = folder.resolve("cert.pem");
    key = folder.resolve("key.pem");
    first.replace(certificate, key);
  }

  @AfterEach
  void close() {
    opened.forEach(TlsInForce::close);
  }

  private TlsInForce open() {
    return open(new TlsFiles(certificate, key, Optional.empty()));
  }

  private TlsInForce open(TlsFiles files) {
    TlsInForce tls = TlsInForce.unwatched(files, events::add, now::get);
    opened.add(tls);
    return tls;
  }

  private static void settle(TlsInForce tls) {
    tls.poll();
    tls.poll();
  }

  private String refusal() {
    return assertThrows(TlsException.class, this::open).text();
  }

  @Test
  void aGoodPairIsTakenWithItsEnd() {
    TlsState state = open().state();
    assertTrue(state.valid());
    Instant end = now.get().plus(Duration.ofDays(90));
    assertTrue(Duration.between(state.notAfter(), end).abs().toHours() < 24, state.toString());
    assertEquals(List.of(), events);
  }

  @Test
  void aChangedPairIsInForceWithoutARestart() throws IOException {
    TlsInForce tls = open();
    SslContext before = tls.context();
    settle(tls);
    assertSame(before, tls.context());
    second.replace(certificate, key);
    settle(tls);
    assertNotSame(before, tls.context());
    assertTrue(tls.state().valid());
    assertEquals(1, tls.state().reloads());
    assertEquals(List.of(new TlsEvent.Reloaded(certificate, tls.state().notAfter())), events);
  }

  @Test
  void aTouchedPairChangesNothing() throws IOException {
    TlsInForce tls = open();
    SslContext before = tls.context();
    Files.writeString(key, Files.readString(key) + "\n");
    settle(tls);
    assertSame(before, tls.context());
    assertEquals(List.of(), events);
  }

  @Test
  void aBadPairNeverReplacesAGoodOneAndIsSaidOnce() throws IOException {
    TlsInForce tls = open();
    SslContext before = tls.context();
    Files.writeString(key, Files.readString(second.key()));
    settle(tls);
    Files.writeString(key, Files.readString(second.key()) + "\n");
    settle(tls);
    assertSame(before, tls.context());
    assertFalse(tls.state().valid());
    assertEquals(1, tls.state().failedReloads());
    String problem =
        key
            + " is not the key of "
            + certificate
            + "; name the key that the certificate was made"
            + " with";
    assertEquals(Optional.of(problem), tls.state().problem());
    assertEquals(List.of(new TlsEvent.Refused(problem)), events);
    assertEquals(problem + "; the TLS files before it stay in force", events.getFirst().text());
    Files.writeString(key, Files.readString(first.key()));
    settle(tls);
    assertTrue(tls.state().valid());
    assertSame(before, tls.context());
    assertEquals(new TlsEvent.Recovered(certificate), events.getLast());
  }

  @Test
  void everyFileThatCannotBeUsedIsNamedWithTheFix() throws Exception {
    for (String text : List.of("", "nothing", "-----BEGIN CERTIFICATE-----", "\0\0")) {
      Files.writeString(certificate, text);
      assertTrue(refusal().startsWith(certificate + " holds no certificate; name a"), refusal());
    }
    Files.writeString(certificate, KeyPairFiles.pem("CERTIFICATE", new byte[] {1, 2}));
    assertTrue(refusal().startsWith(certificate + " holds a certificate that cannot be read; "));
    Files.delete(certificate);
    assertTrue(refusal().startsWith(certificate + " is not there; "), refusal());
    Files.createDirectory(certificate);
    assertTrue(refusal().startsWith(certificate + " is no file; "), refusal());
    Files.delete(certificate);
    Files.writeString(certificate, "x".repeat((1 << 20) + 1));
    assertTrue(refusal().startsWith(certificate + " has more than 1 MiB; "), refusal());
    first.replace(certificate, key);
    Files.writeString(key, "");
    assertTrue(refusal().startsWith(key + " holds no private key; "), refusal());
    Files.writeString(key, KeyPairFiles.pem("ENCRYPTED PRIVATE KEY", new byte[9]));
    assertTrue(refusal().startsWith(key + " holds an encrypted key; decrypt it"), refusal());
    Files.writeString(key, Files.readString(rsa.key()));
    assertTrue(refusal().startsWith(key + " holds no private key of the certificate's kind, EC"));
    KeyPairFiles weak = KeyPairFiles.make(made, "-keyalg", "RSA", "-keysize", "1024");
    weak.replace(certificate, key);
    assertTrue(refusal().startsWith(certificate + " has an RSA key of 1024 bits; "), refusal());
  }

  @Test
  void aSecretIsInNoMessage() throws IOException {
    Files.writeString(
        key, KeyPairFiles.pem("PRIVATE KEY", "very-secret-bytes".getBytes(StandardCharsets.UTF_8)));
    assertFalse(refusal().contains("dmVyeS1zZWNyZXQ"), refusal());
    assertFalse(
        KeyMaterial.read(new TlsFiles(rsa.certificate(), rsa.key(), Optional.empty()))
            .toString()
            .contains("modulus"));
  }

  /** As cert-manager and openssl write them: without the wrapping of PKCS#8. */
  @Test
  void keysOfPkcs1AndSec1AreRead() throws Exception {
    rsa.replace(certificate, key);
    Files.writeString(key, KeyPairFiles.pem("RSA PRIVATE KEY", rsa.bareSecret()));
    assertTrue(open().state().valid());
    first.replace(certificate, key);
    Files.writeString(
        key,
        KeyPairFiles.pem("EC PARAMETERS", new byte[] {6, 0})
            + KeyPairFiles.pem("EC PRIVATE KEY", first.bareSecret()));
    assertTrue(open().state().valid());
  }

  @Test
  void aPairThatHasExpiredReplacesNoneButDoesNotStopAStart() throws Exception {
    KeyPairFiles old =
        KeyPairFiles.make(
            made,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-startdate",
            "-9d",
            "-validity",
            "5");
    TlsInForce tls = open();
    SslContext before = tls.context();
    old.replace(certificate, key);
    settle(tls);
    assertSame(before, tls.context());
    assertTrue(tls.state().problem().orElse("").startsWith(certificate + " expired at 2"));
    events.clear();
    assertTrue(open().state().valid());
    assertEquals(1, events.size());
    assertTrue(events.getFirst().text().contains(" expired at "), events.toString());
  }

  @Test
  void aPairThatIsNotValidYetIsTakenWhenItIs() throws Exception {
    KeyPairFiles early =
        KeyPairFiles.make(made, "-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "+1d");
    TlsInForce tls = open();
    SslContext before = tls.context();
    early.replace(certificate, key);
    settle(tls);
    assertSame(before, tls.context());
    assertTrue(events.getLast().text().contains(" only; wait"), events.toString());
    now.set(now.get().plus(Duration.ofDays(2)));
    for (int i = 0; i < 240; i++) {
      tls.poll();
    }
    assertNotSame(before, tls.context());
    assertTrue(tls.state().valid());
  }

  @Test
  void filesThatNeverRestAreRefused() throws IOException {
    TlsInForce tls = open();
    SslContext before = tls.context();
    for (int i = 0; i < 30; i++) {
      Files.writeString(key, Files.readString(key) + "\n");
      tls.poll();
    }
    assertSame(before, tls.context());
    assertTrue(tls.state().problem().orElse("").contains("does not come to rest"));
    assertEquals(1, events.size());
  }

  @Test
  void theClientCaIsWatchedToo() throws IOException {
    Path ca = folder.resolve("ca.pem");
    Files.writeString(ca, Files.readString(second.certificate()));
    TlsInForce tls = open(new TlsFiles(certificate, key, Optional.of(ca)));
    SslContext before = tls.context();
    Files.writeString(ca, Files.readString(rsa.certificate()));
    settle(tls);
    assertNotSame(before, tls.context());
    Files.writeString(ca, "");
    settle(tls);
    assertTrue(tls.state().problem().orElse("").startsWith(ca + " holds no certificate"));
  }
}
