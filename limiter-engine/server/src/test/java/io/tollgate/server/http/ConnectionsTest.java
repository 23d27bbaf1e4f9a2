package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many connections may be open at once. */
class ConnectionsTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"api_requests\"}";
  private static final int RESERVED = 100;

  @Test
  void oneTooManyIsClosedAtOnceAndCounted() throws IOException {
    try (TestDoor door = TestDoor.forConnections(2);
        Client first = door.client()) {
      assertEquals(200, first.check(CHECK).status());
      try (Client second = door.client()) {
        assertEquals(200, second.check(CHECK).status());
        for (int i = 1; i <= 3; i++) {
          try (Client third = door.client()) {
            assertEquals(0, third.readAll().length);
            assertEquals(new HttpDoor.Connections(2, i, 0), door.door.connections());
          }
        }
        assertEquals(200, first.check(CHECK).status());
      }
      await(door, 1);
      try (Client third = door.client()) {
        assertEquals(200, third.check(CHECK).status());
      }
    }
  }

  @Test
  void theOperatorIsAnsweredByAFullServer() throws IOException {
    List<Client> open = new ArrayList<>();
    try (TestDoor door = TestDoor.forConnections(1)) {
      for (int i = 0; i <= RESERVED; i++) {
        open.add(i == 0 ? door.client() : door.admin());
        open.getLast().send(Client.request("GET", "/health", ""));
        assertEquals(200, open.getLast().read().status());
      }
      try (Client tooMany = door.admin()) {
        assertEquals(0, tooMany.readAll().length);
      }
      assertEquals(1, door.door.connections().refused());
    } finally {
      for (Client client : open) {
        client.close();
      }
    }
  }

  /** Two seconds are for a client that stays. */
  @Test
  void aRefusedClientThatLeavesTakesNoRoomAnyMore() throws IOException {
    try (TestDoor door = TestDoor.forConnections(1)) {
      long begin = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        try (Client client = door.client()) {
          client.send("GET / HTTP/1.1\r\n\r\n");
          assertEquals(400, client.read().status());
          assertTrue(client.atEnd());
        }
        await(door, 0);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      System.out.println("10 refused clients came and left within ms: " + millis);
      assertTrue(millis < 10_000, () -> millis + " ms");
    }
  }

  private static void await(TestDoor door, int open) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (door.door.connections().open() > open && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(open, door.door.connections().open());
  }
}
