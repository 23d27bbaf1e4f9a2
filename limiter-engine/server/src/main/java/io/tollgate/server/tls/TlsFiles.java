package io.tollgate.server.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where TLS comes from; all in PEM (RFC 7468).
 *
 * @param certificate the server's certificate and those above it, in this order
 * @param key the certificate's private key, not encrypted: PKCS#8, PKCS#1 or SEC 1
 * @param clientCa who signs the certificates that callers must show; empty: they need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {

  List<Path> all() {
    List<Path> all = new ArrayList<>(List.of(certificate, key));
    clientCa.ifPresent(all::add);
    return all;
  }
}
