package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cost that is held first and settled later. */
class ReservationTest {

  private static final String RESERVE = "/v1/reservations";
  private static final long SECOND = 1_000_000;

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door = TestDoor.usual();
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private static String body(long cost, String more) {
    return "{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":" + cost + more + "}";
  }

  private String reserve(long cost, String more) throws IOException {
    Answer answer = client.call(RESERVE, body(cost, more));
    assertEquals(200, answer.status(), answer::body);
    String id = answer.text("reservation_id");
    assertTrue(id.matches("res_[0-7][0-9A-HJKMNP-TV-Z]{25}"), id);
    return RESERVE + "/" + id;
  }

  private long remaining() throws IOException {
    return Long.parseLong(client.check(body(0, "")).text("remaining"));
  }

  private void refused(int status, String code, String path, String body) throws IOException {
    Answer answer = client.call(path, body);
    assertEquals(status, answer.status(), answer::body);
    assertEquals(code, answer.code());
  }

  @Test
  void aReservationCountsAtOnceAndACommitSettlesIt() throws IOException {
    String id = reserve(40, "");
    assertEquals(60L, remaining());
    Answer committed = client.call(id + ":commit", "{\"actual\":15}");
    assertEquals("{\"committed\":15}", committed.body());
    assertEquals(85L, remaining());
  }

  @Test
  void aCommitMayExceedWhatWasReserved() throws IOException {
    String id = reserve(10, "");
    assertEquals("{\"committed\":25}", client.call(id + ":commit", "{\"actual\":25}").body());
    assertEquals(75L, remaining());
  }

  @Test
  void aCancelGivesEverythingBackAndNeedsNoBody() throws IOException {
    assertEquals("{}", client.call(reserve(40, "") + ":cancel", "").body());
    assertEquals("{}", client.call(reserve(40, "") + ":cancel", "{}").body());
    assertEquals(100L, remaining());
  }

  @Test
  void aDeniedReservationHasNoIdAndChargesNothing() throws IOException {
    Answer denied = client.call(RESERVE, body(101, ""));
    assertEquals(200, denied.status());
    assertEquals(false, denied.json().get("allowed"));
    assertFalse(denied.json().containsKey("reservation_id"));
    assertFalse(denied.json().containsKey("expires_at"));
    assertEquals(100L, remaining());
  }

  @Test
  void theAnswerSaysWhenItEndsAndCarriesRateLimitHeaders() throws IOException {
    Answer answer = client.call(RESERVE, body(1, ""));
    assertEquals("2026-01-15T10:31:00Z", answer.text("expires_at"));
    assertEquals("\"per-minute\";r=99;t=60", answer.header("RateLimit"));
    Answer longer = client.call(RESERVE, body(1, ",\"ttl_ms\":3600000"));
    assertEquals("2026-01-15T11:30:00Z", longer.text("expires_at"));
  }

  @Test
  void aSecondSettlementChangesNothing() throws IOException {
    String id = reserve(40, "");
    assertEquals(200, client.call(id + ":commit", "{\"actual\":10}").status());
    refused(409, "RESERVATION_SETTLED", id + ":commit", "{\"actual\":20}");
    refused(409, "RESERVATION_SETTLED", id + ":cancel", "");
    assertEquals(90L, remaining());
  }

  @Test
  void whatIsNotSettledInTimeCountsAsCommitted() throws IOException {
    String id = reserve(40, ",\"ttl_ms\":1000");
    door.advance(SECOND + 1);
    refused(410, "RESERVATION_EXPIRED", id + ":cancel", "");
    assertEquals(60L, remaining());
  }

  @Test
  void idsThatWereNeverGivenAreNotFound() throws IOException {
    String zeros = "0".repeat(26);
    for (String id :
        List.of(
            "res_" + zeros,
            "res_8" + "0".repeat(25),
            "lea_" + zeros,
            "x",
            "res_" + "I".repeat(26))) {
      refused(404, "RESERVATION_NOT_FOUND", RESERVE + "/" + id + ":commit", "{\"actual\":1}");
    }
    refused(404, "NOT_FOUND", RESERVE + "/:commit", "{\"actual\":1}");
    refused(404, "NOT_FOUND", RESERVE + "/res_" + zeros, "{\"actual\":1}");
    refused(404, "NOT_FOUND", RESERVE + "/a/b:commit", "{\"actual\":1}");
  }

  @Test
  void wrongFieldsAreNamedAndNothingIsHeld() throws IOException {
    for (String more :
        List.of(",\"ttl_ms\":999", ",\"ttl_ms\":3600001", ",\"ttl_ms\":\"1\"", ",\"ttl_ms\":1.5")) {
      Answer answer = client.call(RESERVE, body(1, more));
      assertEquals(List.of("/ttl_ms"), answer.pointers(), answer::body);
    }
    Answer keyed = client.call(RESERVE, body(1, ",\"idempotency_key\":\"k\""));
    assertEquals(List.of("/idempotency_key"), keyed.pointers());
    assertEquals(100L, remaining());
    String id = reserve(1, "");
    assertEquals(List.of("/actual"), client.call(id + ":commit", "{}").pointers());
    assertEquals(List.of("/actual"), client.call(id + ":commit", "{\"actual\":-1}").pointers());
    Answer huge = client.call(id + ":commit", "{\"actual\":9007199254740992}");
    assertEquals(List.of("/actual"), huge.pointers(), huge::body);
    assertEquals("{\"committed\":1}", client.call(id + ":commit", "{\"actual\":1}").body());
  }

  @Test
  void anIdHasOneSpelling() throws IOException {
    String id = reserve(1, "");
    String lower = RESERVE + "/" + id.substring(RESERVE.length() + 1).toLowerCase(Locale.ROOT);
    refused(404, "RESERVATION_NOT_FOUND", lower + ":cancel", "");
  }
}
