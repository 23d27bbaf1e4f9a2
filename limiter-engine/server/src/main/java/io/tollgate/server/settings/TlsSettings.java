package io.tollgate.server.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of TLS, as they were named; whoever loads them judges what they hold.
 *
 * @param certificate the server's certificate and those above it
 * @param key the certificate's private key
 * @param clientCa who signs the certificates that callers must show; empty: they need none
 */
public record TlsSettings(Path certificate, Path key, Optional<Path> clientCa) {

  /** Empty when TLS is not wanted, or when something is wrong, which is reported. */
  static Optional<TlsSettings> read(Source source) {
    Optional<Source.Setting> certificate = source.value(Variable.TLS_CERT);
    Optional<Source.Setting> key = source.value(Variable.TLS_KEY);
    Optional<Source.Setting> clientCa = source.value(Variable.TLS_CLIENT_CA);
    Optional<Path> certificatePath = certificate.flatMap(s -> s.path("a certificate in PEM"));
    Optional<Path> keyPath = key.flatMap(s -> s.path("a private key in PEM"));
    Optional<Path> caPath = clientCa.flatMap(s -> s.path("certificates in PEM"));
    List<String> missing = new ArrayList<>();
    if (certificate.isEmpty()) {
      missing.add(Variable.TLS_CERT.variableName());
    }
    if (key.isEmpty()) {
      missing.add(Variable.TLS_KEY.variableName());
    }
    Optional<Source.Setting> present = certificate.or(() -> key).or(() -> clientCa);
    if (present.isPresent() && !missing.isEmpty()) {
      String name = present.get().name();
      source.problem(
          name
              + " is set without "
              + String.join(" and ", missing)
              + "; set what is missing, or unset "
              + name);
    }
    return certificatePath.flatMap(c -> keyPath.map(k -> new TlsSettings(c, k, caPath)));
  }
}
