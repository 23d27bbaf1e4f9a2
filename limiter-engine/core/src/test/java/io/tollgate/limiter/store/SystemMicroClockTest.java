package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SystemMicroClockTest {

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long SECOND_MICROS = 1_000_000L;
  private static final long START = 1_800_000_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(5);
  private final AtomicLong wall = new AtomicLong(START);
  private final SystemMicroClock clock = new SystemMicroClock(nanos::get, wall::get);

  private void bothAdvance(long seconds) {
    nanos.addAndGet(seconds * SECOND_NANOS);
    wall.addAndGet(seconds * SECOND_MICROS);
  }

  @Test
  void followsTheMonotonicClockBetweenComparisons() {
    nanos.addAndGet(1_500);
    assertEquals(START + 1, clock.nowMicros());
  }

  @Test
  void smallCorrectionsOfTheWallClockDoNotReachIt() {
    bothAdvance(2);
    wall.addAndGet(-900_000);
    assertEquals(START + 2 * SECOND_MICROS, clock.nowMicros());
  }

  @Test
  void aSuspendedMachineIsNoticedAtTheNextComparison() {
    bothAdvance(2);
    wall.addAndGet(3_600 * SECOND_MICROS);
    assertEquals(START + 3_602 * SECOND_MICROS, clock.nowMicros());
    nanos.addAndGet(7_000);
    assertEquals(START + 3_602 * SECOND_MICROS + 7, clock.nowMicros());
  }

  @Test
  void aWallClockSetBackIsFollowed() {
    bothAdvance(2);
    wall.addAndGet(-60 * SECOND_MICROS);
    assertEquals(START - 58 * SECOND_MICROS, clock.nowMicros());
  }

  @Test
  void theMachinesClockIsTheMachinesTime() {
    long before = Instant.now().toEpochMilli() * 1_000;
    long now = new SystemMicroClock().nowMicros();
    assertTrue(now >= before && now - before < 60 * SECOND_MICROS, "clock says " + now);
  }
}
