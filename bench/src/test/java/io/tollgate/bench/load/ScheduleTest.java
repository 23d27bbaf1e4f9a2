package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When requests are meant to leave, and in which order. */
class ScheduleTest {

  @Test
  void requestsAreEvenlySpaced() {
    Schedule schedule = new Schedule(1_000, 20_000);
    assertEquals(1_000, schedule.intended(0));
    assertEquals(51_000, schedule.intended(1));
    assertEquals(1_000 + Schedule.NANOS_PER_SECOND, schedule.intended(20_000));
  }

  @Test
  void roundingDoesNotAddUp() {
    Schedule schedule = new Schedule(0, 3);
    assertEquals(333_333_333, schedule.intended(1));
    assertEquals(3_600 * Schedule.NANOS_PER_SECOND, schedule.intended(3 * 3_600));
  }

  @Test
  void aStalledServerDelaysNoIntendedMoment() {
    Schedule schedule = new Schedule(0, 1_000);
    long stall = Schedule.NANOS_PER_SECOND;
    // All of the second's requests are answered when it is over: the first has waited longest.
    assertEquals(stall, schedule.waited(0, stall));
    assertEquals(stall / 2, schedule.waited(500, stall));
    assertEquals(1_000_000, schedule.waited(999, stall));
  }

  @Test
  void aRequestIsDueFromItsMomentOnAlsoWhenTheClockWraps() {
    Schedule schedule = new Schedule(Long.MAX_VALUE, 1_000_000);
    assertTrue(schedule.due(0, Long.MAX_VALUE));
    assertFalse(schedule.due(1, Long.MAX_VALUE));
    assertTrue(schedule.due(1, Long.MIN_VALUE + 999));
    assertFalse(schedule.due(1, Long.MIN_VALUE + 998));
  }

  @Test
  void ratesHaveBounds() {
    assertThrows(IllegalArgumentException.class, () -> new Schedule(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Schedule(0, 1_000_001));
  }

  @Test
  void orderHasEveryIdentifierOnceAndIsTheSameEachTime() {
    int[] order = Order.shuffled(1_000);
    assertArrayEquals(order, Order.shuffled(1_000));
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 1_000).toArray(), sorted);
    assertFalse(Arrays.equals(sorted, order));
  }
}
