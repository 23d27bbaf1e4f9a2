package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several checks in one call. */
class BatchTest {

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door = TestDoor.over(NamespaceSpec.of("api", List.of(TestDoor.perMinute(3))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private static String check(String identifier, String more) {
    return "{\"identifier\":\"" + identifier + "\",\"namespace\":\"api\"" + more + "}";
  }

  private Answer batch(String mode, String... checks) throws IOException {
    String body = "{" + mode + "\"checks\":[" + String.join(",", checks) + "]}";
    return client.send(Client.post("/v1/check:batch", body)).read();
  }

  private long remaining(String identifier) throws IOException {
    Object remaining = client.check(check(identifier, ",\"cost\":0")).json().get("remaining");
    return remaining instanceof Long number ? number : -1;
  }

  private static List<Object> field(Answer answer, String name) {
    List<?> results = answer.json().get("results") instanceof List<?> list ? list : List.of();
    return results.stream()
        .map(r -> r instanceof Map<?, ?> map ? (Object) String.valueOf(map.get(name)) : "no object")
        .toList();
  }

  @Test
  void eachCheckIsChargedOnItsOwn() throws IOException {
    Answer answer =
        batch(
            "\"mode\":\"each\",",
            check("a", ",\"cost\":2"),
            check("a", ",\"cost\":2"),
            check("b", ""));
    assertEquals(200, answer.status());
    assertEquals(false, answer.json().get("allowed"));
    assertEquals(List.of("true", "false", "true"), field(answer, "allowed"));
    assertEquals(List.of("ALLOWED", "RATE_LIMITED", "ALLOWED"), field(answer, "code"));
    assertEquals(1, remaining("a"));
    assertEquals(2, remaining("b"));
  }

  @Test
  void withoutAModeEachIsMeant() throws IOException {
    Answer answer = batch("", check("a", ""), check("a", ",\"cost\":3"));
    assertEquals(List.of("true", "false"), field(answer, "allowed"));
    assertEquals(2, remaining("a"));
  }

  @Test
  void allAreChargedOrNoneIs() throws IOException {
    Answer refused = batch("\"mode\":\"all\",", check("a", ""), check("b", ",\"cost\":4"));
    assertEquals(false, refused.json().get("allowed"));
    assertEquals(3, remaining("a"));
    Answer passed = batch("\"mode\":\"all\",", check("a", ""), check("b", ",\"cost\":3"));
    assertEquals(true, passed.json().get("allowed"));
    assertEquals(2, remaining("a"));
    assertEquals(0, remaining("b"));
  }

  @Test
  void allRefusesIdempotencyKeysAndChargesNothing() throws IOException {
    Answer refused =
        batch("\"mode\":\"all\",", check("a", ""), check("b", ",\"idempotency_key\":\"k\""));
    assertEquals(400, refused.status());
    assertEquals(List.of("/checks/1/idempotency_key"), refused.pointers());
    assertEquals(3, remaining("a"));
  }

  @Test
  void theAnswerIsExact() throws IOException {
    String limit =
        "{\"name\":\"per-minute\",\"algorithm\":\"fixed_window\",\"limit\":3,\"remaining\":2,"
            + "\"reset_at\":\"2026-01-15T10:31:00Z\",\"retry_after_ms\":null,"
            + "\"binding\":true,\"shadow\":false}";
    String one =
        "{\"allowed\":true,\"remaining\":2,\"reset_at\":\"2026-01-15T10:31:00Z\","
            + "\"code\":\"ALLOWED\",\"decision_id\":\"X\",\"retry_after_ms\":null,"
            + "\"degraded\":false,\"limits\":["
            + limit
            + "]}";
    assertEquals(
        "{\"allowed\":true,\"results\":[" + one + "," + one + "]}",
        batch("", check("a", ""), check("b", "")).masked());
  }

  @Test
  void aThousandChecksAreAnswered() throws IOException {
    String[] checks = Collections.nCopies(1_000, check("a", "")).toArray(String[]::new);
    Answer answer = batch("", checks);
    assertEquals(1_000, field(answer, "allowed").size());
    assertEquals(3, Collections.frequency(field(answer, "allowed"), "true"));
  }

  @Test
  void oneCheckMoreIsRefused() throws IOException {
    String[] checks = Collections.nCopies(1_001, check("a", "")).toArray(String[]::new);
    refused(batch("", checks), 400, "BATCH_TOO_LARGE", "/checks");
    assertEquals(3, remaining("a"));
  }

  @Test
  void oneBadCheckRefusesTheWholeCall() throws IOException {
    refused(
        batch("", check("a", ""), check("a", ",\"cost\":-1")),
        400,
        "INVALID_FIELD",
        "/checks/1/cost");
    refused(
        batch("", check("a", ""), check("a", ",\"cost\":1.0")),
        400,
        "INVALID_FIELD",
        "/checks/1/cost");
    refused(
        batch("", check("a", ""), "{\"namespace\":\"api\"}"),
        400,
        "MISSING_FIELD",
        "/checks/1/identifier");
    refused(batch("", check("a", ""), check("", "")), 400, "INVALID_FIELD", "/checks/1/identifier");
    refused(batch("", check("a", ""), "1"), 400, "INVALID_FIELD", "/checks/1");
    refused(
        batch("", check("a", ""), "{\"identifier\":\"a\",\"namespace\":\"nope\"}"),
        404,
        "NAMESPACE_NOT_FOUND",
        "/checks/1/namespace");
    assertEquals(3, remaining("a"));
  }

  @Test
  void whatIsNoBatchIsRefused() throws IOException {
    refused(batch(""), 400, "INVALID_FIELD", "/checks");
    refused(batch("\"mode\":\"some\",", check("a", "")), 400, "INVALID_FIELD", "/mode");
    refused(batch("\"mode\":1,", check("a", "")), 400, "INVALID_FIELD", "/mode");
    refused(send("{}"), 400, "MISSING_FIELD", "/checks");
    refused(send("{\"checks\":{}}"), 400, "INVALID_FIELD", "/checks");
  }

  @Test
  void nestingFarBeyondTheBoundIsRefused() throws IOException {
    String deep = "{\"x\":" + "[".repeat(500_000) + "]".repeat(500_000) + "}";
    assertEquals("JSON_OUT_OF_BOUNDS", send(deep).code());
  }

  private Answer send(String body) throws IOException {
    return client.send(Client.post("/v1/check:batch", body)).read();
  }

  private static void refused(Answer answer, int status, String code, String pointer) {
    assertEquals(status, answer.status(), answer::body);
    assertEquals(code, answer.code());
    assertEquals(List.of(pointer), answer.pointers());
  }
}
