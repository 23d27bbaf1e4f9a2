package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** HTTP itself: framing, methods, paths, versions, order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeTest {

  private static final String CHECK = "{\"identifier\":\"edge\",\"namespace\":\"n\",\"cost\":0}";

  private TestDoor door;

  @BeforeAll
  void open() throws IOException {
    door = TestDoor.usual();
  }

  @AfterAll
  void close() {
    door.close();
  }

  /** Sends bytes; the answer must have this status and code, and the connection must end. */
  private Answer refusedAndClosed(String request, int status, String code) throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.send(request).read();
      assertEquals(status, answer.status(), answer::body);
      assertEquals(code, answer.code());
      assertEquals("close", answer.header("Connection"));
      assertTrue(client.atEnd());
      return answer;
    }
  }

  /** The same, but the connection goes on. */
  private Answer refused(String request, int status, String code) throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.send(request).read();
      assertEquals(status, answer.status(), answer::body);
      assertEquals(code, answer.code());
      assertEquals(200, client.check(CHECK).status());
      return answer;
    }
  }

  private static String head(String requestLine, String... headers) {
    return requestLine + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  @Test
  void aWrongPathIsNotFound() throws IOException {
    refused(Client.post("/v1/chek", CHECK), 404, "NOT_FOUND");
    refused(Client.post("/", CHECK), 404, "NOT_FOUND");
    refused(Client.post("/v1/check/", CHECK), 404, "NOT_FOUND");
    refused(Client.post("/V1/CHECK", CHECK), 404, "NOT_FOUND");
    refused(Client.request("GET", "/metrics", ""), 404, "NOT_FOUND");
  }

  @Test
  void aWrongMethodIsToldWhatIsAllowed() throws IOException {
    Answer answer = refused(Client.request("GET", "/v1/check", ""), 405, "METHOD_NOT_ALLOWED");
    assertEquals("POST, OPTIONS", answer.header("Allow"));
    answer = refused(Client.request("POST", "/health", "{}"), 405, "METHOD_NOT_ALLOWED");
    assertEquals("GET, HEAD, OPTIONS", answer.header("Allow"));
    refused(Client.request("BREW", "/v1/check", ""), 405, "METHOD_NOT_ALLOWED");
    refused(Client.request("post", "/v1/check", CHECK), 405, "METHOD_NOT_ALLOWED");
  }

  @Test
  void traceAndConnectAreNeverAllowed() throws IOException {
    refused(Client.request("TRACE", "/v1/check", ""), 405, "METHOD_NOT_ALLOWED");
    refused(Client.request("TRACE", "/nothing", ""), 405, "METHOD_NOT_ALLOWED");
    refused(Client.request("CONNECT", "example.org:443", ""), 405, "METHOD_NOT_ALLOWED");
  }

  @Test
  void optionsSaysWhatIsAllowed() throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.send(Client.request("OPTIONS", "/v1/check", "")).read();
      assertEquals(204, answer.status());
      assertEquals("POST, OPTIONS", answer.header("Allow"));
      assertEquals("absent", answer.header("Content-Length"));
      answer = client.send(Client.request("OPTIONS", "*", "")).read();
      assertEquals("GET, HEAD, POST, PUT, DELETE, OPTIONS", answer.header("Allow"));
      assertEquals(200, client.check(CHECK).status());
    }
  }

  @Test
  void headGetsAHeadAndNoBody() throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.send(Client.request("HEAD", "/health", "")).read(false);
      assertEquals(200, answer.status());
      assertEquals("15", answer.header("Content-Length"));
      assertEquals(405, client.send(Client.request("HEAD", "/v1/check", "")).read(false).status());
      assertEquals(200, client.check(CHECK).status());
    }
  }

  @Test
  void queriesAreToleratedAndPathsDecodedOnce() throws IOException {
    try (Client client = door.client()) {
      assertEquals(200, client.send(Client.post("/v1/check?a=%2f/../;", CHECK)).read().status());
      assertEquals(200, client.send(Client.post("/v1/%63heck", CHECK)).read().status());
      assertEquals(
          200, client.send(Client.post("http://localhost:1/v1/check", CHECK)).read().status());
      assertEquals(404, client.send(Client.post("/v1/%2563heck", CHECK)).read().status());
    }
  }

  @Test
  void pathsWithTwoReadingsAreRefused() throws IOException {
    refused(Client.post("/v1%2fcheck", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check%00", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1\\check", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1%5Ccheck", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check;a=b", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/../v1/check", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/%2e/check", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check/..", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check%", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check%zz", CHECK), 400, "INVALID_PATH");
    refused(Client.post("v1/check", CHECK), 400, "INVALID_PATH");
    refused(Client.post("/v1/check#x", CHECK), 400, "INVALID_PATH");
  }

  @Test
  void aBodyOverTheBoundIsRefusedBeforeItIsRead() throws IOException {
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: 65537"),
        413,
        "BODY_TOO_LARGE");
    refusedAndClosed(
        head("POST /v1/check:batch HTTP/1.1", "Host: localhost", "Content-Length: 1048577"),
        413,
        "BODY_TOO_LARGE");
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: 9223372036854775807"),
        413,
        "BODY_TOO_LARGE");
  }

  @Test
  void anAnswerReachesAClientThatStillSends() throws IOException {
    // More than the server reads in one go, so that it refuses while bytes are under way.
    refusedAndClosed(Client.post("/v1/check", "x".repeat(4_000_000)), 413, "BODY_TOO_LARGE");
  }

  @Test
  void aChunkedBodyIsBoundedToo() throws IOException {
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked")
            + chunk.repeat(5),
        413,
        "BODY_TOO_LARGE");
  }

  @Test
  void aBodyAtTheBoundIsRead() throws IOException {
    try (Client client = door.client()) {
      String padded = CHECK + " ".repeat(64 * 1024 - CHECK.length());
      assertEquals(200, client.check(padded).status());
    }
  }

  @Test
  void aChunkedBodyIsReadAsOne() throws IOException {
    try (Client client = door.client()) {
      StringBuilder request =
          new StringBuilder(
              head("POST /v1/check HTTP/1.1", "Host: localhost", "Transfer-Encoding: Chunked"));
      for (int i = 0; i < CHECK.length(); i++) {
        request.append("1;x=y\r\n").append(CHECK.charAt(i)).append("\r\n");
      }
      assertEquals(200, client.send(request + "0\r\nTrailer: t\r\n\r\n").read().status());
      assertEquals(200, client.check(CHECK).status());
    }
  }

  @Test
  void brokenChunksAreRefused() throws IOException {
    String head = head("POST /v1/check HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked");
    refusedAndClosed(head + "zz\r\n", 400, "MALFORMED_REQUEST");
    refusedAndClosed(head + "-1\r\n", 400, "MALFORMED_REQUEST");
  }

  @Test
  void twoLengthsAreRefused() throws IOException {
    refusedAndClosed(
        head(
            "POST /v1/check HTTP/1.1",
            "Host: localhost",
            "Content-Length: 5",
            "Transfer-Encoding: chunked"),
        400,
        "AMBIGUOUS_LENGTH");
    refusedAndClosed(
        head(
            "POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: 5", "Content-Length: 6"),
        400,
        "MALFORMED_REQUEST");
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: -1"),
        400,
        "MALFORMED_REQUEST");
  }

  @Test
  void otherTransferCodingsAreRefused() throws IOException {
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Transfer-Encoding: gzip, chunked"),
        400,
        "UNSUPPORTED_TRANSFER_ENCODING");
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Transfer-Encoding: gzip"),
        400,
        "MALFORMED_REQUEST");
    refusedAndClosed(
        head("POST /v1/check HTTP/1.0", "Transfer-Encoding: chunked"), 400, "MALFORMED_REQUEST");
  }

  @Test
  void encodedBodiesAreRefused() throws IOException {
    Answer answer =
        refused(
            Client.post("/v1/check", CHECK, "Content-Encoding: gzip"), 415, "UNSUPPORTED_ENCODING");
    assertEquals("identity", answer.header("Accept-Encoding"));
    try (Client client = door.client()) {
      assertEquals(200, client.check(CHECK, "Content-Encoding: identity").status());
    }
  }

  @Test
  void headsOverTheBoundsAreRefused() throws IOException {
    refusedAndClosed(Client.post("/v1/check?" + "x".repeat(8_192), CHECK), 414, "URI_TOO_LONG");
    refusedAndClosed(
        Client.post("/v1/check", CHECK, "X: " + "x".repeat(16_384)), 431, "HEADERS_TOO_LARGE");
    String[] headers = new String[99];
    Arrays.setAll(headers, i -> "X-" + i + ": y");
    refusedAndClosed(Client.post("/v1/check", CHECK, headers), 431, "HEADERS_TOO_LARGE");
  }

  @Test
  void headsAtTheBoundsAreRead() throws IOException {
    String[] headers = new String[98];
    Arrays.setAll(headers, i -> "X-" + i + ": " + "y".repeat(100));
    try (Client client = door.client()) {
      assertEquals(200, client.check(CHECK, headers).status());
      String longPath = "/v1/check?" + "x".repeat(8_100);
      assertEquals(200, client.send(Client.post(longPath, CHECK)).read().status());
    }
  }

  @Test
  void aRequestWithoutOneHostIsRefused() throws IOException {
    refusedAndClosed(head("GET /health HTTP/1.1", "A: b"), 400, "INVALID_HOST");
    refusedAndClosed(head("GET /health HTTP/1.1", "Host: a", "Host: b"), 400, "INVALID_HOST");
  }

  @Test
  void whatIsNoHttpIsRefused() throws IOException {
    refusedAndClosed("\u0001\u0002\u0003 nonsense\r\n\r\n", 400, "MALFORMED_REQUEST");
    refusedAndClosed(head("GET /health HTTP/1.1", "Host : h"), 400, "MALFORMED_REQUEST");
    refusedAndClosed(head("GET /health HTTP/1.1", "no colon"), 400, "MALFORMED_REQUEST");
    refusedAndClosed("GET /health HTTP/1.1\nHost: h\n\n", 400, "MALFORMED_REQUEST");
  }

  @Test
  void otherVersionsAreRefused() throws IOException {
    refusedAndClosed(head("GET /health HTTP/2.0", "Host: localhost"), 505, "VERSION_NOT_SUPPORTED");
    refusedAndClosed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "VERSION_NOT_SUPPORTED");
  }

  @Test
  void http10IsAnsweredAndClosedUnlessItAsksToGoOn() throws IOException {
    try (Client client = door.client()) {
      client.send(head("GET /health HTTP/1.0", "Connection: Keep-Alive"));
      assertEquals("keep-alive", client.read().header("Connection"));
      client.send(head("GET /health HTTP/1.0", "X: y"));
      assertEquals("close", client.read().header("Connection"));
      assertTrue(client.atEnd());
    }
  }

  @Test
  void connectionCloseIsHonoured() throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.check(CHECK, "Connection: x, Close");
      assertEquals(200, answer.status());
      assertEquals("close", answer.header("Connection"));
      assertTrue(client.atEnd());
    }
  }

  @Test
  void aClientThatWaitsForContinueGetsIt() throws IOException {
    try (Client client = door.client()) {
      String length = "Content-Length: " + CHECK.length();
      client.send(
          head("POST /v1/check HTTP/1.1", "Host: localhost", length, "Expect: 100-continue"));
      assertEquals(100, client.read().status());
      assertEquals(200, client.send(CHECK).read().status());
    }
  }

  @Test
  void aRefusalComesInsteadOfContinue() throws IOException {
    String expect = "Expect: 100-continue";
    refusedAndClosed(
        head("POST /nothing HTTP/1.1", "Host: localhost", "Content-Length: 5", expect),
        404,
        "NOT_FOUND");
    refusedAndClosed(
        head("POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: 65537", expect),
        413,
        "BODY_TOO_LARGE");
    refused(Client.post("/v1/check", CHECK, "Expect: tea"), 417, "EXPECTATION_FAILED");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (Client client = door.client()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        requests.append(
            switch (i % 4) {
              case 0 -> Client.post("/v1/check", CHECK, "X-Request-Id: r" + i);
              case 1 -> Client.request("GET", "/health", "", "X-Request-Id: r" + i);
              case 2 -> Client.post("/nothing", "{}", "X-Request-Id: r" + i);
              default -> Client.post("/v1/check", "{", "X-Request-Id: r" + i);
            });
      }
      client.send(requests.toString());
      int[] statuses = {200, 200, 404, 400};
      for (int i = 0; i < 500; i++) {
        Answer answer = client.read();
        assertEquals("r" + i, answer.header("X-Request-Id"));
        assertEquals(statuses[i % 4], answer.status());
      }
    }
  }

  @Test
  void whatFollowsTheLastRequestIsNotAnswered() throws IOException {
    try (Client client = door.client()) {
      client.send(
          Client.post("/v1/check", CHECK, "Connection: close") + Client.post("/v1/check", CHECK));
      assertEquals(200, client.read().status());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void aClientThatSendsByteByByteIsAnswered() throws IOException {
    try (Client client = door.client()) {
      String identifier = "{\"identifier\":\"é😀\",\"namespace\":\"n\"}";
      for (byte b : Client.post("/v1/check", identifier).getBytes(StandardCharsets.UTF_8)) {
        client.send(new byte[] {b});
      }
      assertEquals(99L, client.read().json().get("remaining"));
    }
  }

  @Test
  void aWholeRequestFollowedByAHalfCloseIsAnswered() throws IOException {
    try (Client client = door.client()) {
      client.send(Client.post("/v1/check", CHECK));
      client.finishSending();
      assertEquals(200, client.read().status());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void aPartialBodyFollowedByAHalfCloseEndsTheConnection() throws IOException {
    try (Client client = door.client()) {
      client.send(
          Client.post("/v1/check", CHECK)
              + head("POST /v1/check HTTP/1.1", "Host: localhost", "Content-Length: 9")
              + "{");
      client.finishSending();
      assertEquals(200, client.read().status());
      assertTrue(client.atEnd());
    }
  }
}
