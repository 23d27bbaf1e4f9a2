package io.tollgate.server.tls;

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
import java.security.PublicKey;
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

  private static final String NAME_ANOTHER = "name a file that this user may read";

  private Pem() {}

  /** The certificates of a file, in its order; at least one. */
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(text(file));
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.add(certificate(file, block.group(2)));
      }
    }
    if (certificates.isEmpty()) {
      throw new TlsException(
          file, "holds no certificate", "name a file with -----BEGIN CERTIFICATE-----");
    }
    return List.copyOf(certificates);
  }

  private static X509Certificate certificate(Path file, String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate c) {
        return c;
      }
      throw new CertificateException();
    } catch (CertificateException | IllegalArgumentException e) {
      throw new TlsException(
          file, "holds a certificate that cannot be read", "write the file again");
    }
  }

  /**
   * The private key of a file.
   *
   * @param of the public key that it belongs to, whose kind it must have
   */
  static PrivateKey privateKey(Path file, PublicKey of) {
    String text = text(file);
    // The old form says so within a block, the new one in the block's name.
    if (text.contains("ENCRYPTED")) {
      throw new TlsException(
          file, "holds an encrypted key", "decrypt it: openssl pkey -in " + file + " -out key.pem");
    }
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return privateKey(file, of, block.group(2), false);
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
          return privateKey(file, of, block.group(2), true);
        }
        default -> {}
      }
    }
    throw new TlsException(
        file, "holds no private key", "name a file with -----BEGIN PRIVATE KEY-----");
  }

  private static PrivateKey privateKey(Path file, PublicKey of, String base64, boolean bare) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      byte[] pkcs8 = bare ? Der.pkcs8(of, der) : der;
      return KeyFactory.getInstance(of.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsException(
          file,
          "holds no private key of the certificate's kind, " + of.getAlgorithm(),
          "name the key that the certificate was made with");
    }
  }

  private static String text(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new TlsException(file, "is no file", NAME_ANOTHER);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new TlsException(file, "has more than 1 MiB", "name one with what is needed only");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new TlsException(file, "is not there", NAME_ANOTHER);
    } catch (IOException e) {
      throw new TlsException(file, "cannot be read by this user", NAME_ANOTHER);
    }
  }
}
