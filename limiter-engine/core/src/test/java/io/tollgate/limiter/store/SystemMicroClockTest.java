package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The machine's clock follows the monotonic one, and the wall clock only when they part. */
class SystemMicroClockTest {

  private static final long SECOND = 1_000_000;
  private static final long WALL = 1_750_000_000L * SECOND;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000);
  private final AtomicLong wall = new AtomicLong(WALL);
  private final SystemMicroClock clock = new SystemMicroClock(nanos::get, wall::get);

  /** Moves both clocks, the wall clock by some microseconds more. */
  private void pass(long micros, long wallStep) {
    nanos.addAndGet(micros * 1_000);
    wall.addAndGet(micros + wallStep);
  }

  @Test
  void timePassesWithTheMonotonicClockAlsoWhereThatWraps() {
    pass(10, 0);
    assertEquals(WALL + 10, clock.nowMicros());
    pass(90 * SECOND, 0);
    assertEquals(WALL + 90 * SECOND + 10, clock.nowMicros());
  }

  @Test
  void smallCorrectionsOfTheWallClockDoNotReachIt() {
    pass(2 * SECOND, SECOND);
    assertEquals(WALL + 2 * SECOND, clock.nowMicros());
    pass(2 * SECOND, -2 * SECOND);
    assertEquals(WALL + 4 * SECOND, clock.nowMicros());
  }

  @Test
  void wallClockThatWasSetIsFollowedWithinASecond() {
    pass(SECOND / 2, 3_600 * SECOND);
    assertEquals(WALL + SECOND / 2, clock.nowMicros(), "compared about once a second");
    pass(SECOND / 2, 0);
    assertEquals(WALL + 3_601 * SECOND, clock.nowMicros());
    pass(7, 0);
    assertEquals(WALL + 3_601 * SECOND + 7, clock.nowMicros(), "and anchored there");
    pass(SECOND, -7_200 * SECOND);
    assertEquals(WALL - 3_598 * SECOND + 7, clock.nowMicros());
  }

  @Test
  void realClockTellsTheTime() {
    long now = new SystemMicroClock().nowMicros();
    long expected = Instant.now().toEpochMilli() * 1_000;
    assertTrue(Math.abs(now - expected) < 60 * SECOND);
  }
}
