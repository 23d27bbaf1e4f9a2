package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.store.CheckBuffer;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The clock of Redis is stepped forward by an hour, and back. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BadDayClockTest {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** 2025-06-15T23:30:00Z: in an hour it is another day. */
  private static final long START = 1_750_030_200_000_000L;

  /** Of a capacity of 10, of which no unit comes back in a second. */
  private static final List<Algorithm> KINDS =
      List.of(
          new Algorithm.TokenBucket(10, 2 * MINUTE, 10),
          new Algorithm.FixedWindow(10, Period.of(Duration.ofMinutes(2)), new Alignment.Epoch()),
          new Algorithm.SlidingWindow(10, 2 * MINUTE),
          new Algorithm.SlidingLog(10, 2 * MINUTE),
          new Algorithm.FixedWindow(
              10, Period.of(Duration.ofDays(1)), new Alignment.Calendar(ZoneId.of("UTC"))));

  private final FrozenRedis redis = new FrozenRedis(RedisVersion.INSTALLED, START);
  private final Day day = Day.forgetful(redis.server.port);

  @AfterEach
  void close() {
    day.close();
    redis.close();
  }

  /** Takes units of which Redis says how many are left. */
  private CheckBuffer take(Limit limit, long cost) {
    CheckBuffer answer = day.ask(limit, cost);
    assertFalse(answer.degraded(), limit::toString);
    return answer;
  }

  @Test
  void aStepForwardAndBackGivesOneCapacityMoreAndLocksNoKey() {
    int moved = 0;
    for (int i = 0; i < KINDS.size(); i++) {
      Limit limit = new Limit("limit-" + i, KINDS.get(i), false);
      redis.moveTo(START);
      assertEquals(6, take(limit, 4).remaining(0), limit::toString);
      redis.moveTo(START + HOUR);
      assertEquals(3, take(limit, 7).remaining(0), "an hour later nothing is used");
      redis.moveTo(START);
      CheckBuffer back = take(limit, 1);
      assertEquals(2, back.remaining(0), "nothing comes back by the step back");
      assertEquals(++moved, day.observer.reanchored);
      assertFalse(take(limit, 3).allowed());
      long full = KINDS.get(i).periodMicros() == 0 ? HOUR / 2 : 4 * MINUTE;
      redis.moveTo(START + full);
      assertEquals(10, take(limit, 0).remaining(0), "it is free by its own time");
    }
    assertEquals(0, day.observer.downs);
    day.report("clock stepped by an hour and back");
  }

  @Test
  void aStepBackAloneRefundsNothing() {
    Limit limit = new Limit("main", KINDS.getFirst(), false);
    assertTrue(take(limit, 10).allowed());
    redis.moveTo(START - HOUR);
    assertFalse(take(limit, 1).allowed());
    assertEquals(1, day.observer.reanchored);
    redis.moveTo(START - HOUR + 12 * SECOND);
    assertTrue(take(limit, 1).allowed(), "a unit takes twelve seconds");
    assertFalse(take(limit, 1).allowed());
    day.report("clock stepped back");
  }
}
