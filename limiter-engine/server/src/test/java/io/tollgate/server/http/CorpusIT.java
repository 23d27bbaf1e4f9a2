package io.tollgate.server.http;

import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.TollgateProcess;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Wrong bytes against the real program: each gets one clear refusal or the end. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class CorpusIT {

  private static final String TOKEN = "correct-horse-battery-staple";
  private static final String CHECK =
      "{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":0}";
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");
  private static final Pattern USED = Pattern.compile("total [0-9]+K, used ([0-9]+)K");
  private static final int ROUNDS = 9;

  /** Until then pools and caches fill. */
  private static final int SETTLED = 4;

  /** What a start says, whatever else comes to be said there; far fewer than there are requests. */
  private static final int MOST_LINES = 10;

  private static final long MORE_KIBIBYTES = 1_024;

  @TempDir Path folder;

  /** So little memory that what is held for a while is felt, and questions about it allowed. */
  private TollgateProcess serve(Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TOLLGATE_HTTP_PORT", "0");
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_DATA_DIR", folder.resolve("data").toString());
    environment.put("JAVA_OPTS", "-Xmx64m -XX:-DisableAttachMechanism");
    return TollgateProcess.startShipped(folder, environment, "serve");
  }

  private static void isAnswered(Client client) throws IOException {
    Answer answer = client.check(CHECK, "Authorization: Bearer " + TOKEN);
    assertEquals(200, answer.status(), answer::body);
  }

  /** Everything that the server answers until it ends the connection. */
  private static String answers(int port, byte[] bytes) throws IOException {
    try (Client client = new Client(port)) {
      try {
        client.send(bytes).finishSending();
      } catch (SocketException e) {
        // It was refused before it was sent whole.
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
      return new String(client.readAll(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      return "";
    }
  }

  /** What is wrong with the answer; empty when nothing is. */
  private static Optional<String> complaint(Corpus wrong, int port) throws IOException {
    String answers = answers(port, wrong.bytes());
    Matcher line = STATUS_LINE.matcher(answers);
    int status = line.lookingAt() ? Integer.parseInt(line.group(1)) : 0;
    boolean once = !line.find();
    boolean clear = status == 0 || answers.contains("\"code\":\"");
    return wrong.permits(status) && once && clear
        ? Optional.empty()
        : Optional.of(wrong + " was answered: " + answers);
  }

  @Test
  void eachGetsOneClearRefusalOrTheEndAndLeavesNothingBehind() throws Exception {
    try (TollgateProcess tollgate = serve(Map.of("TOLLGATE_TOKEN", TOKEN))) {
      int port = port(tollgate.line(), "http");
      List<Corpus> corpus = Corpus.all(TOKEN);
      List<String> complaints = new ArrayList<>();
      List<Long> used = new ArrayList<>();
      try (Client other = new Client(port)) {
        for (int round = 0; round < ROUNDS; round++) {
          for (Corpus wrong : corpus) {
            complaint(wrong, port).ifPresent(complaints::add);
          }
          assertEquals("", String.join("\n", complaints));
          neverRead(port);
          isAnswered(other);
          used.add(usedKibibytes(tollgate.pid()));
        }
      }
      System.out.println(
          corpus.size() + " wrong requests a round; heap in KiB after each: " + used);
      long settled = used.get(SETTLED - 1);
      assertTrue(used.getLast() < settled + MORE_KIBIBYTES, "the heap has grown: " + used);
      assertFalse(tollgate.err().contains("\"level\":\"ERROR\""), tollgate.err());
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
    }
  }

  /** A client that asks and asks, and goes away without having read anything. */
  private static void neverRead(int port) throws IOException {
    byte[] requests =
        Client.request("GET", "/health", "").repeat(2_000).getBytes(StandardCharsets.US_ASCII);
    try (Client client = new Client(port)) {
      client.send(requests);
    }
  }

  /** What the heap holds after a collection, as the JDK's own tool tells it. */
  private long usedKibibytes(long pid) throws Exception {
    jcmd(pid, "GC.run");
    Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1));
    }
    assertTrue(sum > 0, "no heap");
    return sum;
  }

  private String jcmd(long pid, String command) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "jcmd still runs");
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  @Test
  void aRequestThatComesByteByByteIsAnswered() throws Exception {
    try (TollgateProcess tollgate = serve(Map.of("TOLLGATE_TOKEN", TOKEN));
        Client client = new Client(port(tollgate.line(), "http"))) {
      String request = Client.post("/v1/check", CHECK, "Authorization: Bearer " + TOKEN);
      for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
        client.send(new byte[] {b});
      }
      assertEquals(200, client.read().status());
    }
  }

  @Test
  void whatIsNoTlsGetsAnAlertOrTheEnd() throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    Map<String, String> tls =
        Map.of(
            "TOLLGATE_TOKEN", TOKEN,
            "TOLLGATE_TLS_CERT", pair.certificate().toString(),
            "TOLLGATE_TLS_KEY", pair.key().toString());
    try (TollgateProcess tollgate = serve(tls)) {
      int port = port(tollgate.line(), "http");
      for (Corpus wrong : Corpus.all(TOKEN)) {
        // The hello of today is a good beginning.
        String answers = answers(port, wrong.bytes());
        assertTrue(answers.length() <= 7 || wrong.name().equals("TLS"), wrong + ": " + answers);
      }
      try (Client client =
          new Client(pair.trusting().getSocketFactory().createSocket("localhost", port))) {
        isAnswered(client);
      }
      assertFalse(tollgate.err().contains("\"level\":\"ERROR\""), tollgate.err());
      assertTrue(tollgate.err().lines().count() < MOST_LINES, tollgate.err());
    }
  }
}
