package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.Markdown;
import io.tollgate.server.Markdown.Block;
import io.tollgate.server.TollgateProcess;
import io.tollgate.server.gateway.Visitor.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy that asks over TLS and with a token, as the README says how. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class EnvoyTlsIT {

  private static final List<EnvoyFile> BLOCKS =
      Markdown.page("integrations/envoy/README.md").blocks().stream()
          .filter(block -> block.language().equals("yaml"))
          .map(Block::text)
          .map(EnvoyFile::new)
          .toList();

  @TempDir private static Path keys;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Application application;

  @SuppressWarnings("NullAway.Init") // before each test
  private TollgateProcess tollgate;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static KeyPairFiles pair;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static KeyPairFiles another;

  private int port;
  private int adminPort;

  @BeforeAll
  static void makeKeys() throws Exception {
    pair = KeyPairFiles.make(keys);
    another = KeyPairFiles.make(keys);
  }

  @BeforeEach
  void start() throws Exception {
    application = new Application();
    tollgate =
        TollgateProcess.startShipped(
            folder,
            Map.of(
                "TOLLGATE_HTTP_PORT",
                "0",
                "TOLLGATE_ADMIN_PORT",
                "0",
                "TOLLGATE_TLS_CERT",
                pair.certificate().toString(),
                "TOLLGATE_TLS_KEY",
                pair.key().toString(),
                "TOLLGATE_TOKEN",
                "the-right-token"),
            "serve",
            "--limits",
            EnvoyFile.path("integrations/envoy/limits.yaml").toString());
    String listening = tollgate.line();
    port = TollgateProcess.port(listening, "grpc");
    adminPort = TollgateProcess.port(listening, "admin");
  }

  @AfterEach
  void stop() {
    tollgate.close();
    application.close();
  }

  private String metrics() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(pair.trusting()).build()) {
      URI uri = URI.create("https://localhost:" + adminPort + "/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** One that refuses what was not decided, and waits for it. */
  private EnvoyProcess envoy(String token, KeyPairFiles trusted) throws Exception {
    Object tree =
        EnvoyFile.of("integrations/envoy/envoy.yaml")
            .at(port, application.port())
            .with("timeout: 0.1s", "timeout: 20s")
            .with("connect_timeout: 2s", "connect_timeout: 20s")
            .with("failure_mode_deny: false", "failure_mode_deny: true")
            .read();
    Map<String, Object> manager =
        EnvoyFile.map(tree, "static_resources", "listeners", 0, "filter_chains", 0, "filters", 0);
    Map<String, Object> filter = EnvoyFile.map(manager, "typed_config", "http_filters", 0);
    filter.put(
        "typed_config",
        EnvoyFile.merged(
            EnvoyFile.at(filter, "typed_config"), BLOCKS.get(0).with("change-me", token).read()));
    Map<String, Object> cluster = EnvoyFile.map(tree, "static_resources", "clusters", 0);
    cluster.putAll(
        EnvoyFile.map(
            BLOCKS
                .get(1)
                .with("/etc/envoy/tollgate-ca.pem", trusted.certificate().toString())
                .read()));
    return EnvoyProcess.start(folder, EnvoyFile.saying(tree).text());
  }

  @Test
  void limitsHoldOverTlsWithTheRightToken() throws Exception {
    assertEquals(2, BLOCKS.size());
    try (EnvoyProcess envoy = envoy("the-right-token", pair);
        Visitor visitor = Visitor.stranger()) {
      for (int left = 4; left >= 0; left--) {
        assertEquals(left, visitor.get(envoy, "/login").remaining());
      }
      assertEquals(429, visitor.get(envoy, "/login").status());
    }
  }

  @Test
  void aWrongTokenOrAnUnknownCertificateIsNoAnswer() throws Exception {
    try (EnvoyProcess wrong = envoy("the-wrong-token", pair);
        EnvoyProcess distrustful = envoy("the-right-token", another);
        Visitor visitor = Visitor.stranger()) {
      for (EnvoyProcess envoy : List.of(wrong, distrustful)) {
        for (int i = 0; i < 8; i++) {
          Answer answer = visitor.get(envoy, "/login");
          assertEquals(503, answer.status(), answer::toString);
          assertFalse(answer.decided(), answer::toString);
        }
      }
    }
    assertEquals(0, application.requests());
    String metrics = metrics();
    assertTrue(
        metrics.contains(
            "tollgate_grpc_requests_total{code=\"unauthorized\",method=\"ShouldRateLimit\","
                + "status=\"unauthenticated\"} 8.0"),
        metrics);
  }
}
