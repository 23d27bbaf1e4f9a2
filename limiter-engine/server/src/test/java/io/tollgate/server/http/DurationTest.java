package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.Exposition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From when to when a check is measured. */
class DurationTest {

  private static final String NAME = "tollgate_check_duration_seconds";
  private static final long MILLI = 1_000_000;

  private static Exposition scrape(Embedded connection) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = connection.metrics.scrape("", out);
    return Exposition.classic(out.toString(StandardCharsets.UTF_8));
  }

  private static void assertMeasured(Embedded connection, int count, double seconds)
      throws IOException {
    Exposition scrape = scrape(connection);
    assertEquals(count, scrape.value(NAME + "_count", "verb", "check"));
    assertEquals(seconds, scrape.value(NAME + "_sum", "verb", "check"), 1e-9);
  }

  @Test
  void aLateAnswerIsMeasuredFromTheReadThatMadeItsRequestWhole() throws IOException {
    try (Embedded connection = new Embedded()) {
      String check = Embedded.check("a");
      connection.send(check.substring(0, check.length() - 3));
      connection.nanos.set(50 * MILLI);
      connection.send(check.substring(check.length() - 3));
      connection.nanos.set(53 * MILLI);
      connection.answer(0);
      assertMeasured(connection, 1, 0.003);
      assertEquals(0, scrape(connection).value(NAME + "_bucket", "verb", "check", "le", "0.0025"));
      assertEquals(1, scrape(connection).value(NAME + "_bucket", "verb", "check", "le", "0.005"));
    }
  }

  @Test
  void anAnswerThatMustWaitForAnEarlierOneIsMeasuredUntilItLeaves() throws IOException {
    try (Embedded connection = new Embedded()) {
      connection.send(Embedded.check("a") + Embedded.check("b"));
      connection.nanos.set(1 * MILLI);
      connection.answer(1);
      assertMeasured(connection, 0, 0);
      connection.nanos.set(20 * MILLI);
      connection.answer(0);
      assertMeasured(connection, 2, 0.040);
    }
  }

  @Test
  void answersThatLeaveTogetherAreMeasuredEachFromItsOwnRead() throws IOException {
    try (Embedded connection = new Embedded()) {
      connection.send(Embedded.check("a"));
      connection.nanos.set(10 * MILLI);
      connection.send(Embedded.check("b"));
      connection.answer(1);
      connection.nanos.set(30 * MILLI);
      connection.answer(0);
      assertMeasured(connection, 2, 0.050);
    }
  }

  @Test
  void whatIsNeverSentIsNotMeasured() throws IOException {
    try (Embedded connection = new Embedded()) {
      connection.send(Embedded.check("a"));
      connection.send(Embedded.health("b"));
      connection.leave();
      connection.answer(0);
      assertMeasured(connection, 0, 0);
    }
  }

  @Test
  void everyRequestThatDecidesIsMeasuredOnce() throws IOException {
    try (TestDoor door =
            TestDoor.over(
                NamespaceSpec.of("n", List.of(TestDoor.perMinute(3), TestDoor.atOnce(1))));
        Client client = door.client()) {
      String check = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
      client.send(Client.post("/v1/check", check).repeat(7));
      for (int i = 0; i < 7; i++) {
        assertEquals(200, client.read().status());
      }
      client.call("/v1/check:batch", "{\"checks\":[" + check + "," + check + "]}");
      client.call("/v1/reservations", check);
      client.call("/v1/leases", check);
      client.call("/v1/check:explain", check);
      client.call("/v1/refund", check);
      client.call("/v1/check", "{}");
      client.call("/health", "");
      Exposition scrape = Exposition.classic(MetricsTest.scrape(door).body());
      assertEquals(7, scrape.value(NAME + "_count", "verb", "check"));
      assertEquals(1, scrape.value(NAME + "_count", "verb", "batch"));
      assertEquals(1, scrape.value(NAME + "_count", "verb", "reserve"));
      assertEquals(1, scrape.value(NAME + "_count", "verb", "lease"));
      double seconds = scrape.value(NAME + "_sum", "verb", "check");
      assertTrue(seconds > 0 && seconds < 60, () -> seconds + " s");
    }
  }
}
