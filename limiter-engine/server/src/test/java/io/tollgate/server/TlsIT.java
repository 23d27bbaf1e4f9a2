package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program over TLS, with the JDK's client and OpenSSL's. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TlsIT {

  @TempDir Path folder;

  private TollgateProcess serve(Path certificate, Path key) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_TLS_CERT", certificate.toString());
    environment.put("TOLLGATE_TLS_KEY", key.toString());
    return TollgateProcess.startShipped(folder, environment, "serve");
  }

  private static HttpResponse<String> check(HttpClient client, int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/check"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"identifier\": \"user_123\", \"namespace\": \"api_requests\"}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void isAnswered(KeyPairFiles pair, Version version, int port) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(pair.trusting()).version(version).build()) {
      HttpResponse<String> answer = check(client, port);
      assertEquals(200, answer.statusCode());
      assertEquals(version, answer.version());
    }
  }

  private static Exposition metrics(KeyPairFiles pair, int port) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(pair.trusting()).build()) {
      URI uri = URI.create("https://localhost:" + port + "/metrics");
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return Exposition.classic(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  @Test
  void checksAreAnsweredByBothProtocolsAndWithANewPairWithoutARestart() throws Exception {
    KeyPairFiles first = KeyPairFiles.make(folder);
    KeyPairFiles second = KeyPairFiles.make(folder);
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    first.replace(certificate, key);
    try (TollgateProcess tollgate = serve(certificate, key)) {
      String listening = tollgate.line();
      int port = port(listening, "http");
      int admin = port(listening, "admin");
      isAnswered(first, Version.HTTP_2, port);
      isAnswered(first, Version.HTTP_1_1, port);
      Files.writeString(key, Files.readString(second.key()));
      awaitLog(tollgate, "is not the key of ");
      isAnswered(first, Version.HTTP_2, port);
      assertEquals(0, metrics(first, admin).value("tollgate_tls_valid"));
      second.replace(certificate, key);
      awaitLog(tollgate, "reloaded, valid until");
      isAnswered(second, Version.HTTP_2, port);
      isAnswered(second, Version.HTTP_1_1, port);
      Exposition metrics = metrics(second, admin);
      assertEquals(1, metrics.value("tollgate_tls_valid"));
      assertEquals(1, metrics.value("tollgate_tls_reloads_total", "result", "success"));
      double expiry = metrics.value("tollgate_tls_certificate_expiry_timestamp_seconds");
      assertTrue(expiry > Instant.now().getEpochSecond());
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
    }
  }

  private static void awaitLog(TollgateProcess tollgate, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!tollgate.err().contains(text)) {
      assertTrue(System.nanoTime() < end, tollgate.err());
      Thread.onSpinWait();
    }
  }

  @Test
  void aPairThatDoesNotFitStopsTheStart() throws Exception {
    Path certificate = KeyPairFiles.make(folder).certificate();
    Path key = KeyPairFiles.make(folder).key();
    try (TollgateProcess tollgate = serve(certificate, key)) {
      assertEquals(2, tollgate.exitCode());
      assertEquals(
          "TLS: "
              + key
              + " is not the key of "
              + certificate
              + "; name the key that the certificate was made with\n",
          tollgate.err());
    }
  }

  /** What OpenSSL's client prints and its exit code, when it sends some lines. */
  private String openssl(int port, String lines, String... options) throws Exception {
    Path output = Files.createTempFile(folder, "openssl", ".txt");
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "localhost:" + port));
    command.addAll(List.of(options));
    Process client =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try (OutputStream in = client.getOutputStream()) {
      in.write(lines.getBytes(StandardCharsets.US_ASCII));
      in.flush();
      if (!client.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("openssl still runs: " + Files.readString(output));
      }
    } finally {
      client.destroyForcibly();
    }
    return Files.readString(output) + "\nexit code " + client.exitValue();
  }

  @Test
  void nobodyCanRenegotiateOrSpeakAnOldVersion() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    try (TollgateProcess tollgate = serve(pair.certificate(), pair.key())) {
      int port = port(tollgate.line(), "http");
      String twice = openssl(port, "R\n", "-tls1_2");
      assertTrue(twice.contains("RENEGOTIATING"), twice);
      assertTrue(twice.endsWith("exit code 1"), twice);
      assertFalse(twice.contains("HTTP/1.1"), twice);
      for (String version : List.of("-tls1", "-tls1_1")) {
        String old = openssl(port, "", version, "-cipher", "DEFAULT@SECLEVEL=0");
        assertTrue(old.endsWith("exit code 1"), old);
        assertTrue(old.contains("alert"), old);
      }
      isAnswered(pair, Version.HTTP_2, port);
      assertFalse(tollgate.err().contains("\"level\":\"WARN\""), tollgate.err());
      assertFalse(tollgate.err().contains("\"level\":\"ERROR\""), tollgate.err());
    }
  }
}
