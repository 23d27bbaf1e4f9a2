package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.openapi.ApiDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The document that the server gives away. */
class OpenApiTest {

  private static final String PATH = "/openapi.yaml";

  @Test
  void bothPortsGiveItWithoutAToken() throws IOException {
    try (TestDoor door = TestDoor.guarded("check", "admin");
        Client http = door.client();
        Client admin = door.admin()) {
      for (Client client : List.of(http, admin)) {
        Answer answer = client.send(Client.request("GET", PATH, "")).read();
        assertEquals(200, answer.status());
        assertEquals("application/yaml", answer.header("Content-Type"));
        assertEquals(ApiDocument.get().text(), answer.body());
      }
    }
  }

  @Test
  void headTellsItsLength() throws IOException {
    try (TestDoor door = TestDoor.over();
        Client client = door.client()) {
      Answer answer = client.send(Client.request("HEAD", PATH, "")).read(false);
      int length = ApiDocument.get().text().getBytes(StandardCharsets.UTF_8).length;
      assertEquals(200, answer.status());
      assertEquals(String.valueOf(length), answer.header("Content-Length"));
      assertEquals(200, client.send(Client.request("GET", "/health", "")).read().status());
    }
  }

  @Test
  void aPipelineGetsItOnce() throws IOException {
    try (TestDoor door = TestDoor.over();
        Client client = door.client()) {
      String get = Client.request("GET", PATH, "");
      Answer answer = client.send(get + get + get).read();
      assertEquals("close", answer.header("Connection"));
      assertEquals(ApiDocument.get().text(), answer.body());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void otherMethodsAreNotAllowed() throws IOException {
    try (TestDoor door = TestDoor.over();
        Client client = door.client()) {
      for (String method : List.of("POST", "PUT", "DELETE")) {
        Answer answer = client.send(Client.request(method, PATH, "")).read();
        assertEquals("METHOD_NOT_ALLOWED", answer.code());
        assertEquals("GET, HEAD, OPTIONS", answer.header("Allow"));
      }
    }
  }
}
