package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.Gcra;
import io.tollgate.limiter.algorithm.Algorithm.LeakyBucket;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.testing.Scene;
import java.util.List;
import net.jqwik.api.Example;

/** Mistakes seen in other limiters, none of which is ours. */
public abstract class TrapContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;

  /** One of each kind with a capacity of 10, in a time that refills it in a minute. */
  private static List<Algorithm> everyKind(long capacity) {
    Period minute = new Period.Span(MINUTE);
    return List.of(
        new FixedWindow(capacity, minute, new Alignment.Epoch()),
        new FixedWindow(capacity, minute, new Alignment.FirstCall()),
        new SlidingWindow(capacity, MINUTE),
        new SlidingLog(capacity, MINUTE),
        new TokenBucket(capacity, MINUTE, capacity),
        new Gcra(capacity, MINUTE, capacity),
        new LeakyBucket(capacity, MINUTE, capacity, LeakyMode.METER, 0),
        new LeakyBucket(capacity, MINUTE, capacity, LeakyMode.QUEUE, 0));
  }

  @Example
  void twoHitsInOneMillisecondAndInOneMicrosecondCountTwice() {
    for (Algorithm algorithm : everyKind(10)) {
      Scene scene = scene(algorithm);
      scene.check(USER, 1);
      scene.check(USER, 1);
      scene.clock.move(1);
      scene.check(USER, 1);
      assertEquals(7, scene.remaining(USER), algorithm.toString());
    }
  }

  @Example
  void deniedHitsAreNotCounted() {
    for (Algorithm algorithm : everyKind(10)) {
      Scene scene = scene(algorithm);
      scene.check(USER, 10);
      long wait = scene.check(USER, 1).retryAfterMicros().orElseThrow();
      for (int i = 0; i < 100; i++) {
        scene.clock.move(wait / 200);
        assertFalse(scene.check(USER, 1).allowed());
      }
      scene.clock.move(wait - 100 * (wait / 200));
      assertTrue(scene.check(USER, 1).allowed(), algorithm.toString());
    }
  }

  /** A client that calls steadily, and faster than it may, still gets its rate. */
  @Example
  void steadyClientRecoversWhileItKeepsCalling() {
    for (Algorithm algorithm : everyKind(60)) {
      Scene scene = scene(algorithm);
      long passed = 0;
      for (int i = 0; i < 1_200; i++) {
        passed += scene.check(USER, 1).allowed() ? 1 : 0;
        scene.clock.move(SECOND / 2);
      }
      assertTrue(passed >= 9 * 60, algorithm + " passed " + passed + " in ten minutes");
    }
  }

  @Example
  void idlingLongGivesOneCapacityAndNoMore() {
    for (Algorithm algorithm : everyKind(10)) {
      Scene scene = scene(algorithm);
      for (long idle : new long[] {MINUTE, 2 * MINUTE, 1_000 * MINUTE, 400_000 * MINUTE}) {
        scene.check(USER, scene.remaining(USER));
        scene.clock.move(2 * idle);
        assertEquals(10, scene.remaining(USER), algorithm.toString());
        assertTrue(scene.check(USER, 10).allowed());
        assertFalse(scene.check(USER, 1).allowed());
      }
    }
  }

  @Example
  void fractionOfAUnitSurvivesAHitOfAllThatRemains() {
    Scene scene = scene(new TokenBucket(10, 10 * SECOND, 10));
    scene.check(USER, 10);
    scene.clock.move(2 * SECOND + SECOND / 2);
    assertTrue(scene.check(USER, 2).allowed());
    scene.clock.move(SECOND / 2);
    assertEquals(1, scene.remaining(USER));
  }

  @Example
  void costAtTheEdgeOfTheTypeIsDeniedForeverAndStopsNobody() {
    for (Algorithm algorithm : everyKind(10)) {
      Scene scene = scene(algorithm);
      scene.check(USER, 4);
      for (long cost : new long[] {11, Integer.MAX_VALUE, 1L << 52, Exact.MAX - 1, Exact.MAX}) {
        Decision decision = scene.check(USER, cost);
        assertFalse(decision.allowed());
        assertTrue(decision.retryAfterMicros().isEmpty(), "it can never pass");
      }
      assertEquals(6, scene.remaining(USER), algorithm.toString());
      assertTrue(scene.check("another", 10).allowed());
    }
  }

  @Example
  void largestNumbersThereAreStillLimit() {
    Scene scene = scene(new FixedWindow(Exact.MAX, new Period.Span(MINUTE), new Alignment.Epoch()));
    assertTrue(scene.check(USER, Exact.MAX).allowed());
    assertFalse(scene.check(USER, 1).allowed());
    assertFalse(scene.check(USER, Exact.MAX).allowed());
  }

  @Example
  void burstOfOneLimits() {
    for (Algorithm algorithm : everyKind(1)) {
      Scene scene = scene(algorithm);
      assertTrue(scene.check(USER, 1).allowed());
      assertFalse(scene.check(USER, 1).allowed(), algorithm.toString());
      scene.clock.move(MINUTE / 2 - 1);
      assertFalse(scene.check(USER, 1).allowed() && !isFixed(algorithm), algorithm.toString());
    }
  }

  private static boolean isFixed(Algorithm algorithm) {
    return algorithm instanceof FixedWindow;
  }

  @Example
  void raisedLimitFreesAtOnceAndNotOnlyAtTheWindowsEnd() {
    for (int i = 0; i < everyKind(10).size(); i++) {
      Scene scene = scene(everyKind(10).get(i));
      scene.check(USER, 10);
      assertFalse(scene.check(USER, 1).allowed());
      scene.change(everyKind(12).get(i));
      assertTrue(scene.check(USER, 2).allowed());
      assertFalse(scene.check(USER, 1).allowed());
    }
  }

  /** redis-cell's CL.THROTTLE user123 15 30 60: 16 at once, then one every two seconds. */
  @Example
  void publishedTableOfRedisCellHoldsForItsExample() {
    Scene scene = scene(new Gcra(30, MINUTE, 16));
    for (int call = 1; call <= 16; call++) {
      Decision decision = scene.check(USER, 1);
      assertTrue(decision.allowed());
      assertEquals(16 - call, decision.remaining().orElseThrow());
      assertEquals(
          2L * call * SECOND,
          decision.limits().getFirst().resetAtMicros() - scene.clock.nowMicros());
    }
    Decision limited = scene.check(USER, 1);
    assertFalse(limited.allowed());
    assertEquals(2 * SECOND, limited.retryAfterMicros().orElseThrow());
    scene.clock.move(2 * SECOND);
    assertTrue(scene.check(USER, 1).allowed());
    assertFalse(scene.check(USER, 1).allowed());
    scene.clock.move(32 * SECOND);
    assertEquals(16, scene.remaining(USER));
  }
}
