package io.tollgate.limiter.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Signs certificates for servers of a test, by the JDK's keytool. */
public final class Authority {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final Path store;

  /** Who trusts this file trusts what is signed. */
  public final Path certificate;

  /**
   * A server's certificate and its key.
   *
   * @param certificate in PEM
   * @param key in PEM
   */
  public record Issued(Path certificate, Path key) {

    /** What redis-server needs to show it, and to ask nobody for one. */
    List<String> options() {
      return List.of(
          "--tls-cert-file",
          certificate.toString(),
          "--tls-key-file",
          key.toString(),
          "--tls-auth-clients",
          "no");
    }
  }

  /** Makes one, which keeps its files in a folder. */
  public Authority(Path folder) throws Exception {
    this.folder = folder;
    this.store = folder.resolve("store");
    keytool("authority", "-ext", "bc:c");
    this.certificate =
        write("authority", "CERTIFICATE", keys().getCertificate("authority").getEncoded());
  }

  /** Signs one; options as keytool takes them. */
  public Issued issue(String name, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("-signer", "authority"));
    all.addAll(List.of(options));
    keytool(name, all.toArray(String[]::new));
    return new Issued(
        write(name, "CERTIFICATE", keys().getCertificate(name).getEncoded()),
        write(name + ".key", "PRIVATE KEY", keys().getKey(name, PASSWORD).getEncoded()));
  }

  private void keytool(String name, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // A short life: starting it is most of its work.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    command.addAll(List.of(options));
    Path output = folder.resolve("keytool.txt");
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException("keytool: " + Files.readString(output));
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private Path write(String name, String kind, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name + ".pem"),
        "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
  }
}
