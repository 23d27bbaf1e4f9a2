package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Lines of a head that begin with a blank, which would belong to the line before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FoldedLinesTest {

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

  private static String head(String requestLine, String... headers) {
    return requestLine + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private void refused(String request) throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.send(request).read();
      assertEquals(400, answer.status(), request);
      assertEquals("MALFORMED_REQUEST", answer.code());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void foldedHeaderLinesAreRefused() throws IOException {
    for (String blank : List.of(" ", "\t", "  ", " x", "\ty: z")) {
      String folded = blank.isBlank() ? blank + "on" : blank;
      for (String[] headers :
          List.of(
              new String[] {"Host: localhost", "X-A: b", folded},
              new String[] {"Host: localhost", folded, "X-A: b"},
              new String[] {folded, "Host: localhost"},
              new String[] {"Host: localhost", "Transfer-Encoding:", " chunked"},
              new String[] {"Host: localhost", "X-A: b", blank})) {
        String request = head("GET /health HTTP/1.1", headers);
        refused(request);
        refusedByteByByte(request);
        refusedBehindAnother(request);
      }
    }
  }

  private void refusedBehindAnother(String request) throws IOException {
    try (Client client = door.client()) {
      client.send(Client.post("/v1/check", CHECK) + request);
      assertEquals(200, client.read().status());
      assertEquals(400, client.read().status());
      assertTrue(client.atEnd());
    }
  }

  private void refusedByteByByte(String request) throws IOException {
    try (Client client = door.client()) {
      for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
        client.send(new byte[] {b});
      }
      assertEquals(400, client.read().status());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void blanksAtTheBeginOfABodyAreNoFoldedLines() throws IOException {
    try (Client client = door.client()) {
      for (String blanks : List.of(" ", "\t", "\n ", "\r\n \r\n ")) {
        String check = Client.post("/v1/check", blanks + CHECK);
        client.send(check + check);
        assertEquals(200, client.read().status());
        assertEquals(200, client.read().status());
        for (byte b : check.getBytes(StandardCharsets.US_ASCII)) {
          client.send(new byte[] {b});
        }
        assertEquals(200, client.read().status());
      }
    }
  }
}
