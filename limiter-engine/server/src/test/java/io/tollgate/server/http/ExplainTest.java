package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.limit.StoreFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check would be told, and why. */
class ExplainTest {

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    LimitSpec exports = LimitSpec.of("exports", TestDoor.window(1));
    OverrideSpec vip =
        new OverrideSpec(
            "\"v\n😀*", Map.of("per-minute", new LimitOverride.Numbers(9, OptionalLong.empty())));
    NamespaceSpec api =
        new NamespaceSpec(
            "api",
            StoreFailure.LOCAL,
            Headers.DRAFT,
            List.of(TestDoor.perMinute(3)),
            List.of(vip),
            List.of(new EndpointSpec("POST /exports*", List.of(exports))));
    door = TestDoor.over(api, NamespaceSpec.of("free", List.of()));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private Answer explain(String body) throws IOException {
    return client.send(Client.post("/v1/check:explain", body)).read();
  }

  @Test
  void anExplanationConsumesNothingAndSaysWhatWouldPass() throws IOException {
    String check = "{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":2}";
    String expected =
        "{\"allowed\":true,\"remaining\":3,\"reset_at\":\"2026-01-15T10:31:00Z\","
            + "\"code\":\"ALLOWED\",\"decision_id\":\"X\",\"retry_after_ms\":null,"
            + "\"degraded\":false,\"limits\":[{\"name\":\"per-minute\","
            + "\"algorithm\":\"fixed_window\",\"limit\":3,\"remaining\":3,"
            + "\"reset_at\":\"2026-01-15T10:31:00Z\",\"retry_after_ms\":null,"
            + "\"binding\":true,\"shadow\":false}],\"rules\":[{\"limit\":\"per-minute\","
            + "\"applies\":true,\"why\":\"limit of namespace api\"},{\"limit\":\"exports\","
            + "\"applies\":false,\"why\":\"only for POST /exports* with {}\"}],"
            + "\"counterfactual\":{\"cost\":3,\"retry_after_ms\":0}}";
    assertEquals(expected, explain(check).masked());
    assertEquals(expected, explain(check).masked());
  }

  @Test
  void aDenialSaysTheWaitAndTheCostThatPasses() throws IOException {
    client.check("{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":2}");
    Answer answer = explain("{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":2}");
    assertEquals(200, answer.status());
    assertTrue(
        answer.body().endsWith(",\"counterfactual\":{\"cost\":1,\"retry_after_ms\":60000}}"),
        answer::body);
    answer = explain("{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":4}");
    assertTrue(answer.body().endsWith(",\"retry_after_ms\":null}}"), answer::body);
  }

  @Test
  void withoutALimitAnyCostPasses() throws IOException {
    Answer answer = explain("{\"identifier\":\"u\",\"namespace\":\"free\"}");
    assertTrue(
        answer
            .body()
            .endsWith("\"rules\":[],\"counterfactual\":{\"cost\":null,\"retry_after_ms\":0}}"),
        answer::body);
  }

  @Test
  void anOverrideOfAnyNameIsQuotedSafely() throws IOException {
    Answer answer = explain("{\"identifier\":\"\\\"v\\n😀x\",\"namespace\":\"api\"}");
    assertEquals(9L, answer.json().get("remaining"));
    assertTrue(String.valueOf(answer.json()).contains("by the override of \"v\n😀*"));
  }

  @Test
  void badInputIsRefusedAsInACheck() throws IOException {
    Answer answer = explain("{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":-1}");
    assertEquals(400, answer.status());
    assertEquals(List.of("/cost"), answer.pointers());
    answer = explain("{\"identifier\":\"u\",\"namespace\":\"nope\"}");
    assertEquals("NAMESPACE_NOT_FOUND", answer.code());
  }
}
