package io.tollgate.server.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;

/**
 * What the files hold, each of which can be used.
 *
 * @param chain the server's certificate, then those above it
 * @param key the key of the first
 * @param clientCas who signs callers' certificates; empty: they need none
 */
public record KeyMaterial(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCas) {

  /** What every client of today still accepts (NIST SP 800-131A). */
  private static final int LEAST_RSA_BITS = 2048;

  /**
   * Reads all files.
   *
   * @throws TlsException when one cannot be used
   */
  public static KeyMaterial read(TlsFiles files) {
    List<X509Certificate> chain = chain(files.certificate());
    return new KeyMaterial(
        chain,
        key(files, chain.getFirst()),
        files.clientCa().map(KeyMaterial::authorities).orElse(List.of()));
  }

  /**
   * The server's certificate, of a kind that can be used, then those above it.
   *
   * @throws TlsException when they cannot be used
   */
  public static List<X509Certificate> chain(Path file) {
    List<X509Certificate> chain = Pem.certificates(file);
    PublicKey publicKey = chain.getFirst().getPublicKey();
    if (publicKey instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      throw new TlsException(
          file,
          "has an RSA key of " + rsa.getModulus().bitLength() + " bits",
          "have one made with " + LEAST_RSA_BITS + " bits or more, or with an EC key");
    }
    var _ = signature(file, publicKey);
    return chain;
  }

  /**
   * The key of the server's certificate.
   *
   * @throws TlsException when the file holds none, or another
   */
  public static PrivateKey key(TlsFiles files, X509Certificate certificate) {
    PublicKey publicKey = certificate.getPublicKey();
    PrivateKey key = Pem.privateKey(files.key(), publicKey);
    if (!isPair(key, publicKey, signature(files.certificate(), publicKey))) {
      throw new TlsException(
          files.key(),
          "is not the key of " + files.certificate(),
          "name the key that the certificate was made with");
    }
    return key;
  }

  /**
   * Those who sign certificates of others; at least one.
   *
   * @throws TlsException when the file cannot be used
   */
  public static List<X509Certificate> authorities(Path file) {
    return Pem.certificates(file);
  }

  private static String signature(Path file, PublicKey publicKey) {
    return switch (publicKey.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "EdDSA";
      default ->
          throw new TlsException(
              file,
              "has a key of the kind " + publicKey.getAlgorithm(),
              "have one made with an RSA or EC key");
    };
  }

  /** What the one signs, the other must confirm. */
  private static boolean isPair(PrivateKey key, PublicKey publicKey, String algorithm) {
    try {
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  Instant notBefore() {
    return chain.getFirst().getNotBefore().toInstant();
  }

  Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** Leaves out the key. */
  @Override
  public String toString() {
    return "KeyMaterial[" + chain.getFirst().getSubjectX500Principal() + ", " + notAfter() + "]";
  }
}
