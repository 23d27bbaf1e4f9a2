package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.resp.TestResp.With;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no command ends the connection that sent it, and no other. */
@Timeout(120)
class RespBadInputTest {

  private static String text(String escaped) {
    return escaped.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*1000000\\r\\n|invalid multibulk length",
        "*65\\r\\n|invalid multibulk length",
        "*x\\r\\n|invalid multibulk length",
        "*\\r\\n|invalid multibulk length",
        "*1\\rX|invalid multibulk length",
        "*1\\r\\n:5\\r\\n|expected '$', got ':'",
        "*1\\r\\n\\0\\0|expected '$', got '?'",
        "*1\\r\\n$-1\\r\\n|invalid bulk length",
        "*1\\r\\n$999999999\\r\\n|invalid bulk length",
        "*1\\r\\n$99999999999999999999\\r\\n|invalid bulk length",
        "*1\\r\\n$4\\r\\nPINGPING\\r\\n|a bulk string is longer than its length says",
        "*00000000000000000000000000000000001\\r\\n|too big mbulk count string",
        "*1\\r\\n$00000000000000000000000000000000001\\r\\n|too big bulk count string",
        "PING \"a b\"\\r\\n|quotes are not read in an inline request; send an array",
      })
  void bytesThatAreNoCommandAreToldWhyAndTheConnectionEnds(String bytes, String why)
      throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire other = server.wire();
        RespWire wire = server.wire()) {
      wire.send(RespWire.command("PING") + text(bytes) + RespWire.command("PING"));
      assertEquals("+PONG", wire.read());
      assertEquals("-ERR Protocol error: " + why, wire.read());
      assertTrue(wire.ended());
      assertEquals("+PONG", other.ask("PING"));
      assertEquals(
          1,
          server
              .scraped()
              .value(
                  "tollgate_resp_commands_total", "command", "none", "result", "protocol_error"));
    }
  }

  @Test
  void allArgumentsTogetherAreBounded() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      String half = "$8192\r\n" + "x".repeat(8_192) + "\r\n";
      assertEquals(
          "-ERR Protocol error: invalid bulk length",
          wire.send("*3\r\n" + half + half + "$1\r\n").read());
      assertTrue(wire.ended());
    }
  }

  @Test
  void anInlineRequestIsReadUpTo8KiB() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      assertEquals("+PONG", wire.send("\r\n\n  ping \r\n").read());
      assertEquals("'a'", wire.send("PING\ta\n").read());
      assertEquals("[:0, :2, :1, :-1, :1]", wire.send("CL.THROTTLE k 1 1 1\r\n").read());
      assertEquals(
          "-ERR unknown command '\u00ef\u00bf\u00bd?', with args beginning with: ",
          wire.send(new byte[] {1, '?', '\n'}).read());
      assertEquals(
          "-ERR Protocol error: too big inline request", wire.send("x".repeat(8_192)).read());
      assertTrue(wire.ended());
    }
  }

  @Test
  void anEmptyArrayIsNothing() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      assertEquals("+PONG", wire.send("*0\r\n*-1\r\n" + RespWire.command("PING")).read());
    }
  }

  @Test
  void commandsMayBeCutAnywhere() throws IOException {
    byte[] bytes =
        (RespWire.command("CL.THROTTLE", "cut", "15", "30", "60")
                + "PING in line\r\n".replace("in ", "")
                + RespWire.command("ECHO", "ğ")
                + RespWire.command("PING"))
            .getBytes(StandardCharsets.UTF_8);
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      for (int cut = 0; cut <= bytes.length; cut++) {
        wire.send(Arrays.copyOf(bytes, cut));
        // What was sent before is read by itself: a command of another connection lies between.
        if (cut % 8 == 0) {
          try (RespWire other = server.wire()) {
            assertEquals("+PONG", other.ask("PING"));
          }
        }
        wire.send(Arrays.copyOfRange(bytes, cut, bytes.length));
        int remaining = Math.max(0, 15 - cut);
        assertTrue(wire.read().startsWith("[:" + (cut < 16 ? 0 : 1) + ", :16, :" + remaining));
        assertEquals("'line'", wire.read());
        assertEquals("'ğ'", wire.read());
        assertEquals("+PONG", wire.read());
      }
      for (byte one : bytes) {
        wire.send(new byte[] {one});
      }
      assertTrue(wire.read().startsWith("[:1"));
      assertEquals("'line'", wire.read());
      assertEquals("'ğ'", wire.read());
      assertEquals("+PONG", wire.read());
    }
  }

  @Test
  void halfABulkStringIsForgottenWhenItsClientGoes() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire();
        RespWire other = server.wire()) {
      wire.send(RespWire.command("PING") + "*2\r\n$4\r\nECHO\r\n$100\r\nhalf");
      assertEquals("+PONG", wire.read());
      assertEquals("+PONG", other.ask("PING"));
      wire.finish();
      assertTrue(wire.ended());
    }
  }

  @Test
  void whoSaysAtOnceThatItHasFinishedIsAnswered() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      wire.send("PING\r\n");
      wire.finish();
      assertEquals("+PONG", wire.read());
      assertTrue(wire.ended());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "GET", "OPTIONS"})
  void aPageInABrowserAsksNothing(String method) throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire();
        RespWire other = server.wire()) {
      wire.send(method + " / HTTP/1.1\r\nHost: localhost\r\n\r\nCL.THROTTLE k 0 1 1\r\n");
      assertTrue(wire.ended());
      assertEquals("[:0, :1, :1, :-1, :0]", other.ask("CL.THROTTLE", "k", "0", "1", "1", "0"));
    }
  }

  @Test
  void noiseNeverStopsTheDoor() throws IOException {
    Random random = new Random(20_260_115);
    try (TestResp server = TestResp.usual();
        RespWire other = server.wire()) {
      for (int i = 0; i < 200; i++) {
        byte[] noise = new byte[random.nextInt(2_000)];
        random.nextBytes(noise);
        if (i % 2 == 0 && noise.length > 4) {
          byte[] begin = "*3\r\n".getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(begin, 0, noise, 0, begin.length);
        }
        try (RespWire wire = server.wire()) {
          wire.send(noise);
        } catch (IOException _) {
          // It was sent away while it was still sending.
        }
      }
      assertEquals("+PONG", other.ask("PING"));
    }
  }

  @Test
  void oneConnectionTooManyIsClosedAtOnce() throws IOException {
    try (TestResp server = new TestResp(With.connections(1));
        RespWire wire = server.wire()) {
      assertEquals("+PONG", wire.ask("PING"));
      try (RespWire second = server.wire()) {
        assertTrue(second.ended());
      }
      assertEquals(
          1, server.scraped().value("tollgate_http_connections_refused_total", "port", "resp"));
    }
  }
}
