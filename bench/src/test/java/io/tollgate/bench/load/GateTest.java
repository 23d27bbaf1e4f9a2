package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx with each gate, and what our server says that it was asked. */
class GateTest {

  private static final Path INTEGRATION =
      Path.of(System.getProperty("tollgate.root"), "integrations/nginx/nginx.conf");

  @TempDir Path folder;

  /** Whether nginx gives its answer to every identifier, by whichever gate. */
  private void answers(Gate gate, int tollgatePort) throws IOException {
    GatePeer peer = new GatePeer(gate, INTEGRATION, tollgatePort);
    try (var children = new Children(folder);
        Server nginx = Server.start(peer, folder, Cores.ofThisProcess().all(), children);
        var generator = new Generator(nginx.port(), peer.question(), 4)) {
      generator.sweep(200, 1, Duration.ofSeconds(30));
      assertEquals(200, generator.tally().answered());
      assertEquals(0, generator.tally().failed());
      assertEquals(0, generator.tally().denied());
    }
  }

  @Test
  void nginxWithoutALimitAnswers() throws IOException {
    answers(Gate.NONE, 0);
  }

  @Test
  void nginxWithItsOwnLimitAnswers() throws IOException {
    answers(Gate.LIMIT_REQ, 0);
  }

  @Test
  void nginxThatFindsNobodyToAskLetsPassSoThatARoundMustCountTheQuestions() throws IOException {
    answers(Gate.AUTH_REQUEST, FreePort.find());
  }

  @Test
  void onlyTheGatesDiffer() throws IOException {
    String asking = configuration(Gate.AUTH_REQUEST);
    assertTrue(asking.contains("server 127.0.0.1:8123 max_fails=0;"), asking);
    assertTrue(asking.contains("auth_request /tollgate;"), asking);
    assertTrue(asking.contains("keepalive "), asking);
    String limiting = configuration(Gate.LIMIT_REQ);
    assertTrue(limiting.contains("limit_req zone=many burst=100000 nodelay;"), limiting);
    String open = configuration(Gate.NONE);
    assertFalse(limiting.contains("auth_request") || open.contains("auth_request"), open);
    assertFalse(asking.contains("limit_req") || open.contains("limit_req"), open);
  }

  private String configuration(Gate gate) throws IOException {
    Path own = Files.createDirectory(folder.resolve(gate.name()));
    new GatePeer(gate, INTEGRATION, 8_123).command(own, 1);
    return Files.readString(own.resolve("nginx.conf"));
  }

  @Test
  void aFileThatHasChangedIsNotMeasured() throws IOException {
    Path other =
        Files.writeString(
            folder.resolve("other.conf"),
            Files.readString(INTEGRATION).replace("auth_request /tollgate;", ""));
    GatePeer peer = new GatePeer(Gate.LIMIT_REQ, other, 0);
    var e = assertThrows(IllegalStateException.class, () -> peer.command(folder, 1));
    assertTrue(e.toString().contains("'auth_request /tollgate;' stands not exactly once"));
  }

  @Test
  void whatTollgateHasAllowedIsCountedOverAllNamespaces() {
    Scrape scrape =
        new Scrape(
            """
            # TYPE tollgate_checks_total counter
            tollgate_checks_total{namespace="a",verb="check",decision="allowed"} 7.0
            tollgate_checks_total{namespace="a",verb="check",decision="rate_limited"} 50.0
            tollgate_checks_total{namespace="b",verb="check",decision="allowed"} 1.2E3
            tollgate_http_connections_accepted_total{port="admin"} 9.0
            tollgate_http_connections_accepted_total{port="checks"} 3.0
            """);
    assertEquals(1_207, scrape.allowed());
    assertEquals(3, scrape.opened());
  }
}
