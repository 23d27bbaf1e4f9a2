package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a client may take. */
class DeadlineTest {

  private static final String HEAD = "POST /v1/check HTTP/1.1\r\nHost: localhost\r\n";
  private static final String BODY = HEAD + "Content-Length: 9\r\n\r\n{";

  private final Embedded connection = new Embedded();

  @AfterEach
  void close() {
    connection.close();
  }

  private void endsWith408() {
    String sent = connection.sent();
    assertTrue(sent.startsWith("HTTP/1.1 408 Request Timeout"), sent);
    assertTrue(sent.contains("\"code\":\"REQUEST_TIMEOUT\""), sent);
    assertFalse(connection.open());
  }

  @Test
  void aSilentConnectionEndsAfter60Seconds() {
    connection.pass(59_999);
    assertTrue(connection.open());
    connection.pass(1);
    assertFalse(connection.open());
    assertEquals("", connection.sent());
  }

  @Test
  void aHeadMayTake10SecondsHoweverOftenItGrows() {
    connection.pass(55_000);
    for (int i = 0; i < 10; i++) {
      connection.send(HEAD.substring(i, i + 1));
      connection.pass(i < 9 ? 1_000 : 999);
      assertTrue(connection.open());
    }
    connection.pass(1);
    endsWith408();
  }

  @Test
  void aHeadOfWholeLinesIsStillAHead() {
    connection.send(HEAD);
    connection.pass(9_999);
    assertTrue(connection.open());
    connection.pass(1);
    endsWith408();
  }

  @Test
  void aBodyMayTake30SecondsFromItsHead() {
    connection.send(BODY);
    connection.pass(20_000);
    connection.send("\"");
    connection.pass(9_999);
    assertTrue(connection.open());
    connection.pass(1);
    endsWith408();
  }

  @Test
  void aBusyConnectionLives() {
    for (int i = 0; i < 20; i++) {
      connection.send(Embedded.health("a"));
      connection.send(HEAD);
      connection.pass(9_000);
      connection.send("Content-Length: 2\r\n\r\n");
      connection.pass(29_000);
      connection.send("{}");
      connection.pass(59_000);
      assertTrue(connection.open());
      assertTrue(connection.sent().contains("HTTP/1.1 400"));
    }
  }

  @Test
  void aNewHeadHasItsOwn10Seconds() {
    connection.send(HEAD);
    connection.pass(9_000);
    connection.send("Content-Length: 0\r\n\r\n" + HEAD);
    connection.pass(9_999);
    assertTrue(connection.open());
    connection.sent();
    connection.pass(1);
    endsWith408();
  }

  @Test
  void aLateAnswerToASlowClientComesFirst() {
    connection.send(Embedded.check("a") + HEAD);
    connection.pass(10_000);
    assertEquals("", connection.sent());
    connection.answer(0);
    String sent = connection.sent();
    assertTrue(sent.startsWith("HTTP/1.1 200 OK"), sent);
    assertTrue(sent.contains("HTTP/1.1 408 Request Timeout"), sent);
    assertFalse(connection.open());
  }

  @Test
  void aStoreThatNeverAnswersHoldsAConnectionOnlySoLong() {
    connection.send(Embedded.check("a"));
    connection.pass(59_999);
    assertTrue(connection.open());
    connection.pass(1);
    assertFalse(connection.open());
  }
}
