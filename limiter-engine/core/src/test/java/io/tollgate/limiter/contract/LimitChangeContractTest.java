package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.testing.Algorithms;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A limit that changes while it counts keeps what was used, not what remained, and at once. */
public abstract class LimitChangeContractTest extends StoreContract {

  private static final long MINUTE = 60_000_000;

  @Provide
  Arbitrary<Algorithm> unqueued() {
    return Arbitraries.oneOf(Algorithms.buckets(), Algorithms.windows());
  }

  /** At a whole second, where no tick hides a part of the time that has passed. */
  @Property
  void whatWasUsedIsKeptWhateverTheNewNumbersAndAlgorithm(
      @ForAll("unqueued") Algorithm before,
      @ForAll("unqueued") Algorithm after,
      @ForAll long seed) {
    Scene scene = scene(before);
    Walk walk = new Walk(before, seed);
    for (int i = 0; i < 8; i++) {
      scene.clock.move(walk.pause());
      scene.check(USER, walk.charge(scene.remaining(USER)));
    }
    scene.clock.moveTo(scene.clock.next(1_000_000));
    long used = before.kernel().capacity() - scene.remaining(USER);
    scene.change(after);
    long left = Math.max(0, after.kernel().capacity() - used);
    if (isShorterLog(before, after)) {
      assertTrue(scene.remaining(USER) >= left, "a log knows what it used in the shorter window");
    } else {
      assertEquals(left, scene.remaining(USER));
    }
    scene.change(before);
    assertEquals(before.kernel().capacity() - used, scene.remaining(USER), "peeks changed nothing");
  }

  private static boolean isShorterLog(Algorithm before, Algorithm after) {
    return before instanceof SlidingLog
        && after instanceof SlidingLog
        && after.periodMicros() < before.periodMicros();
  }

  /** The bucket's numbers are counted in milliseconds, the log's in microseconds. */
  @Example
  void whatIsTakenOverCountsFromNowThoughTheOldTicksAreCoarser() {
    Scene scene = scene(new TokenBucket(1_000, 60 * MINUTE, 1L << 40));
    scene.check(USER, 1);
    scene.clock.move(699);
    scene.change(new SlidingLog(5, MINUTE));
    Decision decision = scene.check(USER, 1);
    assertEquals(3, decision.limits().getFirst().remaining());
    assertEquals(scene.clock.nowMicros() + MINUTE, decision.limits().getFirst().resetAtMicros());
  }

  @Property
  void chargeUnderTheNewLimitCountsOnTopOfTheOld(
      @ForAll("unqueued") Algorithm before, @ForAll("unqueued") Algorithm after) {
    Scene scene = scene(before);
    long used = Math.max(1, before.kernel().capacity() / 2);
    scene.check(USER, used);
    scene.change(after);
    long left = scene.remaining(USER);
    assertEquals(Math.max(0, after.kernel().capacity() - used), left);
    if (left > 0) {
      assertTrue(scene.check(USER, 1).allowed());
      assertEquals(left - 1, scene.remaining(USER));
      scene.change(before);
      assertEquals(Math.max(0, before.kernel().capacity() - used - 1), scene.remaining(USER));
    } else {
      assertFalse(scene.check(USER, 1).allowed());
    }
  }

  @Example
  void raisedBurstFreesOnlyTheDifference() {
    Scene scene = scene(new TokenBucket(10, MINUTE, 10));
    scene.check(USER, 10);
    scene.change(new TokenBucket(10, MINUTE, 15));
    assertEquals(5, scene.remaining(USER));
  }

  @Example
  void loweredLimitDeniesUntilEnoughHasLeaked() {
    Scene scene = scene(new TokenBucket(60, MINUTE, 60));
    scene.check(USER, 60);
    scene.change(new TokenBucket(60, MINUTE, 10));
    assertEquals(51_000_000, scene.check(USER, 1).retryAfterMicros().orElseThrow());
  }

  @Example
  void limitChangeTakesEffectAtOnceInTheMiddleOfAWindow() {
    Period hour = new Period.Span(60 * MINUTE);
    Scene scene = scene(new FixedWindow(100, hour, new Alignment.Epoch()));
    assertTrue(scene.check(USER, 60).allowed());
    scene.change(new FixedWindow(50, hour, new Alignment.Epoch()));
    assertFalse(scene.check(USER, 1).allowed());
    scene.change(new FixedWindow(70, hour, new Alignment.Epoch()));
    assertEquals(10, scene.remaining(USER));
  }

  @Example
  void bothCellsOfASlidingCounterSurviveAChangeOfItsLimit() {
    Scene scene = scene(new SlidingWindow(10, MINUTE));
    scene.clock.moveTo(scene.clock.next(MINUTE));
    scene.check(USER, 8);
    scene.clock.move(MINUTE + MINUTE / 2);
    scene.check(USER, 3);
    scene.change(new SlidingWindow(100, MINUTE));
    assertEquals(93, scene.remaining(USER));
    scene.clock.move(MINUTE / 2 - 1);
    assertEquals(96, scene.remaining(USER));
  }

  @Example
  void rateThatBecomesAConcurrencyLimitHoldsNoLeases() {
    Scene scene = scene(new TokenBucket(10, MINUTE, 10));
    scene.check(USER, 7);
    scene.change(new Concurrency(2, MINUTE));
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void loweredConcurrencyLetsLeasesGoOnAndAdmitsNoMore() {
    Scene scene = scene(new Concurrency(3, MINUTE));
    var first = scene.acquire(USER, 1, MINUTE).id().orElseThrow();
    scene.acquire(USER, 1, MINUTE);
    scene.acquire(USER, 1, MINUTE);
    scene.change(new Concurrency(2, MINUTE));
    scene.release(first);
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
    scene.change(new Concurrency(3, MINUTE));
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void overrideOfOtherNumbersKeepsWhatWasUsed() {
    NamespaceSpec plain = withOverride(Map.of());
    Scene scene = scene(plain);
    scene.check(USER, 4);
    scene.reload(
        withOverride(Map.of(Scene.LIMIT, new LimitOverride.Numbers(20, OptionalLong.of(50)))));
    assertEquals(46, scene.remaining(USER));
    scene.reload(
        withOverride(Map.of(Scene.LIMIT, new LimitOverride.Numbers(2, OptionalLong.empty()))));
    assertEquals(0, scene.remaining(USER));
    scene.reload(plain);
    assertEquals(6, scene.remaining(USER));
  }

  @Example
  void identifierThatWasUnlimitedForAWhileFindsWhatItHadUsed() {
    NamespaceSpec plain = withOverride(Map.of());
    Scene scene = scene(plain);
    scene.check(USER, 4);
    scene.reload(withOverride(Map.of(Scene.LIMIT, new LimitOverride.Unlimited())));
    assertTrue(scene.check(USER, 1_000).allowed());
    scene.reload(plain);
    assertEquals(6, scene.remaining(USER));
  }

  private static NamespaceSpec withOverride(Map<String, LimitOverride> limits) {
    return new NamespaceSpec(
        Scene.NAMESPACE,
        StoreFailure.LOCAL,
        Headers.DRAFT,
        List.of(LimitSpec.of(Scene.LIMIT, new TokenBucket(10, MINUTE, 10))),
        List.of(new OverrideSpec(USER, limits)),
        List.of());
  }
}
