package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator does to counted state. */
class StateTest {

  private static final String CHECK_TOKEN = "check-token";
  private static final String ADMIN_TOKEN = "admin-token";

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door =
        TestDoor.guarded(
            CHECK_TOKEN,
            ADMIN_TOKEN,
            NamespaceSpec.of("n", List.of(TestDoor.perMinute(10), TestDoor.atOnce(1))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private Answer call(String path, String token, String more) throws IOException {
    String body = "{\"identifier\":\"u\",\"namespace\":\"n\"" + more + "}";
    return client.send(Client.post(path, body, "Authorization: Bearer " + token)).read();
  }

  private long remaining() throws IOException {
    return Long.parseLong(call("/v1/check", CHECK_TOKEN, ",\"cost\":0").text("remaining"));
  }

  @Test
  void aRefundGivesBackAndSaysWhatIsLeft() throws IOException {
    call("/v1/check", CHECK_TOKEN, ",\"cost\":8");
    Answer refunded = call("/v1/refund", ADMIN_TOKEN, ",\"cost\":3");
    assertEquals(200, refunded.status());
    assertEquals(5L, refunded.json().get("remaining"));
    assertEquals("\"per-minute\";r=5;t=60", refunded.header("RateLimit"));
    call("/v1/refund", ADMIN_TOKEN, ",\"cost\":1000");
    assertEquals(10L, remaining());
  }

  @Test
  void aResetForgetsWhatWasUsedAndLeasesOnlyWhenAsked() throws IOException {
    call("/v1/check", CHECK_TOKEN, ",\"cost\":8");
    assertEquals("ALLOWED", call("/v1/leases", CHECK_TOKEN, "").code());
    assertEquals("{}", call("/v1/reset", ADMIN_TOKEN, "").body());
    assertEquals(10L, remaining());
    assertEquals("CONCURRENCY_EXCEEDED", call("/v1/leases", CHECK_TOKEN, "").code());
    assertEquals("{}", call("/v1/reset", ADMIN_TOKEN, ",\"leases\":true").body());
    assertEquals("ALLOWED", call("/v1/leases", CHECK_TOKEN, "").code());
  }

  @Test
  void theCheckTokenDoesNotAdministerAndTheAdminTokenDoesNotCheck() throws IOException {
    for (String path : List.of("/v1/refund", "/v1/reset")) {
      Answer refused = call(path, CHECK_TOKEN, "");
      assertEquals(401, refused.status());
      assertEquals("Bearer", refused.header("WWW-Authenticate"));
    }
    assertEquals(401, call("/v1/check", ADMIN_TOKEN, "").status());
    assertEquals(10L, remaining());
  }

  @Test
  void administrationIsAnsweredOnTheAdminPortTooButChecksAreNot() throws IOException {
    call("/v1/check", CHECK_TOKEN, ",\"cost\":8");
    try (Client admin = door.admin()) {
      String body = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
      String bearer = "Authorization: Bearer ";
      assertEquals(404, admin.check(body, bearer + CHECK_TOKEN).status());
      String reset = Client.post("/v1/reset", body, bearer + ADMIN_TOKEN);
      assertEquals(200, admin.send(reset).read().status());
    }
    assertEquals(10L, remaining());
  }

  @Test
  void aMisspeltFieldIsRefusedAndNothingChanges() throws IOException {
    call("/v1/check", CHECK_TOKEN, ",\"cost\":8");
    assertEquals(List.of("/lease"), call("/v1/reset", ADMIN_TOKEN, ",\"lease\":true").pointers());
    assertEquals(List.of("/leases"), call("/v1/reset", ADMIN_TOKEN, ",\"leases\":1").pointers());
    assertEquals(List.of("/costs"), call("/v1/refund", ADMIN_TOKEN, ",\"costs\":1").pointers());
    Answer keyed = call("/v1/refund", ADMIN_TOKEN, ",\"idempotency_key\":\"k\"");
    assertEquals(List.of("/idempotency_key"), keyed.pointers());
    assertEquals(2L, remaining());
  }

  @Test
  void anUnknownNamespaceIsNotFound() throws IOException {
    String body = "{\"identifier\":\"u\",\"namespace\":\"other\"}";
    for (String path : List.of("/v1/refund", "/v1/reset")) {
      String request = Client.post(path, body, "Authorization: Bearer " + ADMIN_TOKEN);
      assertEquals("NAMESPACE_NOT_FOUND", client.send(request).read().code());
    }
  }
}
