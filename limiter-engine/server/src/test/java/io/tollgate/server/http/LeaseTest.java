package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units of concurrency that are held for a while. */
class LeaseTest {

  private static final String LEASES = "/v1/leases";
  private static final long SECOND = 1_000_000;

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door =
        TestDoor.over(
            NamespaceSpec.of("streams", List.of(TestDoor.atOnce(2), TestDoor.perMinute(10))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private static String body(String more) {
    return "{\"identifier\":\"u\",\"namespace\":\"streams\"" + more + "}";
  }

  private Answer acquire(String more) throws IOException {
    Answer answer = client.call(LEASES, body(more));
    assertEquals(200, answer.status(), answer::body);
    return answer;
  }

  private String lease(String more) throws IOException {
    String id = acquire(more).text("lease_id");
    assertTrue(id.matches("lea_[0-7][0-9A-HJKMNP-TV-Z]{25}"), id);
    return LEASES + "/" + id;
  }

  @Test
  void asManyAreHeldAsTheLimitSays() throws IOException {
    String first = lease("");
    lease("");
    Answer third = acquire("");
    assertEquals("CONCURRENCY_EXCEEDED", third.code());
    assertFalse(third.json().containsKey("lease_id"));
    assertEquals("{\"released\":true}", client.call(first + ":release", "").body());
    lease("");
  }

  @Test
  void aLeaseEndsWithItsTimeUnlessItIsRenewed() throws IOException {
    String kept = lease(",\"ttl_ms\":1000");
    String lost = lease(",\"ttl_ms\":1000");
    Answer renewed = client.call(kept + ":renew", "{\"ttl_ms\":5000}");
    assertEquals("{\"renewed\":true,\"expires_at\":\"2026-01-15T10:30:05Z\"}", renewed.body());
    door.advance(2 * SECOND);
    assertEquals(410, client.call(lost + ":renew", "{\"ttl_ms\":5000}").status());
    assertEquals(200, client.call(kept + ":renew", "{\"ttl_ms\":5000}").status());
    lease("");
    assertEquals("CONCURRENCY_EXCEEDED", acquire("").code());
  }

  @Test
  void theLimitSaysForHowLongWhenTheRequestDoesNot() throws IOException {
    assertEquals("2026-01-15T10:30:30Z", acquire("").text("expires_at"));
    assertEquals("2026-01-15T10:30:00.100000Z", acquire(",\"ttl_ms\":100").text("expires_at"));
  }

  @Test
  void aReleaseCanBeRepeatedAndSaysHowItWent() throws IOException {
    String id = lease("");
    assertEquals("{\"released\":true}", client.call(id + ":release", "{}").body());
    for (String outcome : List.of("success", "ignore", "dropped")) {
      Answer again = client.call(id + ":release", "{\"outcome\":\"" + outcome + "\"}");
      assertEquals(200, again.status());
      assertEquals("{\"released\":false}", again.body());
    }
    Answer wrong = client.call(id + ":release", "{\"outcome\":\"well\"}");
    assertEquals(List.of("/outcome"), wrong.pointers());
  }

  @Test
  void theCostIsTheWeight() throws IOException {
    lease(",\"cost\":2");
    assertEquals("CONCURRENCY_EXCEEDED", acquire("").code());
  }

  @Test
  void rateLimitsOfTheNamespaceCountALeaseToo() throws IOException {
    for (int i = 0; i < 10; i++) {
      assertEquals(200, client.call(lease("") + ":release", "").status());
    }
    assertEquals("RATE_LIMITED", acquire("").code());
  }

  @Test
  void wrongFieldsAndIdsAreNamed() throws IOException {
    String id = lease("");
    assertEquals(List.of("/ttl_ms"), client.call(LEASES, body(",\"ttl_ms\":99")).pointers());
    assertEquals(List.of("/ttl_ms"), client.call(id + ":renew", "{}").pointers());
    assertEquals(List.of("/ttl_ms"), client.call(id + ":renew", "{\"ttl_ms\":0}").pointers());
    assertEquals("INVALID_JSON", client.call(id + ":renew", "").code());
    for (String verb : List.of(":renew", ":release")) {
      String unknown = LEASES + "/lea_" + "0".repeat(26) + verb;
      int status = client.call(unknown, "{\"ttl_ms\":1000}").status();
      assertEquals(verb.equals(":renew") ? 404 : 200, status);
      assertEquals(
          "LEASE_NOT_FOUND", client.call(LEASES + "/x" + verb, "{\"ttl_ms\":1000}").code());
    }
  }
}
