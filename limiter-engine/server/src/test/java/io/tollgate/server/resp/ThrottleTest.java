package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code CL.THROTTLE} answers as redis-cell does. */
@Timeout(60)
class ThrottleTest {

  private static final String COUNTED = "tollgate_resp_commands_total";

  private TestResp server;
  private RespWire wire;

  @BeforeEach
  void open() throws IOException {
    server = TestResp.usual();
    wire = server.wire();
  }

  @AfterEach
  void close() throws IOException {
    wire.close();
    server.close();
  }

  @Test
  void theExampleOfRedisCellsReadmeIsAnsweredAsThere() throws IOException {
    assertEquals("[:0, :16, :15, :-1, :2]", wire.ask("CL.THROTTLE", "user123", "15", "30", "60"));
    assertEquals(
        "[:0, :16, :14, :-1, :4]", wire.ask("cl.throttle", "user123", "15", "30", "60", "1"));
  }

  /** The table of redis-cell's own test of its algorithm: 1 a second, at most 5. */
  @Test
  void redisCellsOwnTableIsAnsweredAsThere() throws IOException {
    at(0, 6, "[:1, :5, :5, :-1, :0]");
    at(0, 1, "[:0, :5, :4, :-1, :1]");
    at(0, 1, "[:0, :5, :3, :-1, :2]");
    at(0, 1, "[:0, :5, :2, :-1, :3]");
    at(0, 1, "[:0, :5, :1, :-1, :4]");
    at(0, 1, "[:0, :5, :0, :-1, :5]");
    at(0, 1, "[:1, :5, :0, :1, :5]");
    at(3_000, 1, "[:0, :5, :2, :-1, :3]");
    at(3_100, 1, "[:0, :5, :1, :-1, :4]");
    at(4_000, 1, "[:0, :5, :1, :-1, :4]");
    at(8_000, 1, "[:0, :5, :4, :-1, :1]");
    at(9_500, 1, "[:0, :5, :4, :-1, :1]");
    at(9_500, 0, "[:0, :5, :4, :-1, :1]");
    at(9_500, 2, "[:0, :5, :2, :-1, :3]");
    at(9_500, 5, "[:1, :5, :2, :3, :3]");
  }

  private void at(long millis, int quantity, String answer) throws IOException {
    server.micros.set(TestResp.START.toEpochMilli() * 1_000 + millis * 1_000);
    assertEquals(
        answer,
        wire.ask("CL.THROTTLE", "foo", "4", "1", "1", Integer.toString(quantity)),
        "at " + millis);
  }

  @Test
  void secondsAreRoundedUpSoThatWhoWaitsIsNotTooEarly() throws IOException {
    assertEquals("[:0, :1, :0, :-1, :4]", wire.ask("CL.THROTTLE", "k", "0", "3", "10"));
    server.micros.addAndGet(1);
    assertEquals("[:1, :1, :0, :4, :4]", wire.ask("CL.THROTTLE", "k", "0", "3", "10"));
    server.micros.addAndGet(4_000_000);
    assertEquals("[:0, :1, :0, :-1, :4]", wire.ask("CL.THROTTLE", "k", "0", "3", "10"));
  }

  @Test
  void quantity0OnlyLooks() throws IOException {
    assertEquals("[:0, :16, :16, :-1, :0]", wire.ask("CL.THROTTLE", "k", "15", "30", "60", "0"));
    assertEquals("[:0, :16, :16, :-1, :0]", wire.ask("CL.THROTTLE", "k", "15", "30", "60", "0"));
  }

  @Test
  void aKeyWithOtherNumbersKeepsWhatWasUsed() throws IOException {
    assertEquals("[:0, :16, :6, :-1, :20]", wire.ask("CL.THROTTLE", "k", "15", "30", "60", "10"));
    assertEquals("[:0, :21, :11, :-1, :10]", wire.ask("CL.THROTTLE", "k", "20", "60", "60", "0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k -1 1 1|max_burst: -1 is out of bounds; send a whole number from 0 to 9007199254740990",
        "k x 1 1|max_burst: 'x' is not a whole number; send digits",
        "k 1 0 1|count_per_period: 0 is out of bounds; send a whole number from 1 to"
            + " 9007199254740991",
        "k 1 1 0|period: 0 is out of bounds; send a whole number from 1 to 31622400",
        "k 1 1 1.5|period: '1.5' is not a whole number; send digits",
        "k 1 1 1 -1|quantity: -1 is out of bounds; use a whole number from 0 to 9007199254740991",
        "k 1 1 99999999999999999999|period: '99999999999999999999' is not a whole number; send"
            + " digits",
        "k 9007199254740990 7 31622399|count_per_period: 7 per 31622399 s with a max_burst of"
            + " 9007199254740990 cannot be counted exactly; send a smaller max_burst, or a count"
            + " and a period with a common factor",
      })
  void anArgumentThatCannotBeUsedIsNamedWithTheFix(String arguments, String error)
      throws IOException {
    assertEquals("-ERR " + error, wire.ask(("CL.THROTTLE " + arguments).split(" ")));
    assertEquals("+PONG", wire.ask("PING"));
    assertEquals(1, server.scraped().value(COUNTED, "command", "cl.throttle", "result", "err"));
  }

  @Test
  void aKeyMustBeTextOfAtMost512Bytes() throws IOException {
    assertEquals(
        "-ERR key: has 513 bytes; send at most 512",
        wire.ask("CL.THROTTLE", "k".repeat(513), "1", "1", "1"));
    assertEquals(
        "-ERR key: is empty; send 1 to 512 bytes", wire.ask("CL.THROTTLE", "", "1", "1", "1"));
    assertEquals("-ERR key: contains NUL; remove it", wire.ask("CL.THROTTLE", "\0", "1", "1", "1"));
    byte[] bytes =
        RespWire.command("CL.THROTTLE", "k", "1", "1", "1").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 'k' ? (byte) 0xff : bytes[i];
    }
    assertEquals("-ERR key: is not UTF-8; send text", wire.send(bytes).read());
    assertEquals("[:0, :2, :1, :-1, :1]", wire.ask("CL.THROTTLE", "ğ".repeat(256), "1", "1", "1"));
  }

  @Test
  void decisionsCountInTheNamespaceOfRedisClients() throws IOException {
    assertEquals("[:0, :1, :0, :-1, :1]", wire.ask("CL.THROTTLE", "k", "0", "1", "1"));
    assertEquals("[:1, :1, :0, :1, :1]", wire.ask("CL.THROTTLE", "k", "0", "1", "1"));
    var scrape = server.scraped();
    for (String decision : new String[] {"allowed", "rate_limited"}) {
      assertEquals(
          1,
          scrape.value(
              "tollgate_checks_total",
              "namespace",
              "redis",
              "verb",
              "check",
              "algorithm",
              "gcra",
              "decision",
              decision));
    }
    assertEquals(2, scrape.value(COUNTED, "command", "cl.throttle", "result", "ok"));
    assertEquals(1, scrape.value("tollgate_http_connections", "port", "resp"));
    assertTrue(scrape.value("tollgate_check_duration_seconds_count", "verb", "check") >= 1);
  }
}
