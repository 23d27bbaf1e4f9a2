package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whether what an answer promises comes true, to the unit and to the microsecond. */
public abstract class AnswerContractTest extends StoreContract {

  @Property
  void remainingIsTheLargestCostThatPasses(@ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long remaining = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      remaining = scene.check(USER, walk.cost(remaining)).remaining().orElseThrow();
      assertEquals(remaining, scene.remaining(USER), "a peek sees what the check left");
      assertTrue(scene.wouldPass(USER, remaining), "what remains passes");
      assertFalse(
          remaining < Exact.MAX && scene.wouldPass(USER, remaining + 1), "one more is denied");
    }
  }

  @Property
  void checkTakesExactlyItsCostFromWhatRemains(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long before = scene.remaining(USER);
      long cost = walk.charge(before);
      Decision decision = scene.check(USER, cost);
      assertEquals(cost <= before, decision.allowed());
      assertEquals(decision.allowed() ? before - cost : before, decision.remaining().orElseThrow());
    }
  }

  @Property
  void retryAfterIsTheLeastWaitAfterWhichTheSameCostPasses(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long remaining = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long cost = walk.charge(remaining);
      Decision decision = scene.check(USER, cost);
      OptionalLong wait = decision.retryAfterMicros();
      assertEquals(cost > algorithm.kernel().capacity(), wait.isEmpty(), "never passes");
      if (!decision.allowed() && wait.isPresent() && scene.clock.reaches(wait.getAsLong())) {
        scene.clock.move(wait.getAsLong() - 1);
        Decision early = scene.check(USER, cost);
        assertFalse(early.allowed(), "one microsecond earlier is denied");
        assertEquals(OptionalLong.of(1), early.retryAfterMicros());
        scene.clock.move(1);
        decision = scene.check(USER, cost);
        assertTrue(decision.allowed(), "after the wait it passes");
      }
      remaining = decision.remaining().orElseThrow();
    }
  }

  @Property
  void nextUnitArrivesWhenTheAnswerSaid(@ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      LimitReport report = scene.check(USER, 1 + walk.below(3)).limits().getFirst();
      long wait = report.nextUnitAfterMicros();
      assertEquals(report.remaining() == report.capacity(), wait == 0);
      if (wait > 0 && scene.clock.reaches(wait) && walk.coin()) {
        scene.clock.move(wait - 1);
        assertEquals(report.remaining(), scene.remaining(USER));
        scene.clock.move(1);
        assertTrue(scene.remaining(USER) > report.remaining());
      }
    }
  }

  @Property
  void resetAtIsWhenNothingUsedCountsAnyMore(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long capacity = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS / 4; i++) {
      scene.clock.move(walk.pause());
      LimitReport report = scene.check(USER, walk.cost(capacity / 2)).limits().getFirst();
      long wait = report.resetAtMicros() - scene.clock.nowMicros();
      assertTrue(wait >= 0, "a reset in the past");
      if (report.remaining() < capacity && scene.clock.reaches(wait)) {
        scene.clock.move(wait - 1);
        assertTrue(isQueue(algorithm) || scene.remaining(USER) < capacity, "one µs too late");
        scene.clock.move(1);
        assertEquals(capacity, scene.remaining(USER));
      }
    }
  }

  /** A queue's capacity may be whole while a part of a unit still leaks. */
  private static boolean isQueue(Algorithm algorithm) {
    return algorithm instanceof Algorithm.LeakyBucket l && l.maxDelayMicros() > 0;
  }

  @Property
  void denialAndPeekAndExplainChangeNothing(@ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene asked = scene(algorithm);
    Scene spared = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long remaining = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS; i++) {
      long pause = walk.pause();
      asked.clock.move(pause);
      spared.clock.move(pause);
      long cost = walk.cost(remaining);
      boolean passes = asked.wouldPass(USER, cost);
      asked.peek(USER);
      Decision decision = asked.check(USER, cost);
      assertEquals(passes, decision.allowed());
      assertTrue(decision.allowed() || cost > 0, "a peek is never denied");
      if (decision.allowed() && cost > 0) {
        spared.check(USER, cost);
      }
      assertEquals(spared.peek(USER), asked.peek(USER));
      remaining = decision.remaining().orElseThrow();
    }
  }
}
