package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.TollgateProcess;
import io.tollgate.server.gateway.Visitor.Answer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy before the real server, by the files of {@code integrations/envoy}. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class EnvoyIT {

  /** As limits.yaml says. */
  private static final int LOGINS = 5;

  private static final int CALLS = 20;
  private static final int REPORTS = 5;

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Application application;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static TollgateProcess tollgate;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static EnvoyFile file;

  /** Waits longer than a slow machine needs, and refuses what was not decided. */
  @SuppressWarnings("NullAway.Init") // before all tests
  private static EnvoyProcess envoy;

  @BeforeAll
  static void start() throws Exception {
    application = new Application();
    tollgate =
        TollgateProcess.startShipped(
            folder,
            Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0"),
            "serve",
            "--limits",
            EnvoyFile.path("integrations/envoy/limits.yaml").toString());
    int port = TollgateProcess.port(tollgate.line(), "grpc");
    file = EnvoyFile.of("integrations/envoy/envoy.yaml").at(port, application.port());
    envoy = EnvoyProcess.start(folder, patient(file).text());
  }

  private static EnvoyFile patient(EnvoyFile file) {
    return file.with("timeout: 0.1s", "timeout: 10s")
        .with("failure_mode_deny: false", "failure_mode_deny: true");
  }

  @AfterAll
  static void stop() {
    envoy.close();
    tollgate.close();
    application.close();
  }

  @Test
  void soManyPassAsTheLimitSaysAndTheNextIsRefused() throws Exception {
    try (Visitor visitor = Visitor.stranger();
        Visitor other = Visitor.stranger()) {
      int before = application.requests();
      for (int left = LOGINS - 1; left >= 0; left--) {
        Answer passed = visitor.get(envoy, "/login");
        assertEquals(200, passed.status(), passed::toString);
        assertEquals("5, 5;w=60;name=\"login\"", passed.header("x-ratelimit-limit"));
        assertEquals(left, passed.remaining());
        int reset = Integer.parseInt(passed.header("x-ratelimit-reset"));
        assertTrue(reset > 0 && reset <= 60, passed::toString);
      }
      Answer refused = visitor.get(envoy, "/login");
      assertEquals(429, refused.status(), refused::toString);
      assertEquals(0, refused.remaining());
      assertEquals("true", refused.header("x-envoy-ratelimited"));
      assertEquals(before + LOGINS, application.requests());
      assertEquals(200, visitor.get(envoy, "/elsewhere").status(), "another route");
      assertEquals(200, other.get(envoy, "/login").status(), "another address");
    }
  }

  @Test
  void whoIsRefusedIsToldHowLongToWait() throws Exception {
    try (Visitor visitor = Visitor.stranger()) {
      for (int i = 0; i < LOGINS; i++) {
        assertEquals(200, visitor.get(envoy, "/login").status());
      }
      Answer refused = visitor.get(envoy, "/login");
      assertEquals(429, refused.status(), refused::toString);
      assertTrue(refused.header("retry-after").matches("[1-9][0-9]?"), refused::toString);
      assertTrue(refused.header("ratelimit").startsWith("\"login\";r=0;t="), refused::toString);
      assertEquals("\"login\";q=5;w=60", refused.header("ratelimit-policy"));
    }
  }

  @Test
  void neitherAQueryNorAForgedAddressIsAWayAround() throws Exception {
    try (Visitor visitor = Visitor.stranger()) {
      for (int i = 0; i < LOGINS; i++) {
        String path = i % 2 == 0 ? "/login?try=" + i : "//login/" + i;
        assertEquals(
            LOGINS - 1 - i,
            visitor.get(envoy, path, "X-Forwarded-For", "192.0.2." + i).remaining());
      }
      assertEquals(
          429, visitor.get(envoy, "/login?again", "X-Forwarded-For", "192.0.2.99").status());
    }
  }

  @Test
  void aRouteSaysWhatItCostsAndAnotherOnlyLooks() throws Exception {
    try (Visitor visitor = Visitor.stranger()) {
      assertEquals(50, visitor.get(envoy, "/quota").remaining());
      for (int i = 1; i <= REPORTS; i++) {
        assertEquals(50 - 10 * i, visitor.get(envoy, "/reports").remaining());
        Answer looked = visitor.get(envoy, "/quota");
        assertEquals(200, looked.status(), looked::toString);
        assertEquals(50 - 10 * i, looked.remaining());
      }
      assertEquals(429, visitor.get(envoy, "/reports").status());
      assertEquals(200, visitor.get(envoy, "/quota").status());
    }
  }

  @Test
  void aShadowRuleWatchesWhileAnotherDenies() throws Exception {
    try (Visitor visitor = Visitor.stranger()) {
      for (int i = 1; i <= CALLS; i++) {
        Answer passed = visitor.get(envoy, "/anything");
        assertEquals(200, passed.status(), "number " + i + " of 10 in shadow");
        assertEquals("20, 20;w=3600;name=\"api\"", passed.header("x-ratelimit-limit"));
      }
      assertEquals(429, visitor.get(envoy, "/anything").status());
    }
  }

  @Test
  void theAddressOfTheMonitorPassesUncounted() throws Exception {
    try (Visitor monitor = Visitor.from("127.0.0.9")) {
      for (int i = 0; i < CALLS + 3; i++) {
        Answer passed = monitor.get(envoy, "/health");
        assertEquals(200, passed.status(), passed::toString);
        assertFalse(passed.decided(), "no limit counts it");
      }
      assertEquals(4, monitor.get(envoy, "/login").remaining(), "only where the rule says");
    }
  }

  @Test
  void theFilesLimitAsTheyAre() throws Exception {
    try (EnvoyProcess asItIs = EnvoyProcess.start(folder, file.text());
        Visitor visitor = Visitor.stranger()) {
      int decided = 0;
      Answer answer = visitor.get(asItIs, "/login");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      // What takes longer than 0.1 s on a busy machine passes undecided, and may be counted.
      while (answer.status() != 429 && System.nanoTime() < end) {
        assertEquals(200, answer.status(), answer::toString);
        decided += answer.decided() ? 1 : 0;
        answer = visitor.get(asItIs, "/login");
      }
      assertEquals(429, answer.status(), answer::toString);
      assertTrue(decided <= LOGINS, decided + " passed");
    }
  }

  @Test
  void hitsThatAreTakenBackOnlyLook() throws Exception {
    EnvoyFile taking = patient(file).with("{number: 10}", "{number: 10, is_negative_hits: true}");
    try (EnvoyProcess other = EnvoyProcess.start(folder, taking.text());
        Visitor visitor = Visitor.stranger()) {
      for (int i = 0; i < REPORTS; i++) {
        assertEquals(40 - 10 * i, visitor.get(envoy, "/reports").remaining());
        assertEquals(40 - 10 * i, visitor.get(other, "/reports").remaining(), "not given back");
      }
      assertEquals(429, visitor.get(envoy, "/reports").status());
      assertEquals(200, visitor.get(other, "/reports").status(), "never refused");
    }
  }

  @Test
  void whatIsKnownAtTheEndIsCountedIfItStillFits() throws Exception {
    EnvoyFile byBytes =
        patient(file)
            .with(
                "hits_addend: {number: 10}",
                "hits_addend: {format: \"%BYTES_RECEIVED%\"}\n"
                    + " ".repeat(34)
                    + "apply_on_stream_done: true");
    try (EnvoyProcess other = EnvoyProcess.start(folder, byBytes.text());
        Visitor visitor = Visitor.stranger()) {
      assertEquals(200, visitor.post(other, "/reports", 30).status());
      awaitLeft(visitor, other, 20);
      assertEquals(200, visitor.post(other, "/reports", 21).status(), "one more than is left");
      assertEquals(200, visitor.post(other, "/reports", 20).status());
      awaitLeft(visitor, other, 0);
      assertEquals(200, visitor.post(other, "/reports", 20).status(), "it only counts");
    }
  }

  /** Envoy tells of the end when the visitor may have gone on. */
  private static void awaitLeft(Visitor visitor, EnvoyProcess envoy, int left) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int seen;
    do {
      seen = visitor.get(envoy, "/quota").remaining();
    } while (seen != left && System.nanoTime() < end);
    assertEquals(left, seen);
  }
}
