package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsCheckTest {

  private static final String[] USUAL = {
    "-keyalg", "EC", "-ext", "san=dns:localhost",
    "-startdate", "2026/01/01 00:00:00", "-validity", "365",
  };

  private static KeyPairFiles usual;

  @TempDir Path temp;

  private Patient patient;

  @BeforeAll
  static void makeTheUsualPair(@TempDir Path shared) throws Exception {
    usual = KeyPairFiles.make(shared, USUAL);
  }

  @BeforeEach
  void describeASoundMachine() {
    patient = new Patient(temp);
  }

  private KeyPairFiles use(KeyPairFiles files) {
    patient.with("TOLLGATE_TLS_CERT", files.certificate()).with("TOLLGATE_TLS_KEY", files.key());
    return files;
  }

  private static Instant end(KeyPairFiles files) throws Exception {
    return ((X509Certificate) files.store().getCertificate("a")).getNotAfter().toInstant();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aCertificateWithItsKeyIsWell(String algorithm) throws Exception {
    String[] options = USUAL.clone();
    options[1] = algorithm;
    KeyPairFiles files = use(KeyPairFiles.make(temp, options));
    patient.requireWell("TLS key", files.key() + " is the certificate's");
    patient.requireWell("TLS certificate", files.certificate() + " is valid until " + end(files));
    assertEquals(Verdict.OK, new Report(patient.findings()).verdict());
  }

  @Test
  void aCertificateIsWatchedFromBeforeItsFirstDayToAfterItsLast() throws Exception {
    KeyPairFiles files = use(usual.copy(temp));
    Path file = files.certificate();
    Instant end = end(files);
    patient
        .at(end.minus(Duration.ofDays(29)))
        .requireOnly("TLS certificate", Verdict.WARNING, file + " expires at " + end, "renew it");
    Finding expired = Finding.wrong("TLS certificate", file + " expired at " + end, "renew it");
    assertEquals(
        List.of(expired), patient.at(end.plus(Duration.ofDays(1))).findings("TLS certificate"));
    List<Finding> early = patient.at(Instant.parse("2025-06-01T00:00:00Z")).findings();
    assertTrue(
        early.stream().anyMatch(f -> f.text().startsWith(file + " is valid from 20")),
        early.toString());
  }

  @Test
  void aKeyOfAnotherCertificateIsWrong() throws Exception {
    KeyPairFiles other = KeyPairFiles.make(temp, USUAL);
    KeyPairFiles files = use(usual.copy(temp));
    patient
        .with("TOLLGATE_TLS_KEY", other.key())
        .requireOnly(
            "TLS key",
            Verdict.WRONG,
            other.key() + " is not the key of " + files.certificate(),
            "name the key that the certificate was made with");
    KeyPairFiles otherKind = KeyPairFiles.make(temp, "-keyalg", "RSA");
    patient
        .with("TOLLGATE_TLS_KEY", otherKind.key())
        .requireOnly(
            "TLS key",
            Verdict.WRONG,
            otherKind.key() + " holds no private key of the certificate's kind, EC",
            "name the key that the certificate was made with");
  }

  @Test
  void aKeyThatEverybodyReadsWarns() throws Exception {
    Path key = use(usual.copy(temp)).key();
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    patient.requireOnly(
        "TLS key",
        Verdict.WARNING,
        "every user of this machine can read " + key,
        "run: chmod 600 " + key);
  }

  /** The server reads them too; cert-manager and openssl write them. */
  @ParameterizedTest
  @CsvSource({"RSA", "EC"})
  void aKeyWithoutTheWrappingOfPkcs8IsRight(String kind) throws Exception {
    KeyPairFiles files = use(KeyPairFiles.make(temp, "-keyalg", kind, "-ext", "san=dns:localhost"));
    Files.writeString(files.key(), KeyPairFiles.pem(kind + " PRIVATE KEY", files.bareSecret()));
    patient.requireWell("TLS key", files.key() + " is the certificate's");
  }

  @Test
  void anEncryptedKeyIsWrongWithTheCommandThatDecryptsIt() throws Exception {
    Path key = use(usual.copy(temp)).key();
    Files.writeString(key, KeyPairFiles.pem("ENCRYPTED PRIVATE KEY", new byte[3]));
    patient.requireOnly(
        "TLS key",
        Verdict.WRONG,
        key + " holds an encrypted key",
        "decrypt it: openssl pkey -in " + key + " -out key.pem");
  }

  @Test
  void aCertificateThatTheServerWouldRefuseIsWrong() throws Exception {
    KeyPairFiles weak = use(KeyPairFiles.make(temp, "-keyalg", "RSA", "-keysize", "1024"));
    Finding finding = patient.findings("TLS certificate").getFirst();
    assertEquals(Verdict.WRONG, finding.verdict());
    assertEquals(weak.certificate() + " has an RSA key of 1024 bits", finding.text());
  }

  @ParameterizedTest
  @CsvSource({
    "'', holds no certificate",
    "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----, holds a certificate that cannot be"
        + " read",
    "-----BEGIN CERTIFICATE-----A-----END CERTIFICATE-----, holds a certificate that cannot be"
        + " read",
  })
  void aFileThatIsNoCertificateIsWrong(String text, String what) throws Exception {
    Path file = use(usual.copy(temp)).certificate();
    Files.writeString(file, text);
    Finding finding = patient.findings("TLS certificate").getFirst();
    assertEquals(Verdict.WRONG, finding.verdict());
    assertEquals(file + " " + what, finding.text());
  }

  @Test
  void filesThatAreNotThereAreWrongEachByName() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Path missing = temp.resolve("missing.pem");
    List<String> wrong =
        patient
            .with("TOLLGATE_TLS_CERT", missing)
            .with("TOLLGATE_TLS_KEY", missing)
            .with("TOLLGATE_TLS_CLIENT_CA", folder)
            .findings()
            .stream()
            .filter(finding -> finding.verdict() == Verdict.WRONG)
            .map(Finding::text)
            .toList();
    assertEquals(List.of(missing + " is not there", folder + " is no file"), wrong);
  }

  @Test
  void everyCertificateOfTheClientCaIsLookedAt() throws Exception {
    use(usual.copy(temp));
    KeyPairFiles good = usual.copy(temp);
    KeyPairFiles old =
        KeyPairFiles.make(
            temp, "-keyalg", "EC", "-startdate", "2025/01/01 00:00:00", "-validity", "10");
    patient
        .with("TOLLGATE_TLS_CLIENT_CA", good.certificate())
        .requireWell("TLS client CA", good.certificate() + " holds 1, whose callers may connect");
    Files.writeString(
        good.certificate(),
        Files.readString(good.certificate()) + Files.readString(old.certificate()));
    patient.requireOnly(
        "TLS client CA", Verdict.WRONG, good.certificate() + " expired at " + end(old), "renew it");
  }

  @Test
  void aCertificateWithoutAHostWarns() throws Exception {
    Path file =
        use(KeyPairFiles.make(
                temp, "-keyalg", "EC", "-startdate", "2026/01/01 00:00:00", "-validity", "365"))
            .certificate();
    patient.requireOnly(
        "TLS certificate",
        Verdict.WARNING,
        file + " names no host, so callers will refuse it",
        "have one made with a subject alternative name");
  }
}
