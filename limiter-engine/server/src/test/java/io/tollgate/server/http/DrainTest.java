package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection when the server stops. */
class DrainTest {

  private final Embedded client = new Embedded();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void anIdleConnectionEndsAtOnce() {
    client.send(Embedded.health("a"));
    client.connection.drain();
    assertFalse(client.open());
  }

  @Test
  void everyAnswerUnderWayLeavesAndOnlyTheLastSaysClose() {
    client.send(Embedded.check("a") + Embedded.check("b"));
    client.connection.drain();
    client.answer(0);
    String first = client.sent();
    assertTrue(first.contains("X-Request-Id: a"), first);
    assertFalse(first.contains("Connection: close"), first);
    client.answer(1);
    String second = client.sent();
    assertTrue(second.contains("X-Request-Id: b"), second);
    assertTrue(second.contains("Connection: close"), second);
    assertFalse(client.open());
  }

  @Test
  void aRequestThatIsArrivingIsAnswered() {
    String request = Embedded.check("a");
    client.send(request.substring(0, 20));
    client.connection.drain();
    assertTrue(client.open());
    client.send(request.substring(20));
    client.answer(0);
    assertEquals(List.of("a"), client.answered());
    assertFalse(client.open());
  }
}
