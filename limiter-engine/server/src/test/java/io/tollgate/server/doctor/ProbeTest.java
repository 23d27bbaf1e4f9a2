package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.app.Serve;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.doctor.Probe.Answer;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ProbeTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static final String OURS =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Request-Id: req_1\r\n\r\n{}";

  /** For whoever answers: a test is not about how busy its machine is. */
  private static final int LONG = 30_000;

  @TempDir Path temp;

  /**
   * Answers each connection with one text, or takes it and stays silent.
   *
   * <p>No virtual thread: a port that one waits on outlives the closing of its socket for a moment.
   */
  private static void serve(ServerSocket socket, String answer) {
    var _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                while (true) {
                  answer(socket.accept(), answer);
                }
              } catch (IOException e) {
                // The test has closed the socket.
              }
            });
  }

  private static void answer(Socket connection, String answer) {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try (connection) {
                byte[] request = new byte[4096];
                int read = connection.getInputStream().read(request);
                if (answer.isEmpty()) {
                  read = connection.getInputStream().read(request);
                } else if (read > 0) {
                  connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
              } catch (IOException e) {
                // The probe has heard enough.
              }
            });
  }

  private static Answer look(ServerSocket socket, String answer, Optional<TlsSettings> tls) {
    serve(socket, answer);
    return new Probe(HERE, socket.getLocalPort(), tls, LONG).look();
  }

  private static Answer look(String answer) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, HERE)) {
      return look(socket, answer, Optional.empty());
    }
  }

  @Test
  void aTollgateIsKnownByItsRequestIds() throws IOException {
    assertEquals(Answer.TOLLGATE, look(OURS));
    assertEquals(Answer.ANOTHER, look(OURS.replace("req_1", "1")));
    assertEquals(Answer.ANOTHER, look(OURS.replace("200", "404")));
    assertEquals(Answer.ANOTHER, look("SSH-2.0-OpenSSH_9.6\r\n"));
  }

  @Test
  void whoeverStaysSilentIsNotWaitedForForEver() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, HERE)) {
      serve(socket, "");
      Probe probe = new Probe(HERE, socket.getLocalPort(), Optional.empty(), 300);
      long before = System.nanoTime();
      assertEquals(Answer.ANOTHER, probe.look());
      long millis = (System.nanoTime() - before) / 1_000_000;
      assertTrue(millis >= 290 && millis < 20_000, millis + " ms");
    }
  }

  @Test
  void aPortThatIsTakenIsWrong() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, HERE)) {
      serve(socket, "220 mail\r\n");
      new Patient(temp)
          .with("TOLLGATE_HTTP_PORT", socket.getLocalPort())
          .requireOnly(
              "port of checks",
              Verdict.WRONG,
              "something else answers on 127.0.0.1 port " + socket.getLocalPort(),
              "stop it, or set TOLLGATE_HTTP_PORT to another port");
    }
  }

  @Test
  void aFreePortIsWell() throws IOException {
    int port;
    // Nobody waits on it: the system keeps a port for as long as somebody still does.
    try (ServerSocket socket = new ServerSocket(0, 5, HERE)) {
      port = socket.getLocalPort();
    }
    new Patient(temp)
        .with("TOLLGATE_HTTP_PORT", port)
        .requireWell("port of checks", "127.0.0.1 port " + port + " is free");
  }

  @Test
  void aRunningTollgateIsNoFaultAndGoesOn() throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_TOKEN", "0123456789abcdef");
    environment.put("TOLLGATE_DATA_DIR", temp.resolve("data").toString());
    try (Serve server = Serve.start(Settings.of(Map.of(), environment))) {
      Patient patient =
          new Patient(temp)
              .with("TOLLGATE_HTTP_PORT", server.httpPort())
              .with("TOLLGATE_ADMIN_PORT", server.adminPort());
      for (int i = 0; i < 2; i++) {
        patient.requireWell(
            "port of checks", "a Tollgate runs on 127.0.0.1 port " + server.httpPort());
        patient.requireWell(
            "admin port", "a Tollgate runs on 127.0.0.1 port " + server.adminPort());
      }
    }
  }

  @Test
  void anAddressThatIsNotOfThisMachineIsWrong() {
    Patient patient =
        new Patient(temp).with("TOLLGATE_BIND", "192.0.2.1").with("TOLLGATE_HTTP_PORT", "8080");
    Finding finding = patient.findings("port of checks").getFirst();
    assertEquals(Verdict.WRONG, finding.verdict());
    assertTrue(finding.text().startsWith("cannot listen on 192.0.2.1 port 8080: "), finding.text());
  }

  private static ServerSocket tls(KeyPairFiles files, boolean asksForCertificates)
      throws Exception {
    ServerSocket socket = files.server().getServerSocketFactory().createServerSocket(0, 5, HERE);
    ((SSLServerSocket) socket).setNeedClientAuth(asksForCertificates);
    return socket;
  }

  @Test
  void behindTlsATollgateIsKnownByItsAnswerOrItsCertificate() throws Exception {
    KeyPairFiles files = KeyPairFiles.make(temp, "-keyalg", "EC");
    KeyPairFiles others = KeyPairFiles.make(temp, "-keyalg", "EC");
    TlsSettings ours = new TlsSettings(files.certificate(), files.key(), Optional.empty());
    TlsSettings asking =
        new TlsSettings(files.certificate(), files.key(), Optional.of(files.certificate()));
    try (ServerSocket open = tls(files, false);
        ServerSocket closed = tls(files, true);
        ServerSocket foreign = tls(others, false)) {
      assertEquals(Answer.TOLLGATE, look(open, OURS, Optional.of(ours)));
      assertEquals(Answer.TOLLGATE, look(closed, OURS, Optional.of(asking)));
      assertEquals(Answer.ANOTHER, look(foreign, "220 mail\r\n", Optional.of(asking)));
    }
    try (ServerSocket plain = new ServerSocket(0, 5, HERE);
        ServerSocket mail = new ServerSocket(0, 5, HERE)) {
      assertEquals(Answer.TOLLGATE, look(plain, OURS, Optional.of(ours)));
      assertEquals(Answer.ANOTHER, look(mail, "220 mail\r\n", Optional.of(asking)));
    }
  }
}
