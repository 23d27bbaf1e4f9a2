package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor is told. */
class HealthTest {

  private static Answer get(Client client, String path) throws IOException {
    return client.send(Client.request("GET", path, "")).read();
  }

  @Test
  void bothPortsAnswer() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client http = door.client();
        Client admin = door.admin()) {
      for (String path : List.of("/health", "/health/live", "/health/ready", "/health/started")) {
        Answer answer = get(http, path);
        assertEquals(200, answer.status(), path);
        assertEquals("{\"status\":\"ok\"}", answer.body());
        assertEquals("ok", get(admin, path).text("status"), path);
      }
    }
  }

  @Test
  void theOperatorIsToldOfTheLimits() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client admin = door.admin()) {
      String well =
          "{\"status\":\"ok\",\"limits\":"
              + "{\"valid\":true,\"since\":\"2026-01-15T10:30:00Z\",\"problems\":0}}";
      assertEquals(well, get(admin, "/health").body());
      assertEquals(well, get(admin, "/health/ready").body());
    }
  }

  @Test
  void aFileThatCannotBeUsedIsSaidOnBothPortsAndQuotedToTheOperatorOnly(@TempDir Path folder)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("limits.yaml"), "version: 1\nnamespaces: {a: {limits: []}}\n");
    try (TestDoor door = TestDoor.ofFile(file);
        Client http = door.client();
        Client admin = door.admin()) {
      Files.writeString(file, "version: 1\nnamespaces: {mine: {limits: secret}, b: 1}\n");
      Answer told = get(http, "/health");
      long patience = System.nanoTime() + 20_000_000_000L;
      while (!told.body().contains("limits") && System.nanoTime() < patience) {
        told = get(http, "/health");
      }
      String bad = "\"limits\":{\"valid\":false,\"since\":\"2026-01-15T10:30:00Z\",\"problems\":2";
      assertEquals(200, told.status());
      assertEquals("{\"status\":\"ok\"," + bad + "}}", told.body());
      Answer operator = get(admin, "/health/ready");
      assertEquals(200, operator.status());
      String begin = "{\"status\":\"ok\"," + bad + ",\"first_problem\":\"";
      assertTrue(operator.body().startsWith(begin + file + ":2:"), operator::body);
      assertTrue(operator.body().contains("secret"), operator::body);
    }
  }

  @Test
  void whatIsNotReadySaysSoAndLives() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.client();
        Client admin = door.admin()) {
      door.ready.set(false);
      Answer answer = get(client, "/health");
      assertEquals(503, answer.status());
      assertEquals("{\"status\":\"not_ready\"}", answer.body());
      assertEquals(503, get(admin, "/health/ready").status());
      assertEquals("not_ready", get(admin, "/health/ready").text("status"));
      assertEquals(200, get(admin, "/health/live").status());
      assertEquals(200, get(admin, "/health/started").status());
      door.ready.set(true);
      assertEquals(200, get(client, "/health/ready").status());
    }
  }

  @Test
  void checksAreNotAnsweredOnTheAdminPort() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.admin()) {
      Answer answer = client.check("{\"identifier\":\"u\",\"namespace\":\"n\"}");
      assertEquals(404, answer.status());
    }
  }
}
