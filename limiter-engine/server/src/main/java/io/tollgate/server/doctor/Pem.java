package io.tollgate.server.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of certificates and keys (RFC 7468). */
final class Pem {

  /** A bundle of all public authorities has 220 KiB. */
  private static final int MOST_BYTES = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");

  private static final String PKCS8 = "PRIVATE KEY";

  private Pem() {}

  /** The certificates of a file, in its order; at least one. */
  static List<X509Certificate> certificates(Path file) throws UnusableException {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(text(file));
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.add(certificate(file, block.group(2)));
      }
    }
    if (certificates.isEmpty()) {
      throw new UnusableException(
          file + " holds no certificate", "name a file with -----BEGIN CERTIFICATE-----");
    }
    return certificates;
  }

  private static X509Certificate certificate(Path file, String base64) throws UnusableException {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate c) {
        return c;
      }
      throw new CertificateException();
    } catch (CertificateException | IllegalArgumentException e) {
      throw new UnusableException(
          file + " holds a certificate that cannot be read", "write the file again");
    }
  }

  /**
   * The private key of a file.
   *
   * @param algorithm of the public key that it belongs to
   */
  static PrivateKey privateKey(Path file, String algorithm) throws UnusableException {
    Matcher block = BLOCK.matcher(text(file));
    while (block.find()) {
      String kind = block.group(1);
      if (kind.equals(PKCS8)) {
        return privateKey(file, algorithm, block.group(2));
      }
      if (kind.endsWith(PKCS8)) {
        throw new UnusableException(
            file + " holds a key as " + kind + ", which this server cannot read",
            "run: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem, and name key.pem");
      }
    }
    throw new UnusableException(
        file + " holds no private key", "name a file with -----BEGIN PRIVATE KEY-----");
  }

  private static PrivateKey privateKey(Path file, String algorithm, String base64)
      throws UnusableException {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnusableException(
          file + " holds no private key of the certificate's kind, " + algorithm,
          "name the key that the certificate was made with");
    }
  }

  private static String text(Path file) throws UnusableException {
    String fix = "name a file that this user may read";
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UnusableException(file + " is no file", fix);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new UnusableException(file + " is not there", fix);
    } catch (IOException e) {
      throw new UnusableException(file + " cannot be read by this user", fix);
    }
  }
}
