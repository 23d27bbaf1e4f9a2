package io.tollgate.server.doctor;

import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.TlsSettings;
import io.tollgate.server.tls.KeyMaterial;
import io.tollgate.server.tls.TlsException;
import io.tollgate.server.tls.TlsFiles;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the files of TLS can be used, fit together, and for how long. */
final class TlsCheck {

  private static final String CERTIFICATE = "TLS certificate";
  private static final String KEY = "TLS key";
  private static final String CLIENT_CA = "TLS client CA";

  /** Time enough to notice; the usual certificate of 90 days is renewed when as many are left. */
  private static final Duration SOON = Duration.ofDays(30);

  private TlsCheck() {}

  static List<Finding> of(Settings settings, InstantSource clock) {
    Optional<TlsSettings> tls = settings.tls();
    if (tls.isEmpty()) {
      return List.of(none(settings.listen()));
    }
    List<Finding> findings = new ArrayList<>();
    Optional<X509Certificate> certificate = Optional.empty();
    try {
      certificate = Optional.of(KeyMaterial.chain(tls.get().certificate()).getFirst());
      findings.add(validity(CERTIFICATE, tls.get().certificate(), certificate.get(), clock));
      if (!namesAHost(certificate.get())) {
        findings.add(
            Finding.warning(
                CERTIFICATE,
                tls.get().certificate() + " names no host, so callers will refuse it",
                "have one made with a subject alternative name"));
      }
    } catch (TlsException e) {
      findings.add(wrong(CERTIFICATE, e));
    }
    findings.add(key(tls.get(), certificate));
    Path key = tls.get().key();
    if (Modes.openToAll(key)) {
      findings.add(
          Finding.warning(
              KEY, "every user of this machine can read " + key, "run: chmod 600 " + key));
    }
    tls.get().clientCa().ifPresent(ca -> findings.add(clientCa(ca, clock)));
    return findings;
  }

  private static Finding none(ListenSettings listen) {
    return listen.loopback()
        ? Finding.ok("TLS", "not set, so the server speaks plain HTTP")
        : Finding.warning(
            "TLS",
            "not set, so checks and tokens travel in plain text beyond this machine",
            "set TOLLGATE_TLS_CERT and TOLLGATE_TLS_KEY, or put a proxy with TLS before it");
  }

  private static Finding validity(
      String check, Path file, X509Certificate certificate, InstantSource clock) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return Finding.wrong(check, file + " expired at " + until, "renew it");
    }
    if (now.isBefore(from)) {
      return Finding.wrong(
          check, file + " is valid from " + from + " only", "wait, or set the machine's clock");
    }
    return now.plus(SOON).isAfter(until)
        ? Finding.warning(check, file + " expires at " + until, "renew it")
        : Finding.ok(check, file + " is valid until " + until);
  }

  private static boolean namesAHost(X509Certificate certificate) {
    try {
      return certificate.getSubjectAlternativeNames() != null;
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static Finding key(TlsSettings tls, Optional<X509Certificate> certificate) {
    if (certificate.isEmpty()) {
      return Finding.warning(
          KEY, tls.key() + " cannot be judged without its certificate", "mend the certificate");
    }
    try {
      var _ =
          KeyMaterial.key(
              new TlsFiles(tls.certificate(), tls.key(), tls.clientCa()), certificate.get());
      return Finding.ok(KEY, tls.key() + " is the certificate's");
    } catch (TlsException e) {
      return wrong(KEY, e);
    }
  }

  private static Finding clientCa(Path file, InstantSource clock) {
    try {
      List<X509Certificate> authorities = KeyMaterial.authorities(file);
      for (X509Certificate authority : authorities) {
        Finding finding = validity(CLIENT_CA, file, authority, clock);
        if (finding.verdict() != Finding.Verdict.OK) {
          return finding;
        }
      }
      return Finding.ok(
          CLIENT_CA, file + " holds " + authorities.size() + ", whose callers may connect");
    } catch (TlsException e) {
      return wrong(CLIENT_CA, e);
    }
  }

  private static Finding wrong(String check, TlsException problem) {
    return Finding.wrong(check, problem.what(), problem.fix());
  }
}
