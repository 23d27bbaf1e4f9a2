package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.testing.Scene;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Example;

/** Windows of the calendar begin at the civil midnight of their zone, to the microsecond. */
public abstract class CalendarContractTest extends StoreContract {

  private static final Period DAY = Period.of(Duration.ofDays(1));
  private static final Period WEEK = Period.of(Duration.ofDays(7));

  private static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }

  private void requireWindow(Period period, String zone, String start, String end) {
    Scene scene = scene(new FixedWindow(2, period, new Alignment.Calendar(ZoneId.of(zone))));
    scene.clock.moveTo(micros(start) - 1);
    assertTrue(scene.check(USER, 2).allowed());
    scene.clock.move(1);
    assertTrue(scene.check(USER, 1).allowed(), "a new window");
    assertTrue(scene.check(USER, 1).allowed());
    Decision denied = scene.check(USER, 1);
    assertEquals(micros(end), denied.limits().getFirst().resetAtMicros());
    assertEquals(micros(end) - micros(start), denied.retryAfterMicros().orElseThrow());
    scene.clock.moveTo(micros(end) - 1);
    assertFalse(scene.check(USER, 1).allowed());
    scene.clock.move(1);
    assertTrue(scene.check(USER, 2).allowed(), "the next one");
  }

  @Example
  void dayOfAClockChangeHas23Or25Hours() {
    requireWindow(DAY, "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
    requireWindow(DAY, "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    requireWindow(DAY, "America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
    requireWindow(DAY, "Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z");
  }

  @Example
  void dayWithoutItsMidnightBeginsWithItsFirstInstant() {
    requireWindow(DAY, "America/Havana", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");
    requireWindow(DAY, "Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z");
  }

  /** St. John's put its clocks back at 00:01, so 23:01 came again after midnight. */
  @Example
  void dayThatHasBegunGoesOnWhenClocksGoBackAcrossMidnight() {
    requireWindow(DAY, "America/St_Johns", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z");
    ZoneId zone = ZoneId.of("America/St_Johns");
    Scene scene = scene(new FixedWindow(3, DAY, new Alignment.Calendar(zone)));
    scene.clock.moveTo(micros("2010-11-07T02:45:00Z"));
    Decision inTheHourThatComesTwice = scene.check(USER, 3);
    assertEquals(
        micros("2010-11-08T03:30:00Z"),
        inTheHourThatComesTwice.limits().getFirst().resetAtMicros());
  }

  @Example
  void weekBeginsOnMonday() {
    requireWindow(WEEK, "UTC", "2026-06-15T00:00:00Z", "2026-06-22T00:00:00Z");
    requireWindow(WEEK, "Asia/Tokyo", "2026-12-27T15:00:00Z", "2027-01-03T15:00:00Z");
  }

  @Example
  void monthHasTheLengthOfItsOwn() {
    requireWindow(Period.MONTH, "UTC", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z");
    requireWindow(Period.MONTH, "Asia/Kathmandu", "2026-12-31T18:15:00Z", "2027-01-31T18:15:00Z");
    requireWindow(Period.MONTH, "Europe/Berlin", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z");
  }

  @Example
  void sameInstantIsInAnotherDayOfAnotherZone() {
    Scene utc = scene(new FixedWindow(1, DAY, new Alignment.Calendar(ZoneId.of("UTC"))));
    Scene tokyo = scene(new FixedWindow(1, DAY, new Alignment.Calendar(ZoneId.of("Asia/Tokyo"))));
    for (Scene scene : new Scene[] {utc, tokyo}) {
      scene.clock.moveTo(micros("2026-06-15T14:59:59Z"));
      scene.check(USER, 1);
      scene.clock.moveTo(micros("2026-06-15T15:00:00Z"));
    }
    assertFalse(utc.check(USER, 1).allowed());
    assertTrue(tokyo.check(USER, 1).allowed());
  }
}
