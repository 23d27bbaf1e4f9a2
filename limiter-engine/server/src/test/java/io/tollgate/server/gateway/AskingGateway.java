package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.TollgateProcess;
import io.tollgate.server.gateway.Visitor.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real gateway that asks the real server with {@code /v1/authz} about each request, by the files
 * of its folder in {@code integrations/}. Prints how long clients wait when it is not answered.
 */
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class AskingGateway {

  /** As limits.yaml of each folder says. */
  private static final int LIMIT = 5;

  private static final String TOKEN = "a-token-of-the-gateway";

  /** Far above what is waited for by the files, far below what nobody would wait for. */
  private static final Duration MOST = Duration.ofSeconds(2);

  /** How long a slow machine may take until the limits hold again. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Application application;

  @SuppressWarnings("NullAway.Init") // before each test
  private TollgateProcess tollgate;

  private int tollgatePort;
  private int port;

  /** The gateway's name in {@code integrations/}. */
  abstract String name();

  /** Its file, by its path in the repository, changed to these ports. */
  abstract EnvoyFile file(int port, int tollgate, int application) throws Exception;

  /** The same file where Tollgate has long to answer: a machine may be slow, a server cold. */
  abstract EnvoyFile patient(EnvoyFile file);

  /** The same file as it is where nobody may pass while Tollgate is away. */
  abstract EnvoyFile closed(EnvoyFile file);

  /** The same file with a token. */
  abstract EnvoyFile withToken(EnvoyFile file, String token);

  /** What runs a file, in whose folder it is started. */
  abstract List<String> command(Path file) throws Exception;

  /** Waits until it does what the file says, where an open port does not say so. */
  void awaitRoutes(int port) throws Exception {}

  /** What is known of the limits once there is an answer. */
  String state(Answer answer) {
    return answer.header("ratelimit");
  }

  @BeforeEach
  void start() throws Exception {
    application = new Application();
    tollgatePort = GatewayProcess.freePort();
    tollgate = serve(Map.of());
  }

  @AfterEach
  void stop() {
    tollgate.close();
    application.close();
  }

  private TollgateProcess serve(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("TOLLGATE_HTTP_PORT", String.valueOf(tollgatePort));
    environment.put("TOLLGATE_ADMIN_PORT", "0");
    environment.put("TOLLGATE_GRPC_PORT", "off");
    environment.put("TOLLGATE_TRUSTED_PROXIES", "127.0.0.1");
    TollgateProcess started =
        TollgateProcess.startShipped(
            folder,
            environment,
            "serve",
            "--limits",
            EnvoyFile.path("integrations/" + name() + "/limits.yaml").toString());
    assertEquals(tollgatePort, TollgateProcess.port(started.line(), "http"));
    return started;
  }

  /** Its file for the ports of this test. */
  final EnvoyFile file() throws Exception {
    port = GatewayProcess.freePort();
    return file(port, tollgatePort, application.port());
  }

  /** The gateway, run by a file. */
  final GatewayProcess run(EnvoyFile by) throws Exception {
    Path work = Files.createTempDirectory(folder, name());
    Path file = Files.writeString(work.resolve("file"), by.text());
    GatewayProcess started = GatewayProcess.start(work, port, command(file));
    try {
      awaitRoutes(port);
    } catch (Throwable e) {
      started.close();
      throw e;
    }
    return started;
  }

  /** Where it listens. */
  final int port() {
    return port;
  }

  private long remaining(Answer answer) {
    String state = state(answer);
    assertTrue(state.matches("\"per-address\";r=[0-9]+;t=[0-9]+"), answer::toString);
    return Long.parseLong(state.replaceAll(".*;r=([0-9]+);.*", "$1"));
  }

  @Test
  void soManyPassAsTheLimitSaysAndTheNextIsToldHowLongToWait() throws Exception {
    try (GatewayProcess _ = run(patient(file()));
        Visitor visitor = Visitor.stranger();
        Visitor other = Visitor.stranger()) {
      for (int left = LIMIT - 1; left >= 0; left--) {
        Answer passed = visitor.get(port, "/path?x=1");
        assertEquals(200, passed.status(), passed::toString);
        assertEquals(left, remaining(passed));
      }
      Answer refused = visitor.get(port, "/");
      assertEquals(429, refused.status(), refused::toString);
      assertEquals(0, remaining(refused));
      assertTrue(refused.header("retry-after").matches("[1-9][0-9]{1,2}"), refused::toString);
      assertEquals("\"per-address\";q=5;w=3600", refused.header("ratelimit-policy"));
      assertEquals(LIMIT, application.requests());
      assertEquals(200, other.get(port, "/").status(), "another address");
    }
  }

  @Test
  void nothingThatAClientSaysMakesItSomebodyElse() throws Exception {
    try (GatewayProcess _ = run(patient(file()));
        Visitor visitor = Visitor.stranger()) {
      String[][] lies = {
        {"X-Forwarded-For", "192.0.2.1"},
        {"X-Forwarded-For", "127.0.0.1, 127.0.0.1", "X-Real-IP", "192.0.2.2"},
        {"Forwarded", "for=192.0.2.3", "X-API-Key", "192.0.2.3"},
        {"X-Tollgate-Cost", "0", "X-Original-URI", "/lie", "X-Original-Method", "LIE"},
        {"X-Forwarded-Uri", "/lie", "X-Forwarded-Method", "LIE", "Authorization", "Bearer x"},
      };
      for (int i = 0; i < LIMIT; i++) {
        Answer passed = visitor.get(port, "/", lies[i]);
        assertEquals(200, passed.status(), passed::toString);
        assertEquals(LIMIT - 1 - i, remaining(passed), passed::toString);
      }
      for (String[] lie : lies) {
        assertEquals(429, visitor.get(port, "/", lie).status());
      }
    }
  }

  @Test
  void nobodyPassesByWhatTollgateDoesNotTake() throws Exception {
    try (GatewayProcess _ = run(patient(file()));
        Visitor visitor = Visitor.stranger()) {
      for (int i = 0; i < LIMIT; i++) {
        assertEquals(200, visitor.get(port, "/").status());
      }
      for (int length : new int[] {3_000, 4_000, 7_000, 12_000, 17_000, 40_000}) {
        String many = "a".repeat(length);
        String[] headers = {"X-API-Key", many, "Authorization", many};
        for (Answer answer :
            List.of(
                visitor.get(port, "/", headers),
                visitor.get(port, "/" + many),
                visitor.get(port, "/" + many, headers))) {
          assertTrue(answer.status() >= 400 && answer.status() < 500, answer::toString);
        }
      }
      assertEquals(LIMIT, application.requests());
    }
  }

  @Test
  void aGatewayThatTollgateRefusesLetsNobodyThrough() throws Exception {
    tollgate.close();
    var _ = tollgate.exitCode();
    tollgate = serve(Map.of("TOLLGATE_TOKEN", TOKEN));
    try (GatewayProcess _ = run(patient(file()));
        Visitor visitor = Visitor.stranger()) {
      Answer refused = visitor.get(port, "/");
      assertTrue(refused.status() == 401 || refused.status() == 503, refused::toString);
      assertEquals(0, application.requests());
    }
    try (GatewayProcess _ = run(patient(withToken(file(), TOKEN)));
        Visitor visitor = Visitor.stranger()) {
      assertEquals(LIMIT - 1, remaining(visitor.get(port, "/")));
    }
  }

  @Test
  void whileTollgateIsStoppedThePolicyHoldsAndThenTheLimits() throws Exception {
    try (GatewayProcess _ = run(file())) {
      away("stopped", 200, this::end);
      tollgate = serve(Map.of());
      awaitLimits();
    }
    try (GatewayProcess _ = run(closed(file()))) {
      away("stopped", 503, this::end);
    }
  }

  private void end() throws Exception {
    tollgate.kill();
    var _ = tollgate.exitCode();
  }

  @Test
  void whileTollgateHangsNobodyWaitsLong() throws Exception {
    try (GatewayProcess _ = run(file())) {
      try {
        away("hung", 200, () -> tollgate.signal("STOP"));
      } finally {
        tollgate.signal("CONT");
      }
      awaitLimits();
    }
    try (GatewayProcess _ = run(closed(file()))) {
      try {
        away("hung", 503, () -> tollgate.signal("STOP"));
      } finally {
        tollgate.signal("CONT");
      }
    }
  }

  /** What takes Tollgate away. */
  private interface Going {
    void go() throws Exception;
  }

  private void away(String what, int status, Going going) throws Exception {
    List<Duration> took = new ArrayList<>();
    try (Visitor visitor = Visitor.stranger()) {
      awaitLimits();
      going.go();
      for (int i = 0; i < 2 * LIMIT; i++) {
        Answer answer = visitor.get(port, "/");
        assertEquals(status, answer.status(), answer::toString);
        assertEquals("", state(answer));
        assertTrue(answer.took().compareTo(MOST) < 0, () -> what + ": " + answer.took());
        took.add(answer.took());
      }
    }
    System.out.println(
        "seen: "
            + name()
            + ", "
            + what
            + ", "
            + status
            + " after"
            + took.stream().map(t -> " " + t.toMillis()).collect(Collectors.joining(","))
            + " ms");
  }

  private void awaitLimits() throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Answer last;
    try (Visitor visitor = Visitor.stranger()) {
      do {
        last = visitor.get(port, "/");
      } while (last.status() != 429 && System.nanoTime() < end);
    }
    assertEquals(429, last.status(), last::toString);
  }
}
