package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Denials as a status of their own, for those who ask for it (RFC 7240). */
class PreferTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door =
        TestDoor.over(
            NamespaceSpec.of(
                "n",
                List.of(
                    TestDoor.perMinute(1), TestDoor.gcra("paced", 100), TestDoor.shadow("s", 1))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=decision",
        "Status = \"decision\"",
        "respond-async, status=decision; why=x",
        "status=decision, status=other"
      })
  void aDenialHasItsOwnStatusWhenThatIsPreferred(String preference) throws IOException {
    String prefer = "Prefer: " + preference;
    Answer allowed = client.check(CHECK, prefer);
    assertEquals(200, allowed.status());
    assertEquals("application/json", allowed.header("Content-Type"));
    assertEquals("status=decision", allowed.header("Preference-Applied"));
    Answer denied = client.check(CHECK, prefer);
    assertEquals(429, denied.status());
    assertEquals("application/problem+json", denied.header("Content-Type"));
    assertEquals("status=decision", denied.header("Preference-Applied"));
    assertEquals("Prefer", denied.header("Vary"));
    assertEquals("60", denied.header("Retry-After"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "status=Decision",
        "status=other, status=decision",
        "decision",
        "x=\"status=decision\""
      })
  void otherPreferencesChangeNothing(String preference) throws IOException {
    client.check(CHECK);
    Answer denied = client.check(CHECK, "Prefer: " + preference);
    assertEquals(200, denied.status());
    assertEquals("absent", denied.header("Preference-Applied"));
  }

  @Test
  void theProblemHoldsEveryFieldOfTheDecision() throws IOException {
    client.check(CHECK);
    Map<String, Object> plain = client.check(CHECK).json();
    Map<String, Object> problem =
        client.check(CHECK, "Prefer: status=decision", "X-Request-Id: r1").json();
    plain.forEach((field, value) -> {
      if (!field.equals("decision_id")) {
        assertEquals(value, problem.get(field), field);
      }
    });
    assertNotNull(problem.get("decision_id"));
    assertEquals(
        "https://iana.org/assignments/http-problem-types#quota-exceeded", problem.get("type"));
    assertEquals(429L, problem.get("status"));
    assertEquals("the limit per-minute is used up", problem.get("detail"));
    assertEquals("r1", problem.get("request_id"));
    assertEquals(List.of("per-minute"), problem.get("violated-policies"));
    assertEquals(1L, problem.get("limit"));
    assertEquals(false, problem.get("anomalous"));
    assertEquals("RATE_LIMITED", problem.get("code"));
  }

  @Test
  void otherCallsKeepTheirStatus() throws IOException {
    client.check(CHECK);
    for (String path : List.of("/v1/check:explain", "/v1/reservations", "/v1/leases")) {
      Answer denied = client.send(Client.post(path, CHECK, "Prefer: status=decision")).read();
      assertEquals(200, denied.status());
      assertEquals("RATE_LIMITED", denied.code());
    }
  }
}
