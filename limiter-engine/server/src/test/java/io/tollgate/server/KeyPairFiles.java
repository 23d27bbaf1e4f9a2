package io.tollgate.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate and its key, made by the JDK's keytool.
 *
 * @param certificate in PEM
 * @param key in PEM, for its user only
 */
public record KeyPairFiles(Path certificate, Path key, KeyStore store) {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String[] USUAL = {
    "-keyalg", "EC", "-groupname", "secp256r1", "-ext", "san=dns:localhost,ip:127.0.0.1"
  };

  /** Makes them for this machine in a new folder: elliptic, for 90 days. */
  public static KeyPairFiles make(Path folder) throws Exception {
    return make(folder, USUAL);
  }

  /** Makes them in a new folder; options as keytool takes them. */
  public static KeyPairFiles make(Path folder, String... options) throws Exception {
    Path work = Files.createTempDirectory(folder, "keys");
    Path store = work.resolve("store");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // A short life: starting it is most of its work.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-alias", "a", "-dname", "CN=localhost"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    command.addAll(List.of(options));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("output").toFile())
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException("keytool: " + Files.readString(work.resolve("output")));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    Path certificate = work.resolve("cert.pem");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
    Path key = work.resolve("key.pem");
    PrivateKey secret = (PrivateKey) keys.getKey("a", PASSWORD);
    Files.writeString(key, pem("PRIVATE KEY", secret.getEncoded()));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return new KeyPairFiles(certificate, key, keys);
  }

  /** The same in a new folder, for a test that changes files. */
  public KeyPairFiles copy(Path folder) throws IOException {
    Path work = Files.createTempDirectory(folder, "keys");
    return new KeyPairFiles(
        Files.copy(certificate, work.resolve("cert.pem")),
        Files.copy(key, work.resolve("key.pem"), StandardCopyOption.COPY_ATTRIBUTES),
        store);
  }

  /** A block of PEM (RFC 7468). */
  public static String pem(String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  /** Puts this pair where others were, as somebody who renews them does. */
  public void replace(Path otherCertificate, Path otherKey) throws IOException {
    Files.writeString(otherCertificate, Files.readString(certificate));
    Files.writeString(otherKey, Files.readString(key));
  }

  /** The private key in PKCS#8. */
  public byte[] secret() throws GeneralSecurityException {
    return store.getKey("a", PASSWORD).getEncoded();
  }

  /** The private key without its wrapping: RSA in PKCS#1, EC in SEC 1. */
  public byte[] bareSecret() throws GeneralSecurityException {
    ByteBuffer in = ByteBuffer.wrap(secret());
    enter(in);
    // Version and algorithm stand before it.
    in.position(in.position() + 3);
    int algorithm = enter(in);
    in.position(in.position() + algorithm);
    byte[] bare = new byte[enter(in)];
    in.get(bare);
    return bare;
  }

  private static int enter(ByteBuffer der) {
    der.get();
    int length = Byte.toUnsignedInt(der.get());
    return switch (length) {
      case 0x81 -> Byte.toUnsignedInt(der.get());
      case 0x82 -> Short.toUnsignedInt(der.getShort());
      default -> length;
    };
  }

  /** What a server needs to speak TLS with them. */
  public SSLContext server() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys(), null, null);
    return context;
  }

  /** What a caller needs who trusts this certificate and has none. */
  public SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust(), null);
    return context;
  }

  /** What a caller needs who trusts this certificate and shows another. */
  public SSLContext trustingAs(KeyPairFiles caller) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(caller.keys(), trust(), null);
    return context;
  }

  private KeyManager[] keys() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    return keys.getKeyManagers();
  }

  private TrustManager[] trust() throws GeneralSecurityException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", store.getCertificate("a"));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      return trust.getTrustManagers();
    } catch (IOException e) {
      throw new GeneralSecurityException("an empty store", e);
    }
  }
}
