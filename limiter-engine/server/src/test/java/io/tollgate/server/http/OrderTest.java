package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers leave in the order of their requests, whenever the store gives them. */
class OrderTest {

  private final Embedded connection = new Embedded();

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void aLaterAnswerWaitsForAnEarlierOne() {
    connection.send(Embedded.check("a") + Embedded.check("b") + Embedded.health("c"));
    assertEquals(List.of(), connection.answered());
    connection.answer(1);
    assertEquals(List.of(), connection.answered());
    connection.answer(0);
    assertEquals(List.of("a", "b", "c"), connection.answered());
  }

  @Test
  void eachAnswerIsOfItsOwnCheck() {
    connection.send(Embedded.check("a") + Embedded.check("b") + Embedded.check("c"));
    connection.answer(2);
    connection.answer(1);
    connection.answer(0);
    List<String> bodies = connection.sent().lines().filter(l -> l.startsWith("{")).toList();
    assertEquals(3, bodies.size());
    for (int i = 0; i < 3; i++) {
      String body = bodies.get(i);
      assertTrue(body.startsWith("{\"allowed\":true,\"remaining\":" + (999 - i)), body);
    }
  }

  @Test
  void anAnswerAfterTheClientLeftHarmsNobody() {
    connection.send(Embedded.check("a") + Embedded.check("b"));
    connection.answer(1);
    connection.leave();
    connection.answer(0);
    assertEquals(List.of(), connection.answered());
    assertFalse(connection.open());
  }

  @Test
  void aRefusalWaitsForEarlierAnswersAndThenEndsTheConnection() {
    connection.send(Embedded.check("a") + "nonsense\r\n\r\n");
    assertEquals("", connection.sent());
    assertTrue(connection.open());
    connection.answer(0);
    String sent = connection.sent();
    assertTrue(sent.startsWith("HTTP/1.1 200 OK"), sent);
    assertTrue(sent.contains("HTTP/1.1 400 Bad Request"), sent);
    assertFalse(connection.open());
  }

  @Test
  void continueWaitsForEarlierAnswers() {
    connection.send(
        Embedded.check("a")
            + "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            + "Expect: 100-continue\r\n\r\n");
    assertEquals("", connection.sent());
    connection.answer(0);
    String sent = connection.sent();
    assertTrue(sent.endsWith("}HTTP/1.1 100 Continue\r\n\r\n"), sent);
    connection.send("{}");
    assertTrue(connection.sent().startsWith("HTTP/1.1 400 Bad Request"));
  }

  @Test
  void readingStopsWhileManyAnswersAreOutstanding() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 127; i++) {
      requests.append(Embedded.check("r" + i));
    }
    connection.send(requests.toString());
    assertTrue(connection.channel.config().isAutoRead());
    connection.send(Embedded.check("r127"));
    assertFalse(connection.channel.config().isAutoRead());
    connection.answer(0);
    assertTrue(connection.channel.config().isAutoRead());
    assertEquals(List.of("r0"), connection.answered());
  }

  @Test
  void anotherRequestIsDecidedWhileAnEarlierOneWaits() {
    connection.send(Embedded.check("a"));
    connection.send(Embedded.check("b"));
    assertEquals(2, connection.store.asked());
  }
}
