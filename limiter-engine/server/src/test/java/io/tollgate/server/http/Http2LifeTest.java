package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.http.H2Wire.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long an HTTP/2 connection and its streams live, and what becomes of late answers. */
class Http2LifeTest {

  private static final long ALL_STREAMS = Integer.MAX_VALUE;

  private H2Embedded client = H2Embedded.greeted();

  @AfterEach
  void close() {
    client.close();
  }

  private void begin(H2Embedded other) {
    client.close();
    client = other;
  }

  private byte[] health(int stream) {
    return client.wire.get(stream, "/health");
  }

  private void acknowledgePing() {
    List<Frame> pings = client.frames().stream().filter(f -> f.type == H2Wire.PING).toList();
    client.send(H2Wire.frame(H2Wire.PING, H2Wire.ACK, 0, pings.getFirst().payload));
  }

  @Test
  void aSilentConnectionEndsAfter60Seconds() {
    client.pass(59_999);
    assertTrue(client.open());
    client.pass(1);
    assertEquals(List.of(0L, 0L), client.goAway());
    assertFalse(client.open());
  }

  @Test
  void pingsDoNotKeepAConnection() {
    for (int i = 0; i < 60; i++) {
      client.send(H2Wire.ping(i));
      client.pass(999);
      assertTrue(client.open());
    }
    client.pass(60);
    assertFalse(client.open());
  }

  @Test
  void requestsKeepAConnectionFor30MinutesUntilItIsToldToLeave() {
    int stream = 1;
    for (int seconds = 0; seconds < 1_800; seconds += 50) {
      client.send(health(stream));
      assertEquals(200, client.stream(stream).status);
      stream += 2;
      client.pass(50_000);
      assertTrue(client.open());
    }
    assertEquals(List.of(ALL_STREAMS, 0L), client.goAway());
    client.pass(1_000);
    assertEquals(List.of(stream - 2L, 0L), client.goAway());
    assertFalse(client.open());
  }

  @Test
  void settingsMustComeWithin10Seconds() {
    begin(new H2Embedded());
    client.send(H2Wire.preface());
    client.pass(9_999);
    assertTrue(client.open());
    client.pass(1);
    assertFalse(client.open());
  }

  @Test
  void aPrefaceMustComeWithin10Seconds() {
    begin(new H2Embedded());
    client.send("PRI * HTTP".getBytes(StandardCharsets.US_ASCII));
    client.pass(9_999);
    assertTrue(client.open());
    client.pass(1);
    assertFalse(client.open());
    // What has begun so may also be HTTP/1.1, so that it is answered in that.
    client.channel.releaseOutbound();
  }

  @Test
  void aFrameMayTake10SecondsHoweverOftenItGrows() {
    byte[] head = health(1);
    client.send(Arrays.copyOf(head, 9));
    for (int i = 9; i < 19; i++) {
      client.send(new byte[] {head[i]});
      client.pass(999);
      assertTrue(client.open());
    }
    client.pass(10);
    assertFalse(client.open());
  }

  @Test
  void aFrameThatIsAlwaysAnotherOneIsNotSlow() {
    byte[] previous = {};
    for (int i = 0; i < 10; i++) {
      byte[] head = health(1 + 2 * i);
      client.send(previous, Arrays.copyOf(head, 12));
      previous = Arrays.copyOfRange(head, 12, head.length);
      client.pass(5_000);
      assertTrue(client.open());
    }
  }

  @Test
  void aBodyMayTake30SecondsAndHarmsNoOther() {
    client.send(client.wire.headers(1, false, H2Wire.head("POST", "/v1/check")));
    client.pass(20_000);
    client.send(client.wire.headers(3, false, H2Wire.head("POST", "/v1/check")));
    client.send(H2Wire.data(1, false, "{"));
    client.pass(9_999);
    assertEquals(0, client.stream(1).status);
    client.pass(1);
    assertEquals(408, client.stream(1).status);
    assertEquals("REQUEST_TIMEOUT", client.stream(1).answer().code());
    assertEquals(H2Wire.NO_ERROR, client.stream(1).reset);
    client.send(health(5), H2Wire.data(3, true, "{}"));
    assertEquals(200, client.stream(5).status);
    assertEquals(400, client.stream(3).status);
  }

  @Test
  void aClientThatGivesNoRoomEndsAfter60Seconds() {
    begin(H2Embedded.greeted(H2Wire.INITIAL_WINDOW_SIZE, 0));
    client.send(health(1));
    client.pass(30_000);
    assertEquals(200, client.stream(1).status);
    assertEquals("", client.stream(1).body.toString(StandardCharsets.UTF_8));
    client.send(H2Wire.windowUpdate(0, 1), H2Wire.ping(1));
    client.pass(30_000);
    assertFalse(client.open());
  }

  @Test
  void lateAnswersGoToTheirStreamsInAnyOrder() {
    client.check(1).check(3).check(5);
    for (int index : List.of(2, 0, 1)) {
      client.answer(index);
      assertEquals("r" + (1 + 2 * index), client.stream(1 + 2 * index).headers.get("x-request-id"));
    }
  }

  @Test
  void theLateAnswerOfAResetStreamReachesNobody() {
    client.check(1).send(H2Wire.reset(1));
    client.check(3).check(5);
    client.answer(0);
    assertEquals(0, client.stream(3).status + client.stream(5).status + client.stream(1).status);
    client.answer(2);
    client.answer(1);
    assertEquals("r3", client.stream(3).headers.get("x-request-id"));
    assertEquals("r5", client.stream(5).headers.get("x-request-id"));
    assertEquals(0, client.stream(1).status);
  }

  @Test
  void aConnectionMayBeGoneWhenTheStoreAnswers() {
    client.check(1);
    var _ = client.channel.close();
    client.answer(0);
    assertFalse(client.open());
  }

  @Test
  void anIdleConnectionEndsWhenItsClientHasReadThatItWill() {
    Protocols.drain(client.channel);
    assertEquals(List.of(ALL_STREAMS, 0L), client.goAway());
    assertTrue(client.open());
    Protocols.drain(client.channel);
    client.send(H2Wire.frame(H2Wire.PING, H2Wire.ACK, 0, new byte[8]));
    assertEquals(List.of(0L, 0L), client.goAway());
    assertFalse(client.open());
  }

  @Test
  void whatWasSentBeforeTheGoodbyeWasReadIsAnswered() {
    client.check(1);
    Protocols.drain(client.channel);
    client.check(3);
    acknowledgePing();
    assertEquals(List.of(3L, 0L), client.goAway());
    client.send(health(5));
    assertEquals(0, client.stream(5).status);
    client.answer(1);
    assertTrue(client.open());
    assertEquals(200, client.stream(3).status);
    client.answer(0);
    assertEquals(200, client.stream(1).status);
    assertFalse(client.open());
  }

  @Test
  void aClientThatDoesNotAnswerPingsLeavesAfterASecond() {
    client.check(1);
    Protocols.drain(client.channel);
    client.pass(999);
    assertEquals(List.of(ALL_STREAMS, 0L), client.goAway());
    client.pass(1);
    assertEquals(List.of(1L, 0L), client.goAway());
    client.answer(0);
    assertFalse(client.open());
  }

  @Test
  void aStoreThatNeverAnswersHoldsAConnectionOnlySoLong() {
    client.check(1);
    client.pass(59_999);
    assertTrue(client.open());
    client.pass(1);
    assertFalse(client.open());
  }
}
