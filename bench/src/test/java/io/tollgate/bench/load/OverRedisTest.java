package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Redis, our server's metrics and the driver say, and what becomes of it. */
class OverRedisTest {

  private static final String INFO =
      """
      # Stats
      expired_keys:17\r
      expired_stale_perc:0.00\r
      # Commandstats
      cmdstat_eval:calls=5,usec=1,usec_per_call=1.00,rejected_calls=0,failed_calls=0\r
      cmdstat_evalsha:calls=1234,usec=99,usec_per_call=1.00,rejected_calls=0,failed_calls=0\r
      """;

  private static final String METRICS =
      """
      # TYPE tollgate_checks_degraded_total counter
      tollgate_checks_degraded_total 44.0
      tollgate_redis_failures_total{fault="full"} 0.0
      tollgate_redis_failures_total{fault="timed_out"} 41.0
      tollgate_redis_failures_total{fault="failed"} 3.0
      """;

  @Test
  void redisSaysHowManyCallsOfScriptsAndExpiredKeysItHad() {
    Redis.Done done = Redis.done(INFO, new CpuTime(3, 2));
    assertEquals(new Redis.Done(50_000, 1_234, 17), done);
    assertEquals(new Redis.Done(10_000, 234, 7), done.since(new Redis.Done(40_000, 1_000, 10)));
  }

  @Test
  void aRedisThatWasNotAskedHadNoCalls() {
    assertEquals(0, Redis.done("expired_keys:0\r\n", new CpuTime(0, 0)).calls());
    assertThrows(
        IllegalArgumentException.class, () -> Redis.done("ERR unknown", new CpuTime(0, 0)));
  }

  @Test
  void whatWasDecidedWithoutRedisIsCountedWithItsFaults() {
    Degraded degraded = Degraded.parse(METRICS).since(new Degraded(2, ""));
    assertEquals("42 checks were decided without Redis (timed_out 41, failed 3)", degraded.text());
  }

  @Test
  void aServerWithoutRedisIsNotMeasured() {
    assertThrows(IllegalArgumentException.class, () -> Degraded.parse("tollgate_up 1\n"));
  }

  @Test
  void theDriversLineIsReadAsItWasWritten() {
    Driven driven =
        new Driven(new Closed(700_000, 6.25, 1), new CpuTime(300, 20), new CpuTime(500, 40));
    assertEquals(driven, Driven.of("WARNING: something\n" + driven.text() + "\n"));
    assertThrows(IllegalArgumentException.class, () -> Driven.of("Exception in thread main"));
  }

  @Test
  void aCommandCarriesAnyBytes() {
    byte[] command = ScriptLine.command(ScriptLine.ascii("SET"), new byte[] {0, '\r', '\n'});
    assertEquals(
        "*2\r\n$3\r\nSET\r\n$3\r\n\0\r\n\r\n", new String(command, StandardCharsets.US_ASCII));
  }

  @Test
  void figuresOfATurnAreTakenOverWithItsVoids() {
    Results turn = new Results();
    turn.add("tollgate", Metric.RATE, 3, 7);
    turn.addVoid("tollgate", 3, "wrk", "errors");
    Results all = new Results();
    all.add("tollgate", Metric.RATE, 1, 5);
    all.addAll(turn);
    assertEquals(Map.of(1, 5.0, 3, 7.0), all.of("tollgate", Metric.RATE));
    assertEquals(1, all.voids().size());
  }

  @Test
  void namesAreThoseOfTheQuestionsOverHttp() {
    assertEquals("user_0000042", Identifiers.name(42));
  }
}
