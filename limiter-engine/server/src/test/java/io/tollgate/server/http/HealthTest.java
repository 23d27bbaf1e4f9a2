package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        for (Client client : List.of(http, admin)) {
          Answer answer = get(client, path);
          assertEquals(200, answer.status(), path);
          assertEquals("{\"status\":\"ok\"}", answer.body());
        }
      }
    }
  }

  @Test
  void whatIsNotReadySaysSoAndLives() throws IOException {
    try (TestDoor door = TestDoor.usual();
        Client client = door.admin()) {
      door.ready.set(false);
      assertEquals("NOT_READY", get(client, "/health").code());
      assertEquals(503, get(client, "/health/ready").status());
      assertEquals(200, get(client, "/health/live").status());
      assertEquals(200, get(client, "/health/started").status());
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
