package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Requests over HTTP/2 in clear text: answered as over HTTP/1.1, each on its stream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

  private static final String CHECK = "{\"identifier\":\"two\",\"namespace\":\"n\",\"cost\":0}";

  private TestDoor door;

  @BeforeAll
  void open() throws IOException {
    door = TestDoor.usual();
  }

  @AfterAll
  void close() {
    door.close();
  }

  private H2Client client() throws IOException {
    return H2Client.to(door.door.httpPort());
  }

  @Test
  void aCheckIsAnsweredAsOverHttp11() throws IOException {
    try (H2Client two = client();
        Client one = door.client()) {
      Answer of2 = two.post("/v1/check", CHECK, "x-request-id", "same");
      Answer of1 = one.check(CHECK, "X-Request-Id: same");
      assertEquals(of1.status(), of2.status());
      assertEquals(of1.headers(), of2.headers());
      assertEquals(of1.masked(), of2.masked());
    }
  }

  @Test
  void bothPortsSpeakBoth() throws IOException {
    try (H2Client admin = H2Client.to(door.door.adminPort())) {
      assertEquals(200, admin.get("/health").status());
      assertEquals(404, admin.post("/v1/check", CHECK).status());
    }
  }

  @Test
  void manyStreamsAreAnsweredEachForItself() throws IOException {
    try (H2Client client = client()) {
      for (int id = 1; id < 200; id += 2) {
        client.send(client.wire.post(id, id % 4 == 1 ? "/v1/check" : "/nothing", CHECK));
      }
      for (int id = 199; id > 0; id -= 2) {
        assertEquals(id % 4 == 1 ? 200 : 404, client.answer(id).status());
      }
    }
  }

  @Test
  void refusalsLeaveTheConnectionAsItIs() throws IOException {
    try (H2Client client = client()) {
      assertEquals("INVALID_JSON", client.post("/v1/check", "{").code());
      assertEquals("NOT_FOUND", client.post("/v1/chek", CHECK).code());
      Answer method = client.get("/v1/check");
      assertEquals("METHOD_NOT_ALLOWED", method.code());
      assertEquals("POST, OPTIONS", method.header("allow"));
      assertEquals("INVALID_PATH", client.get("/v1/../health").code());
      assertEquals("INVALID_PATH", client.get("http://localhost/health").code());
      assertEquals("INVALID_PATH", client.get("health").code());
      assertEquals("MALFORMED_REQUEST", client.ask(H2Wire.head("G T", "/health")).code());
      assertEquals(
          "UNSUPPORTED_ENCODING",
          client.post("/v1/check", CHECK, "content-encoding", "gzip").code());
      assertEquals(200, client.get("/health").status());
    }
  }

  @Test
  void headAndOptionsHaveNoBody() throws IOException {
    try (H2Client client = client()) {
      Answer head = client.ask(H2Wire.head("HEAD", "/health"));
      assertEquals("15", head.header("content-length"));
      assertEquals("", head.body());
      Answer options = client.ask(H2Wire.head("OPTIONS", "/v1/check"));
      assertEquals(204, options.status());
      assertEquals("POST, OPTIONS", options.header("allow"));
      Answer all = client.ask(H2Wire.head("OPTIONS", "*"));
      assertEquals("GET, HEAD, POST, PUT, DELETE, OPTIONS", all.header("allow"));
    }
  }

  @Test
  void connectAndTraceAreNotAllowed() throws IOException {
    try (H2Client client = client()) {
      Answer connect = client.ask(":method", "CONNECT", ":authority", "example.org:443");
      assertEquals("METHOD_NOT_ALLOWED", connect.code());
      assertEquals("METHOD_NOT_ALLOWED", client.ask(H2Wire.head("TRACE", "/health")).code());
    }
  }

  /** The status of a request for a host. */
  private static int statusFor(H2Client client, String... host) throws IOException {
    List<String> fields =
        new ArrayList<>(List.of(":method", "GET", ":scheme", "http", ":path", "/health"));
    fields.addAll(List.of(host));
    Answer answer = client.ask(fields.toArray(String[]::new));
    if (answer.status() != 200) {
      assertEquals("INVALID_HOST", answer.code());
    }
    return answer.status();
  }

  @Test
  void theAuthorityIsTheHost() throws IOException {
    try (H2Client client = client()) {
      assertEquals(400, statusFor(client));
      assertEquals(200, statusFor(client, "host", "localhost"));
      assertEquals(200, statusFor(client, ":authority", "a", "host", "a"));
      assertEquals(400, statusFor(client, ":authority", "a", "host", "b"));
      assertEquals(400, statusFor(client, "host", "a", "host", "a"));
      for (String wrong : List.of("user@localhost", "localhost/x", "a,b", "a b", "[::1", "a:b")) {
        assertEquals(400, statusFor(client, ":authority", wrong), wrong);
      }
    }
  }

  @Test
  void aForeignAuthorityIsRefusedOnALoopbackWithoutToken() throws IOException {
    try (H2Client client = client()) {
      String[] rebound = {
        ":method", "POST", ":scheme", "http", ":path", "/v1/check", ":authority", "evil.example"
      };
      assertEquals("FOREIGN_ORIGIN", client.ask(rebound).code());
    }
  }

  @Test
  void aTokenIsAskedFor() throws IOException {
    try (TestDoor guarded = TestDoor.guarded("secret");
        H2Client client = H2Client.to(guarded.door.httpPort())) {
      Answer refused = client.post("/v1/check", CHECK);
      assertEquals(401, refused.status());
      assertEquals("Bearer", refused.header("www-authenticate"));
      assertEquals(404, client.post("/v1/check", CHECK, "authorization", "Bearer secret").status());
    }
  }

  @Test
  void aBodyInManyPartsWithTrailersIsReadAsOne() throws IOException {
    try (H2Client client = client()) {
      client.send(client.wire.headers(1, false, H2Wire.head("POST", "/v1/check")));
      for (int i = 0; i < CHECK.length(); i++) {
        client.send(H2Wire.data(1, false, CHECK.substring(i, i + 1)));
      }
      client.send(client.wire.headers(1, true, "x-trailer", "ignored"));
      assertEquals(200, client.answer(1).status());
    }
  }

  @Test
  void bytesThatComeOneByOneAreUnderstood() throws IOException {
    try (H2Client client = client()) {
      byte[] all = client.wire.post(1, "/v1/check", CHECK);
      for (byte b : all) {
        client.send(new byte[] {b});
      }
      assertEquals(200, client.answer(1).status());
    }
  }

  @Test
  void aPrefaceThatComesByteByByteIsUnderstood() throws IOException {
    try (Client raw = door.client()) {
      byte[] hello = H2Wire.hello();
      for (byte b : hello) {
        raw.send(new byte[] {b});
      }
      // The settings of the server come first: length, type.
      assertEquals(H2Wire.SETTINGS, raw.readBytes(9)[3]);
    }
  }

  @Test
  void whatOnlyBeginsLikeThePrefaceIsHttp11() throws IOException {
    try (Client raw = door.client()) {
      Answer answer = raw.send("PRI * HTTP/2.0\r\nHost: localhost\r\n\r\n").read();
      assertEquals("VERSION_NOT_SUPPORTED", answer.code());
      assertTrue(raw.atEnd());
    }
    try (Client raw = door.client()) {
      assertEquals(404, raw.send(Client.request("PUT", "/nothing", "")).read().status());
    }
  }

  @Test
  void anUpgradeToHttp2IsIgnored() throws IOException {
    try (Client raw = door.client()) {
      String[] upgrade = {
        "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"
      };
      Answer answer = raw.send(Client.request("GET", "/health", "", upgrade)).read();
      assertEquals(200, answer.status());
      assertEquals(200, raw.check(CHECK).status());
    }
  }

  @Test
  void aClientThatWaitsForContinueGetsIt() throws IOException {
    try (H2Client client = client()) {
      client.send(
          client.wire.headers(
              1, false, H2Wire.head("POST", "/v1/check", "expect", "100-continue")));
      client.readUntil(() -> client.wire.stream(1).interim.equals(List.of(100)));
      assertEquals(200, client.send(H2Wire.data(1, true, CHECK)).answer(1).status());
      client.send(
          client.wire.headers(3, false, H2Wire.head("POST", "/no", "expect", "100-continue")));
      assertEquals(404, client.answer(3).status());
      assertEquals(H2Wire.NO_ERROR, client.reset(3));
      assertEquals(List.of(), client.wire.stream(3).interim);
    }
  }
}
