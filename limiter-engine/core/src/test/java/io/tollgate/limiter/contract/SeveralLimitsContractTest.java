package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.LeakyBucket;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.testing.Algorithms;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Several limits of one check are one step: all are charged or none. */
public abstract class SeveralLimitsContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;

  @Provide
  Arbitrary<List<Algorithm>> some() {
    return Algorithms.all().list().ofMinSize(2).ofMaxSize(6);
  }

  private static LimitSpec shadow(String name, Algorithm algorithm) {
    return new LimitSpec(name, algorithm, true, LimitSpec.Per.IDENTIFIER, Map.of());
  }

  private static Algorithm minutely(long limit) {
    return new FixedWindow(limit, new Period.Span(MINUTE), new Alignment.Epoch());
  }

  /** Each limit has a scene of its own, which is asked only what passed everywhere. */
  @Property(tries = 300)
  void everyLimitCountsExactlyWhatPassedAllOfThem(
      @ForAll("some") List<Algorithm> algorithms, @ForAll long seed) {
    Scene together = scene(specs(algorithms));
    List<Scene> apart = algorithms.stream().map(this::scene).toList();
    Walk walk = new Walk(algorithms.getFirst(), seed);
    for (int i = 0; i < STEPS; i++) {
      long pause = walk.pause();
      together.clock.move(pause);
      apart.forEach(scene -> scene.clock.move(pause));
      long cost = walk.cost(together.remaining(USER));
      boolean passes = apart.stream().allMatch(scene -> scene.wouldPass(USER, cost));
      assertEquals(passes, together.check(USER, cost).allowed());
      if (passes) {
        apart.forEach(scene -> scene.check(USER, cost));
      }
      assertEquals(
          apart.stream().map(scene -> scene.remaining(USER)).toList(),
          together.peek(USER).limits().stream().map(LimitReport::remaining).toList());
    }
  }

  private static LimitSpec[] specs(List<Algorithm> algorithms) {
    return IntStream.range(0, algorithms.size())
        .mapToObj(i -> LimitSpec.of("limit-" + i, algorithms.get(i)))
        .toArray(LimitSpec[]::new);
  }

  @Property(tries = 300)
  void denialNamesTheLongestWaitAndAfterItTheCheckPasses(
      @ForAll("some") @Size(max = 4) List<Algorithm> algorithms, @ForAll long seed) {
    Scene scene = scene(specs(algorithms));
    Walk walk = new Walk(algorithms.getFirst(), seed);
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long cost = walk.charge(scene.remaining(USER));
      Decision decision = scene.check(USER, cost);
      if (decision.allowed()) {
        continue;
      }
      OptionalLong wait = decision.retryAfterMicros();
      assertEquals(longest(decision), wait.orElse(Long.MAX_VALUE));
      if (wait.isPresent() && scene.clock.reaches(wait.getAsLong())) {
        scene.clock.move(wait.getAsLong() - 1);
        assertFalse(scene.check(USER, cost).allowed());
        scene.clock.move(1);
        assertTrue(scene.check(USER, cost).allowed());
      }
    }
  }

  private static long longest(Decision decision) {
    return decision.limits().stream()
        .mapToLong(limit -> limit.retryAfterMicros().orElse(Long.MAX_VALUE))
        .max()
        .orElseThrow();
  }

  @Example
  void denialByOneLimitChargesNoneAndNamesIt() {
    Scene scene = scene(LimitSpec.of("wide", minutely(100)), LimitSpec.of("narrow", minutely(2)));
    Decision denied = scene.check(USER, 3);
    assertEquals("narrow", denied.binding().orElseThrow().name());
    assertEquals(List.of(true, false), admitted(denied));
    assertEquals(List.of(100L, 2L), remaining(scene.peek(USER)));
  }

  private static List<Boolean> admitted(Decision decision) {
    return decision.limits().stream().map(LimitReport::admitted).toList();
  }

  private static List<Long> remaining(Decision decision) {
    return decision.limits().stream().map(LimitReport::remaining).toList();
  }

  @Example
  void allowNamesTheLimitOfWhichTheSmallestShareIsLeft() {
    Scene scene =
        scene(LimitSpec.of("wide", minutely(1_000)), LimitSpec.of("narrow", minutely(10)));
    assertEquals("narrow", scene.check(USER, 1).binding().orElseThrow().name());
    assertEquals(9, scene.peek(USER).remaining().orElseThrow());
  }

  @Example
  void costThatCanNeverPassOneLimitBindsItWhateverTheOthersWait() {
    Scene scene = scene(LimitSpec.of("slow", minutely(100)), LimitSpec.of("small", minutely(5)));
    scene.check(USER, 5);
    Decision denied = scene.check(USER, 6);
    assertEquals("small", denied.binding().orElseThrow().name());
    assertEquals(OptionalLong.empty(), denied.retryAfterMicros());
  }

  @Example
  void shadowLimitNeverDeniesAndIsNotChargedWhenFull() {
    Scene scene = scene(LimitSpec.of("real", minutely(10)), shadow("watch", minutely(3)));
    assertTrue(scene.check(USER, 2).allowed());
    Decision over = scene.check(USER, 2);
    assertTrue(over.allowed());
    assertEquals(List.of(true, false), admitted(over));
    assertEquals(List.of(6L, 1L), remaining(over));
    assertEquals("real", over.binding().orElseThrow().name());
    assertEquals(6, over.remaining().orElseThrow(), "a shadow hides nothing");
    assertTrue(scene.check(USER, 1).allowed());
    assertEquals(List.of(5L, 0L), remaining(scene.peek(USER)));
  }

  @Example
  void shadowLimitIsNotChargedByWhatAnotherLimitDenied() {
    Scene scene = scene(LimitSpec.of("real", minutely(1)), shadow("watch", minutely(10)));
    assertFalse(scene.check(USER, 2).allowed());
    assertEquals(List.of(1L, 10L), remaining(scene.peek(USER)));
  }

  @Example
  void namespaceOfShadowsOnlyAllowsAndBindsNothing() {
    Scene scene = scene(shadow("watch", minutely(1)));
    scene.check(USER, 1);
    Decision decision = scene.check(USER, 1);
    assertTrue(decision.allowed());
    assertTrue(decision.binding().isEmpty());
    assertTrue(decision.remaining().isEmpty());
  }

  @Example
  void delayOfAShadowQueueHoldsNobodyBack() {
    Algorithm queue = new LeakyBucket(1, SECOND, 1, LeakyMode.QUEUE, 10 * SECOND);
    Scene enforced = scene(LimitSpec.of("queue", queue));
    Scene watching = scene(shadow("queue", queue));
    enforced.check(USER, 1);
    watching.check(USER, 1);
    assertEquals(SECOND, enforced.check(USER, 1).delayMicros());
    assertEquals(0, watching.check(USER, 1).delayMicros());
  }

  @Example
  void longestDelayOfSeveralQueuesIsTheAnswers() {
    Scene scene =
        scene(
            LimitSpec.of("fast", new LeakyBucket(10, SECOND, 1, LeakyMode.QUEUE, 10 * SECOND)),
            LimitSpec.of("slow", new LeakyBucket(1, SECOND, 1, LeakyMode.QUEUE, 10 * SECOND)));
    scene.check(USER, 1);
    assertEquals(SECOND, scene.check(USER, 1).delayMicros());
  }

  @Example
  void asManyLimitsAsOneCheckMayHaveAreOneStep() {
    LimitSpec[] specs =
        IntStream.range(0, 32)
            .mapToObj(i -> LimitSpec.of("limit-" + i, new TokenBucket(32 - i, MINUTE, 32 - i)))
            .toArray(LimitSpec[]::new);
    Scene scene = scene(specs);
    assertTrue(scene.check(USER, 1).allowed());
    assertFalse(scene.check(USER, 1).allowed());
    assertEquals(
        IntStream.range(0, 32).mapToObj(i -> 31L - i).toList(), remaining(scene.peek(USER)));
  }
}
