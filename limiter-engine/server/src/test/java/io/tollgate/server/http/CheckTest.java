package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a check is answered. */
class CheckTest {

  private static final String USER = "{\"identifier\":\"user_123\",\"namespace\":\"api_requests\"}";
  private static final String OTHER = "{\"identifier\":\"user_123\",\"namespace\":\"others\"}";

  @Test
  void theFirstCheckOfTheFirstExamplePasses() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      // The exact bytes of: curl -X POST http://localhost:8080/v1/check -d '…'
      String body = "{\"identifier\": \"user_123\", \"namespace\": \"api_requests\"}";
      client.send(
          "POST /v1/check HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.14.1\r\n"
              + "Accept: */*\r\nContent-Length: "
              + body.length()
              + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
              + body);
      Answer answer = client.read();
      assertEquals(200, answer.status());
      assertEquals("application/json", answer.header("Content-Type"));
      assertEquals("no-store", answer.header("Cache-Control"));
      assertEquals("Thu, 15 Jan 2026 10:30:00 GMT", answer.header("Date"));
      assertTrue(
          answer.body().startsWith("{\"allowed\":true,\"remaining\":99,\"reset_at\":\""),
          answer::body);
      assertEquals(
          "{\"allowed\":true,\"remaining\":99,\"reset_at\":\"2026-01-15T10:31:00Z\","
              + "\"code\":\"ALLOWED\",\"decision_id\":\"X\",\"retry_after_ms\":null,"
              + "\"degraded\":false,\"limits\":[{\"name\":\"per-minute\","
              + "\"algorithm\":\"fixed_window\",\"limit\":100,\"remaining\":99,"
              + "\"reset_at\":\"2026-01-15T10:31:00Z\",\"retry_after_ms\":null,"
              + "\"binding\":true,\"shadow\":false}]}",
          answer.masked());
    }
  }

  @Test
  void the101stCallInOneWindowIsDeniedWithRetryAfter() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      door.advance(30_500_000);
      for (int i = 99; i >= 0; i--) {
        assertEquals((long) i, client.check(USER).json().get("remaining"));
      }
      Answer denied = client.check(USER);
      assertEquals(200, denied.status());
      assertEquals("30", denied.header("Retry-After"));
      assertEquals(
          "{\"allowed\":false,\"remaining\":0,\"reset_at\":\"2026-01-15T10:31:00Z\","
              + "\"code\":\"RATE_LIMITED\",\"decision_id\":\"X\",\"retry_after_ms\":29500,"
              + "\"degraded\":false,\"limits\":[{\"name\":\"per-minute\","
              + "\"algorithm\":\"fixed_window\",\"limit\":100,\"remaining\":0,"
              + "\"reset_at\":\"2026-01-15T10:31:00Z\",\"retry_after_ms\":29500,"
              + "\"binding\":true,\"shadow\":false}]}",
          denied.masked());
      door.advance(29_500_000);
      assertEquals(99L, client.check(USER).json().get("remaining"));
    }
  }

  @Test
  void gcraPasses100AndOneMoreForEach600MillisElapsed() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      for (int i = 0; i < 100; i++) {
        assertEquals(true, client.check(OTHER).json().get("allowed"));
      }
      door.advance(599_999);
      Answer denied = client.check(OTHER);
      assertEquals(false, denied.json().get("allowed"));
      assertTrue(denied.body().contains("\"retry_after_ms\":0.001,"), denied::body);
      assertEquals("1", denied.header("Retry-After"));
      door.advance(1);
      assertEquals(true, client.check(OTHER).json().get("allowed"));
      assertEquals(false, client.check(OTHER).json().get("allowed"));
      door.advance(1_200_000);
      assertEquals(true, client.check(OTHER).json().get("allowed"));
      assertEquals(true, client.check(OTHER).json().get("allowed"));
      assertEquals(false, client.check(OTHER).json().get("allowed"));
    }
  }

  @Test
  void microsecondsAreExactAndShownOnlyWhenThereAreAny() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      door.advance(1_000_007);
      String reset = String.valueOf(client.check(OTHER).json().get("reset_at"));
      assertEquals("2026-01-15T10:30:01.600007Z", reset);
    }
  }

  @Test
  void aCostThatCanNeverPassHasNoRetryAfter() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      Answer denied =
          client.check("{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":101}");
      assertEquals("absent", denied.header("Retry-After"));
      assertTrue(denied.body().contains("\"code\":\"RATE_LIMITED\""), denied::body);
      assertTrue(denied.body().contains("\"retry_after_ms\":null"), denied::body);
      assertFalse(denied.json().containsKey("delay_ms"));
    }
  }

  @Test
  void aPeekConsumesNothing() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      String peek = "{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":0}";
      client.check("{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":40}");
      assertEquals(60L, client.check(peek).json().get("remaining"));
      assertEquals(60L, client.check(peek).json().get("remaining"));
    }
  }

  @Test
  void aRepeatedIdempotencyKeyConsumesOnce() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client()) {
      String once =
          "{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"idempotency_key\":\"k\"}";
      assertEquals(99L, client.check(once).json().get("remaining"));
      assertEquals(99L, client.check(once).json().get("remaining"));
      assertEquals(98L, client.check(once.replace("\"k\"", "\"j\"")).json().get("remaining"));
    }
  }

  @Test
  void everyLimitIsListedAndShadowOnesSayTheirOwnVerdict() throws IOException {
    NamespaceSpec both =
        NamespaceSpec.of(
            "both",
            List.of(
                TestDoor.shadow("trial", 1),
                LimitSpec.of("bucket", new Algorithm.TokenBucket(10, TestDoor.MINUTE, 15))));
    try (TestDoor door = TestDoor.over(both);
        Client client = door.client()) {
      String check = "{\"identifier\":\"u\",\"namespace\":\"both\"}";
      client.check(check);
      assertEquals(
          "{\"allowed\":true,\"remaining\":13,\"reset_at\":\"2026-01-15T10:30:12Z\","
              + "\"code\":\"ALLOWED\",\"decision_id\":\"X\",\"retry_after_ms\":null,"
              + "\"degraded\":false,\"limits\":[{\"name\":\"trial\","
              + "\"algorithm\":\"fixed_window\",\"limit\":1,\"remaining\":0,"
              + "\"reset_at\":\"2026-01-15T10:31:00Z\",\"retry_after_ms\":60000,"
              + "\"binding\":false,\"shadow\":true,\"allowed\":false},{\"name\":\"bucket\","
              + "\"algorithm\":\"token_bucket\",\"limit\":10,\"burst\":15,\"remaining\":13,"
              + "\"reset_at\":\"2026-01-15T10:30:12Z\",\"retry_after_ms\":null,"
              + "\"binding\":true,\"shadow\":false}]}",
          client.check(check).masked());
    }
  }

  @Test
  void withoutAnApplicableLimitRemainingAndResetAreNull() throws IOException {
    NamespaceSpec watched = NamespaceSpec.of("watched", List.of(TestDoor.shadow("trial", 1)));
    try (TestDoor door = TestDoor.over(watched, NamespaceSpec.of("free", List.of()));
        Client client = door.client()) {
      assertEquals(
          "{\"allowed\":true,\"remaining\":null,\"reset_at\":null,\"code\":\"ALLOWED\","
              + "\"decision_id\":\"X\",\"retry_after_ms\":null,\"degraded\":false,\"limits\":[]}",
          client.check("{\"identifier\":\"u\",\"namespace\":\"free\"}").masked());
      Answer shadowed = client.check("{\"identifier\":\"u\",\"namespace\":\"watched\"}");
      assertTrue(shadowed.body().startsWith("{\"allowed\":true,\"remaining\":null,"));
      assertEquals("absent", shadowed.header("RateLimit"));
      assertEquals("absent", shadowed.header("RateLimit-Policy"));
    }
  }

  @Test
  void anAdmittedQueueSaysItsDelayAndADeniedOneItsWait() throws IOException {
    Algorithm paced = new Algorithm.LeakyBucket(10, 1_000_000, 1, LeakyMode.QUEUE, 150_000);
    NamespaceSpec mail = NamespaceSpec.of("mail", List.of(LimitSpec.of("paced", paced)));
    try (TestDoor door = TestDoor.over(mail);
        Client client = door.client()) {
      String check = "{\"identifier\":\"u\",\"namespace\":\"mail\"}";
      assertTrue(client.check(check).body().contains("\"delay_ms\":0,"));
      door.advance(500);
      assertTrue(client.check(check).body().contains("\"delay_ms\":99.5,"));
      Answer denied = client.check(check);
      assertFalse(denied.json().containsKey("delay_ms"));
      assertTrue(denied.body().contains("\"retry_after_ms\":49.5,"), denied::body);
      assertTrue(denied.body().contains("\"limit\":10,\"burst\":1,"), denied::body);
    }
  }
}
