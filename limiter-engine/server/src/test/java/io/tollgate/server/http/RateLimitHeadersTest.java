package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rate-limit headers of a decision, in each setting. */
class RateLimitHeadersTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
  private static final String TOO_MUCH = "{\"identifier\":\"u\",\"namespace\":\"n\",\"cost\":101}";

  private static final List<String> DRAFT = List.of("RateLimit-Policy", "RateLimit");
  private static final List<String> LEGACY =
      List.of("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

  private static TestDoor door(Headers headers, LimitSpec... limits) throws IOException {
    TestDoor door = TestDoor.over(TestDoor.namespace("n", headers, limits));
    door.advance(30_000_001);
    return door;
  }

  private static void absent(Answer answer, List<String> names) {
    names.forEach(name -> assertEquals("absent", answer.header(name), name));
  }

  @Test
  void draftHeadersNameEachEnforcedLimit() throws IOException {
    LimitSpec second = LimitSpec.of("paced", new Algorithm.Gcra(10, 1_500_000, 20));
    try (TestDoor door =
            door(Headers.DRAFT, TestDoor.perMinute(100), TestDoor.shadow("trial", 5), second);
        Client client = door.client()) {
      Answer answer = client.check(CHECK);
      assertEquals("\"per-minute\";q=100;w=60, \"paced\";q=10", answer.header("RateLimit-Policy"));
      assertEquals("\"per-minute\";r=99;t=30, \"paced\";r=19;t=1", answer.header("RateLimit"));
      absent(answer, LEGACY);
      assertEquals("absent", answer.header("Retry-After"));
    }
  }

  @Test
  void onDenialTheTimeIsWhenThisCostPasses() throws IOException {
    LimitSpec calendar =
        LimitSpec.of(
            "daily",
            new Algorithm.FixedWindow(
                2, new Period.Span(86_400_000_000L), new Alignment.Calendar(ZoneOffset.UTC)));
    try (TestDoor door = door(Headers.DRAFT, TestDoor.perMinute(1), calendar);
        Client client = door.client()) {
      client.check(CHECK);
      Answer denied = client.check(CHECK);
      assertEquals("\"per-minute\";q=1;w=60, \"daily\";q=2", denied.header("RateLimit-Policy"));
      assertEquals("\"per-minute\";r=0;t=30, \"daily\";r=1;t=48570", denied.header("RateLimit"));
      assertEquals("30", denied.header("Retry-After"));
    }
  }

  @Test
  void whatCanNeverPassHasNoTime() throws IOException {
    try (TestDoor door = door(Headers.BOTH, TestDoor.perMinute(100));
        Client client = door.client()) {
      Answer denied = client.check(TOO_MUCH);
      assertEquals("\"per-minute\";r=100", denied.header("RateLimit"));
      assertEquals("absent", denied.header("Retry-After"));
    }
  }

  @Test
  void legacyHeadersAreOfTheBindingLimit() throws IOException {
    try (TestDoor door = door(Headers.LEGACY, TestDoor.perMinute(100), TestDoor.gcra("g", 10));
        Client client = door.client()) {
      Answer answer = client.check(CHECK);
      assertEquals("10", answer.header("X-RateLimit-Limit"));
      assertEquals("9", answer.header("X-RateLimit-Remaining"));
      assertEquals("6", answer.header("X-RateLimit-Reset"));
      absent(answer, DRAFT);
    }
  }

  @Test
  void bothAreWrittenWhenBothAreWanted() throws IOException {
    try (TestDoor door = door(Headers.BOTH, TestDoor.perMinute(100));
        Client client = door.client()) {
      Answer answer = client.check(CHECK);
      assertEquals("\"per-minute\";q=100;w=60", answer.header("RateLimit-Policy"));
      assertEquals("\"per-minute\";r=99;t=30", answer.header("RateLimit"));
      assertEquals("100", answer.header("X-RateLimit-Limit"));
      assertEquals("99", answer.header("X-RateLimit-Remaining"));
      assertEquals("30", answer.header("X-RateLimit-Reset"));
    }
  }

  @Test
  void noneLeavesOnlyRetryAfter() throws IOException {
    try (TestDoor door = door(Headers.NONE, TestDoor.perMinute(1));
        Client client = door.client()) {
      Answer answer = client.check(CHECK);
      absent(answer, DRAFT);
      absent(answer, LEGACY);
      Answer denied = client.check(CHECK);
      absent(denied, DRAFT);
      absent(denied, LEGACY);
      assertEquals("30", denied.header("Retry-After"));
    }
  }

  @Test
  void numbersStayWithin15Digits() throws IOException {
    long most = (1L << 53) - 1;
    try (TestDoor door = door(Headers.DRAFT, LimitSpec.of("huge", TestDoor.window(most)));
        Client client = door.client()) {
      Answer answer = client.check(CHECK);
      assertEquals("\"huge\";q=999999999999999;w=60", answer.header("RateLimit-Policy"));
      assertEquals("\"huge\";r=999999999999999;t=30", answer.header("RateLimit"));
    }
  }

  @Test
  void theNamespaceThatAnswersForOthersSetsTheHeaders() throws IOException {
    NamespaceSpec any = TestDoor.namespace("*", Headers.LEGACY, TestDoor.perMinute(100));
    try (TestDoor door = TestDoor.over(any);
        Client client = door.client()) {
      assertEquals("100", client.check(CHECK).header("X-RateLimit-Limit"));
    }
  }
}
