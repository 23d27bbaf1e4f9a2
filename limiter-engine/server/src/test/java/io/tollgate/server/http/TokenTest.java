package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may check. */
class TokenTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
  private static final String SECRET = "s3cret-ß";

  private TestDoor door;
  private Client client;

  @BeforeEach
  void open() throws IOException {
    door = TestDoor.guarded(SECRET, NamespaceSpec.of("n", List.of(TestDoor.perMinute(10))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private void refused(String... headers) throws IOException {
    Answer answer = client.check(CHECK, headers);
    assertEquals(401, answer.status());
    assertEquals("UNAUTHORIZED", answer.code());
    assertEquals("Bearer", answer.header("WWW-Authenticate"));
    assertFalse(answer.body().contains("s3cret"), answer::body);
  }

  @Test
  void theTokenAdmits() throws IOException {
    assertEquals(200, client.check(CHECK, "Authorization: Bearer " + SECRET).status());
    assertEquals(200, client.check(CHECK, "authorization: bearer   " + SECRET + " ").status());
  }

  @Test
  void anythingElseIsRefusedAndConsumesNothing() throws IOException {
    refused();
    refused("Authorization: Bearer " + SECRET + "x");
    refused("Authorization: Bearer s3cret");
    refused("Authorization: Bearer S3CRET-ß");
    refused("Authorization: Bearer ");
    refused("Authorization: Bearer");
    refused("Authorization: Basic " + SECRET);
    refused("Authorization: " + SECRET);
    refused("Authorization: Bearer " + SECRET, "Authorization: Bearer " + SECRET);
    Answer first = client.check(CHECK, "Authorization: Bearer " + SECRET);
    assertEquals(9L, first.json().get("remaining"));
  }

  @Test
  void batchesAndExplanationsNeedItToo() throws IOException {
    String batch = "{\"checks\":[" + CHECK + "]}";
    assertEquals(401, client.send(Client.post("/v1/check:batch", batch)).read().status());
    assertEquals(401, client.send(Client.post("/v1/check:explain", CHECK)).read().status());
  }

  @Test
  void healthNeedsNone() throws IOException {
    assertEquals(200, client.send(Client.request("GET", "/health/ready", "")).read().status());
  }

  @Test
  void optionsNeverShowTheToken() {
    HttpDoor.Options options = TestDoor.options("::1", 1, 2, Optional.of(SECRET));
    assertEquals("Options[bind=::1, httpPort=1, adminPort=2]", options.toString());
  }
}
