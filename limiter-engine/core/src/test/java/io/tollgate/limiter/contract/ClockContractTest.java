package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What a clock that is stepped does to what was used: nothing. */
public abstract class ClockContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long YEAR = 365L * 86_400 * SECOND;

  @Property
  void clockSteppedBackUpToASecondNeverRefunds(
      @ForAll("all") Algorithm algorithm,
      @ForAll long seed,
      @ForAll @LongRange(min = 1, max = SECOND) long back) {
    Scene scene = scene(algorithm);
    spend(scene, algorithm, seed);
    LimitReport before = scene.check(USER, 1).limits().getFirst();
    scene.clock.move(-back);
    LimitReport after = scene.peek(USER).limits().getFirst();
    assertTrue(after.remaining() <= before.remaining(), "a step back refunded");
    assertTrue(after.resetAtMicros() <= before.resetAtMicros(), "a step back locked");
  }

  @Property
  void callsAfterASmallStepBackAreChargedAndDeniedAsBeforeIt(
      @ForAll("all") Algorithm algorithm,
      @ForAll long seed,
      @ForAll @LongRange(min = 1, max = SECOND) long back) {
    Scene scene = scene(algorithm);
    spend(scene, algorithm, seed);
    exhaust(scene);
    scene.clock.move(-back);
    assertFalse(scene.check(USER, 1).allowed());
    long wait = scene.check(USER, 1).retryAfterMicros().orElseThrow();
    if (scene.clock.reaches(wait)) {
      scene.clock.move(wait - 1);
      assertFalse(scene.wouldPass(USER, 1));
      scene.clock.move(1);
      assertTrue(scene.check(USER, 1).allowed());
    }
  }

  @Property
  void clockSteppedForwardAndBackKeepsWhatWasUsedAndLocksNobodyForTheStep(
      @ForAll("all") Algorithm algorithm,
      @ForAll long seed,
      @ForAll @LongRange(min = 2 * SECOND + 1, max = 10 * YEAR) long step) {
    Scene scene = scene(algorithm);
    long fresh = longestReset(algorithm);
    long start = scene.clock.nowMicros();
    scene.clock.move(step);
    Walk walk = new Walk(algorithm, seed);
    long charged = 1 + walk.below(algorithm.kernel().capacity());
    LimitReport ahead = scene.check(USER, charged).limits().getFirst();
    scene.clock.moveTo(start);
    LimitReport back = scene.peek(USER).limits().getFirst();
    assertEquals(ahead.remaining(), back.remaining(), "what was used is kept");
    long wait = back.resetAtMicros() - start;
    assertTrue(wait <= fresh, "locked for " + wait + " µs of a step of " + step);
    if (scene.clock.reaches(wait)) {
      scene.clock.move(wait);
      assertEquals(back.capacity(), scene.remaining(USER));
    }
  }

  @Property
  void clockSteppedForwardAndBackDeniesWhoeverWasDeniedAndLetsHimInAfterHisWait(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 2 * SECOND + 1, max = 10 * YEAR) long step) {
    Scene scene = scene(algorithm);
    scene.clock.move(step);
    exhaust(scene);
    scene.clock.move(-step);
    Decision denied = scene.check(USER, 1);
    assertFalse(denied.allowed());
    long wait = denied.retryAfterMicros().orElseThrow();
    assertTrue(wait <= longestReset(algorithm));
    if (scene.clock.reaches(wait)) {
      // In between others look, which must not begin the wait anew.
      scene.clock.move(wait / 2);
      assertFalse(scene.check(USER, 1).allowed());
      scene.clock.move(wait - wait / 2);
      assertTrue(scene.check(USER, 1).allowed());
    }
  }

  /** Whatever kind the limit has become: who only asks and is denied must see time pass. */
  @Property
  void limitThatChangedItsKindAfterASteppedClockLocksNobodyForTheStep(
      @ForAll("usual") Algorithm before, @ForAll("usual") Algorithm after) {
    Scene scene = scene(before);
    scene.clock.move(10 * YEAR);
    exhaust(scene);
    scene.clock.move(-10 * YEAR);
    scene.change(after);
    long wait = longestReset(after) + longestReset(before);
    boolean passed = false;
    for (int i = 0; i < 10; i++) {
      passed |= scene.check(USER, after.kernel().capacity()).allowed();
      scene.clock.move(wait / 10 + 1);
    }
    assertTrue(passed || scene.check(USER, after.kernel().capacity()).allowed());
  }

  @Provide
  Arbitrary<Algorithm> usual() {
    Period period = new Period.Span(SECOND);
    return Arbitraries.of(
        new Algorithm.TokenBucket(10, SECOND, 10),
        new Algorithm.FixedWindow(10, period, new Alignment.Epoch()),
        new Algorithm.FixedWindow(10, period, new Alignment.FirstCall()),
        new Algorithm.SlidingWindow(10, SECOND),
        new Algorithm.SlidingLog(10, SECOND));
  }

  @Property
  void clockOfATestRealmIsNeverTakenForASteppedOne(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 2 * SECOND, max = YEAR) long offset) {
    Scene scene = scene(algorithm);
    Realm advanced = Realm.test("environment");
    Realm behind = Realm.test("environment");
    advanced.advance(offset);
    long capacity = algorithm.kernel().capacity();
    Decision first = scene.check(CheckRequest.of(advanced, Scene.NAMESPACE, USER, capacity));
    assertTrue(first.allowed());
    Decision late = scene.check(CheckRequest.of(behind, Scene.NAMESPACE, USER, 1));
    assertFalse(late.allowed(), "the older offset sees what was used");
    long there = late.atMicros() + late.retryAfterMicros().orElseThrow();
    assertTrue(there > first.atMicros(), "the wait counts from the state's own time");
    Decision again = scene.check(CheckRequest.of(advanced, Scene.NAMESPACE, USER, 1));
    assertFalse(again.allowed());
    assertEquals(there, again.atMicros() + again.retryAfterMicros().orElseThrow());
  }

  @Example
  void offsetOfATestRealmMovesOnlyItsOwnTime() {
    Scene scene = scene(new Algorithm.TokenBucket(1, SECOND, 1));
    Realm test = Realm.test("environment");
    assertTrue(scene.check(USER, 1).allowed());
    assertTrue(scene.check(CheckRequest.of(test, Scene.NAMESPACE, USER, 1)).allowed());
    test.advance(SECOND);
    Decision moved = scene.check(CheckRequest.of(test, Scene.NAMESPACE, USER, 1));
    assertTrue(moved.allowed());
    assertEquals(scene.clock.nowMicros() + SECOND, moved.atMicros());
    assertFalse(scene.check(USER, 1).allowed());
  }

  private static void spend(Scene scene, Algorithm algorithm, long seed) {
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < 10; i++) {
      scene.clock.move(walk.pause());
      scene.check(USER, walk.charge(scene.remaining(USER)));
    }
  }

  private static void exhaust(Scene scene) {
    scene.check(USER, scene.remaining(USER));
    assertEquals(0, scene.remaining(USER));
  }

  /** The longest that anything used can count, and the second by which a state may be ahead. */
  private static long longestReset(Algorithm algorithm) {
    long tick = algorithm.kernel().tick().micros();
    return SECOND
        + switch (algorithm) {
          case Algorithm.SlidingWindow s -> 2 * s.periodMicros();
          case Algorithm.FixedWindow f -> f.periodMicros();
          case Algorithm.SlidingLog s -> s.periodMicros();
          default -> {
            long capacity = algorithm.kernel().capacity();
            double each = (double) algorithm.periodMicros() / algorithm.limit();
            yield (long) Math.min(1e18, (capacity + 1) * each * 1.000_001) + tick;
          }
        };
  }
}
