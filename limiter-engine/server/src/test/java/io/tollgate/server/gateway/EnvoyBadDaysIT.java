package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.TollgateProcess;
import io.tollgate.server.gateway.Visitor.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/** A real Envoy whose Tollgate has stopped, hangs, or comes back. Prints what was seen. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class EnvoyBadDaysIT {

  /** Far above what is waited for, far below what nobody would wait for. */
  private static final Duration MOST = Duration.ofSeconds(2);

  /** So many calls in a row without an answer, and nobody waits for a while: envoy.yaml. */
  private static final int PATIENT_CALLS = 5;

  /** The longest that Envoy does not ask again, of envoy.yaml, and as much for a slow machine. */
  private static final long BACK_NANOS = TimeUnit.SECONDS.toNanos(5 + 5);

  /** The first calls of a server that has just started are late, and a machine may be slow. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Application application;

  @SuppressWarnings("NullAway.Init") // before each test
  private TollgateProcess tollgate;

  @SuppressWarnings("NullAway.Init") // before each test
  private EnvoyFile file;

  private int port;

  @BeforeEach
  void start() throws Exception {
    application = new Application();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    tollgate = serve();
    file = EnvoyFile.of("integrations/envoy/envoy.yaml").at(port, application.port());
  }

  @AfterEach
  void stop() {
    tollgate.close();
    application.close();
  }

  /** On the same port each time, and listening. */
  private TollgateProcess serve() throws Exception {
    TollgateProcess started =
        TollgateProcess.startShipped(
            folder,
            Map.of(
                "TOLLGATE_HTTP_PORT",
                "0",
                "TOLLGATE_ADMIN_PORT",
                "0",
                "TOLLGATE_GRPC_PORT",
                String.valueOf(port)),
            "serve",
            "--limits",
            EnvoyFile.path("integrations/envoy/limits.yaml").toString());
    assertEquals(port, TollgateProcess.port(started.line(), "grpc"));
    return started;
  }

  /** An Envoy that goes by a file, and which has been answered already. */
  private EnvoyProcess envoy(EnvoyFile by) throws Exception {
    EnvoyProcess envoy = EnvoyProcess.start(folder, by.text());
    try {
      var _ = awaitLimits(envoy, FIRST_NANOS);
    } catch (Exception | Error e) {
      envoy.close();
      throw e;
    }
    return envoy;
  }

  private EnvoyFile refusing() {
    return file.with("failure_mode_deny: false", "failure_mode_deny: true");
  }

  private static EnvoyFile withoutTimeout(EnvoyFile file) {
    return file.with("timeout: 0.1s", "# Envoy's own");
  }

  /** How long it takes until somebody is refused for what the limit says. */
  private static Duration awaitLimits(EnvoyProcess envoy, long nanos) throws Exception {
    long start = System.nanoTime();
    Answer last;
    try (Visitor visitor = Visitor.stranger()) {
      do {
        last = visitor.get(envoy, "/login");
      } while (last.status() != 429 && System.nanoTime() - start < nanos);
    }
    assertEquals(429, last.status(), last::toString);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Asks some times, expects what the policy says each time, and prints how long it took. */
  private static List<Duration> policy(EnvoyProcess envoy, int status, int calls, String what)
      throws Exception {
    List<Duration> took = new ArrayList<>();
    try (Visitor visitor = Visitor.stranger()) {
      for (int i = 0; i < calls; i++) {
        Answer answer = visitor.get(envoy, "/login");
        assertEquals(status, answer.status(), answer::toString);
        assertFalse(answer.decided(), answer::toString);
        assertTrue(answer.took().compareTo(MOST) < 0, () -> what + ": " + answer.took());
        took.add(answer.took());
      }
    }
    print(what + ", " + status + " after", took);
    return took;
  }

  private static void print(String what, List<Duration> took) {
    System.out.println(
        "seen: "
            + what
            + took.stream().map(t -> " " + t.toMillis()).collect(Collectors.joining(","))
            + " ms");
  }

  @Test
  void whileTollgateIsStoppedThePolicyHoldsAndThenTheLimits() throws Exception {
    try (EnvoyProcess open = envoy(file);
        EnvoyProcess closed = envoy(refusing())) {
      tollgate.kill();
      var _ = tollgate.exitCode();
      var _ = policy(open, 200, PATIENT_CALLS + 3, "stopped");
      var _ = policy(closed, 503, PATIENT_CALLS + 3, "stopped");
      tollgate = serve();
      print(
          "started again, limits hold after",
          List.of(awaitLimits(open, BACK_NANOS), awaitLimits(closed, BACK_NANOS)));
    }
  }

  @Test
  void aTollgateThatHangsIsWaitedForOnlyAFewTimes() throws Exception {
    try (EnvoyProcess open = envoy(file);
        EnvoyProcess closed = envoy(refusing())) {
      tollgate.signal("STOP");
      try {
        hangs(open, 200, 100, "hung");
        hangs(closed, 503, 100, "hung");
      } finally {
        tollgate.signal("CONT");
      }
      print(
          "goes on, limits hold after",
          List.of(awaitLimits(open, BACK_NANOS), awaitLimits(closed, BACK_NANOS)));
    }
  }

  private static void hangs(EnvoyProcess envoy, int status, int timeoutMillis, String what)
      throws Exception {
    List<Duration> took = policy(envoy, status, PATIENT_CALLS + 10, what);
    assertTrue(took.getFirst().toMillis() >= timeoutMillis - 5, "it is waited for");
    assertTrue(
        took.stream().skip(PATIENT_CALLS).anyMatch(t -> t.toMillis() < timeoutMillis - 5),
        "and then it is not");
  }

  @Test
  void withoutATimeoutEnvoyWaitsOnlyTwentyMilliseconds() throws Exception {
    try (EnvoyProcess open = envoy(withoutTimeout(file));
        EnvoyProcess closed = envoy(withoutTimeout(refusing()))) {
      tollgate.signal("STOP");
      try {
        hangs(open, 200, 20, "hung, 20 ms");
        hangs(closed, 503, 20, "hung, 20 ms");
      } finally {
        tollgate.signal("CONT");
      }
      print(
          "goes on, limits hold after",
          List.of(awaitLimits(open, BACK_NANOS), awaitLimits(closed, BACK_NANOS)));
    }
  }
}
