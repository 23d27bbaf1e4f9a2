package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.store.Store.Settlement;
import io.tollgate.limiter.testing.Scene;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** A reservation is charged at once and corrected once, by what was really used. */
public abstract class ReservationContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final Algorithm BUCKET = new TokenBucket(10, 10 * SECOND, 10);

  private static Algorithm fixed() {
    return new FixedWindow(10, new Period.Span(MINUTE), new Alignment.Epoch());
  }

  private static HoldId id(Held held) {
    return held.id().orElseThrow();
  }

  @Property
  void commitCorrectsTheChargeToWhatWasUsed(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 0, max = Exact.MAX) long wished,
      @ForAll @LongRange(min = 0, max = Exact.MAX) long used) {
    Scene scene = scene(algorithm);
    long capacity = algorithm.kernel().capacity();
    Held held = scene.reserve(USER, wished % (capacity + 1), MINUTE);
    long actual = used % (2 * Math.min(capacity, Exact.MAX / 2) + 1);
    assertEquals(new Settlement.Committed(actual), scene.commit(id(held), actual));
    assertEquals(Math.max(0, capacity - actual), scene.remaining(USER));
  }

  @Property
  void cancelAtOnceTakesBackAll(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 0, max = Exact.MAX) long wished) {
    Scene scene = scene(algorithm);
    long capacity = algorithm.kernel().capacity();
    Held held = scene.reserve(USER, wished % (capacity + 1), MINUTE);
    assertEquals(new Settlement.Committed(0), scene.cancel(id(held)));
    assertEquals(capacity, scene.remaining(USER));
    if (!(algorithm instanceof FixedWindow)) {
      long reset = scene.peek(USER).limits().getFirst().resetAtMicros();
      assertEquals(scene.clock.nowMicros(), reset, "nothing used counts any more");
    }
  }

  @Property
  void lateCancelGivesNobodyMoreThanHeTook(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 1, max = 2 * SECOND) long pause) {
    Scene cancelled = scene(algorithm);
    Scene never = scene(algorithm);
    long capacity = algorithm.kernel().capacity();
    long others = capacity / 2;
    Held held = cancelled.reserve(USER, capacity - others, HOUR);
    cancelled.check(USER, others);
    never.check(USER, others);
    cancelled.clock.move(pause);
    never.clock.move(pause);
    cancelled.cancel(id(held));
    assertTrue(cancelled.remaining(USER) <= never.remaining(USER), "a cancel gave too much back");
  }

  @Example
  void commitAboveTheReservationIsChargedPastCapacity() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 10, MINUTE);
    scene.commit(id(held), 25);
    assertEquals(0, scene.remaining(USER));
    assertEquals(16 * SECOND, scene.check(USER, 1).retryAfterMicros().orElseThrow());
  }

  @Example
  void reservationOfNothingIsCommittedAtWhatWasUsed() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 0, MINUTE);
    assertEquals(10, scene.remaining(USER));
    scene.commit(id(held), 4);
    assertEquals(6, scene.remaining(USER));
  }

  @Example
  void commitAtTheEdgeOfTheTypeLocksNobodyElseAndNeverWraps() {
    for (Algorithm algorithm : everyKind()) {
      Scene scene = scene(algorithm);
      for (int i = 0; i < 3; i++) {
        scene.commit(id(scene.reserve(USER, 0, MINUTE)), Exact.MAX);
        assertEquals(0, scene.remaining(USER), algorithm.wireName());
        scene.clock.move(1);
      }
      assertFalse(scene.check(USER, 1).allowed(), algorithm.wireName());
      assertEquals(10, scene.remaining("another"));
    }
  }

  @Example
  void logThatWasChargedAtTheEdgeOfTheTypeForgetsEachChargeInItsTurn() {
    Scene scene = scene(new SlidingLog(10, MINUTE));
    scene.commit(id(scene.reserve(USER, 0, HOUR)), Exact.MAX);
    scene.clock.move(10 * SECOND);
    scene.commit(id(scene.reserve(USER, 0, HOUR)), Exact.MAX);
    scene.clock.move(MINUTE - 10 * SECOND);
    assertEquals(0, scene.remaining(USER), "the second charge still counts");
    scene.clock.move(10 * SECOND);
    assertEquals(10, scene.remaining(USER));
  }

  private static Algorithm[] everyKind() {
    return new Algorithm[] {
      BUCKET, fixed(), new SlidingWindow(10, MINUTE), new SlidingLog(10, MINUTE)
    };
  }

  @Example
  void cancelGivesBackOnlyWhatHasNotLeaked() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 6, MINUTE);
    scene.clock.move(4 * SECOND);
    scene.check(USER, 5);
    assertEquals(3, scene.remaining(USER));
    scene.cancel(id(held));
    assertEquals(5, scene.remaining(USER));
  }

  @Example
  void lateCancelGivesBackWhatIsLeftOfALargeCharge() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 9, MINUTE);
    scene.clock.move(8 * SECOND);
    assertEquals(9, scene.remaining(USER));
    scene.cancel(id(held));
    assertEquals(10, scene.remaining(USER));
  }

  @Example
  void commitBelowTheReservationGivesBackOnlyWhatHasNotLeaked() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 10, MINUTE);
    scene.clock.move(3 * SECOND);
    scene.commit(id(held), 8);
    assertEquals(3, scene.remaining(USER));
  }

  @Example
  void cancelAfterItsWindowHasClosedRefundsNothing() {
    Scene scene = scene(fixed());
    long start = scene.clock.next(MINUTE);
    scene.clock.moveTo(start + 50 * SECOND);
    Held held = scene.reserve(USER, 5, HOUR);
    scene.clock.moveTo(start + MINUTE);
    scene.check(USER, 7);
    assertEquals(new Settlement.Committed(0), scene.cancel(id(held)));
    assertEquals(3, scene.remaining(USER));
  }

  @Example
  void cancelInASlidingWindowTakesFromTheCellThatItWasChargedTo() {
    Scene scene = scene(new SlidingWindow(10, MINUTE));
    long start = scene.clock.next(MINUTE);
    scene.clock.moveTo(start);
    Held held = scene.reserve(USER, 6, HOUR);
    scene.check(USER, 2);
    scene.clock.moveTo(start + MINUTE + MINUTE / 2);
    scene.check(USER, 1);
    assertEquals(5, scene.remaining(USER));
    scene.cancel(id(held));
    assertEquals(8, scene.remaining(USER));
  }

  @Example
  void cancelInALogMovesItsResetBackToWhatStillCounts() {
    Scene scene = scene(new SlidingLog(10, MINUTE));
    scene.check(USER, 1);
    long first = scene.clock.nowMicros();
    scene.clock.move(SECOND);
    Held held = scene.reserve(USER, 5, HOUR);
    scene.cancel(id(held));
    assertEquals(9, scene.remaining(USER));
    assertEquals(first + MINUTE, scene.peek(USER).limits().getFirst().resetAtMicros());
  }

  @Example
  void deniedReservationChargesNothingAndHasNoId() {
    Scene scene = scene(BUCKET);
    Held held = scene.reserve(USER, 11, MINUTE);
    assertTrue(held.id().isEmpty());
    assertEquals(0, held.expiresAtMicros());
    assertEquals(10, scene.remaining(USER));
  }

  @Example
  void settlingTwiceChangesNothing() {
    Scene scene = scene(fixed());
    Held held = scene.reserve(USER, 5, MINUTE);
    scene.commit(id(held), 3);
    assertInstanceOf(Settlement.SettledBefore.class, scene.commit(id(held), 9));
    assertInstanceOf(Settlement.SettledBefore.class, scene.cancel(id(held)));
    assertEquals(7, scene.remaining(USER));
  }

  @Example
  void expiryCommitsTheReservationAsItWas() {
    Scene scene = scene(new SlidingLog(10, HOUR));
    Held held = scene.reserve(USER, 5, MINUTE);
    assertEquals(scene.clock.nowMicros() + MINUTE, held.expiresAtMicros());
    scene.clock.move(MINUTE);
    assertInstanceOf(Settlement.Expired.class, scene.commit(id(held), 1));
    assertInstanceOf(Settlement.Expired.class, scene.cancel(id(held)));
    assertEquals(5, scene.remaining(USER));
  }

  @Example
  void reservationCanBeSettledUntilItExpires() {
    Scene scene = scene(new SlidingLog(10, HOUR));
    Held held = scene.reserve(USER, 5, MINUTE);
    scene.clock.move(MINUTE - 1);
    assertEquals(new Settlement.Committed(2), scene.commit(id(held), 2));
    assertEquals(8, scene.remaining(USER));
  }

  @Example
  void unknownReservationSettlesNothing() {
    Scene scene = scene(BUCKET);
    assertInstanceOf(Settlement.Unknown.class, scene.commit(new HoldId(7, 7), 1));
    assertInstanceOf(Settlement.Unknown.class, scene.cancel(new HoldId(7, 7)));
    assertEquals(10, scene.remaining(USER));
  }

  @Example
  void timeToLiveAndActualUseAreBounded() {
    Scene scene = scene(BUCKET);
    for (long ttl : new long[] {SECOND - 1, HOUR + 1, 0, -1}) {
      var refused = assertThrows(InvalidRequestException.class, () -> scene.reserve(USER, 1, ttl));
      assertEquals("ttl_ms", refused.field());
    }
    Held held = scene.reserve(USER, 1, SECOND);
    for (long actual : new long[] {-1, Exact.MAX + 1, Long.MIN_VALUE}) {
      var refused =
          assertThrows(InvalidRequestException.class, () -> scene.commit(id(held), actual));
      assertEquals("actual", refused.field());
    }
    assertEquals(9, scene.remaining(USER), "nothing was charged by what was refused");
  }
}
