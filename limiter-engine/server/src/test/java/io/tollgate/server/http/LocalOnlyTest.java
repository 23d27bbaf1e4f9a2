package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page in a browser of this machine cannot do. */
class LocalOnlyTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
  private static final NamespaceSpec N = NamespaceSpec.of("n", List.of(TestDoor.perMinute(10)));

  private static String request(String target, String... head) {
    return "POST "
        + target
        + " HTTP/1.1\r\n"
        + String.join("\r\n", head)
        + "\r\nContent-Length: "
        + CHECK.length()
        + "\r\n\r\n"
        + CHECK;
  }

  private static void refused(String target, String... head) throws IOException {
    try (TestDoor door = TestDoor.over(N);
        Client client = door.client()) {
      Answer answer = client.send(request(target, head)).read();
      assertEquals(403, answer.status(), answer::body);
      assertEquals("FOREIGN_ORIGIN", answer.code());
      assertTrue(answer.body().contains("TOLLGATE_TOKEN"), answer::body);
      assertEquals(9L, client.check(CHECK).json().get("remaining"));
    }
  }

  @Test
  void aHostThatIsNoneIsRefusedToo() throws IOException {
    try (TestDoor door = TestDoor.over(N);
        Client client = door.client()) {
      Answer answer =
          client
              .send(Client.post("/v1/check", CHECK).replace("localhost", "127.0.0.1:80:evil"))
              .read();
      assertEquals("INVALID_HOST", answer.code());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]",
        "0x7f000001",
        "127.1",
        "localhost.",
        ""
      })
  void aForeignHostIsRefused(String host) throws IOException {
    refused("/v1/check", "Host: " + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.9.1:1", "[::1]", "[::1]:80"})
  void thisMachineIsAnswered(String host) throws IOException {
    try (TestDoor door = TestDoor.over(N);
        Client client = door.client()) {
      assertEquals(200, client.send(request("/v1/check", "Host: " + host)).read().status());
    }
  }

  @Test
  void theAbsoluteFormNamesTheHost() throws IOException {
    refused("http://evil.example/v1/check", "Host: localhost");
    refused("http://localhost@evil.example/v1/check", "Host: localhost");
  }

  @Test
  void pagesAreRefusedByWhateverTheBrowserSays() throws IOException {
    refused("/v1/check", "Host: localhost", "Origin: http://evil.example");
    refused("/v1/check", "Host: localhost", "Origin: null");
    refused("/v1/check", "Host: localhost", "Sec-Fetch-Site: cross-site");
    refused("/v1/check", "Host: localhost", "Sec-Fetch-Site: same-site");
  }

  @Test
  void withATokenTheHostDoesNotMatter() throws IOException {
    try (TestDoor door = TestDoor.guarded("t", "a", N);
        Client client = door.client()) {
      String[] head = {"Host: gate.example", "Origin: http://x", "Authorization: Bearer t"};
      assertEquals(200, client.send(request("/v1/check", head)).read().status());
    }
  }

  @Test
  void healthIsSaidToEverybody() throws IOException {
    try (TestDoor door = TestDoor.over(N);
        Client client = door.client()) {
      String probe = "GET /health/ready HTTP/1.1\r\nHost: 10.1.2.3:8080\r\n\r\n";
      assertEquals(200, client.send(probe).read().status());
    }
  }
}
