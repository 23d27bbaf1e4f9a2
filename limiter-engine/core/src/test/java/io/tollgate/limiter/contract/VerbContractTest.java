package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Explanation;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Refund, reset, idempotent repetition and explain. */
public abstract class VerbContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final Algorithm BUCKET = new TokenBucket(10, 10 * SECOND, 10);

  @Property
  void refundTakesBackWholeUnitsAndNeverMoreThanWasUsed(
      @ForAll("all") Algorithm algorithm,
      @ForAll @LongRange(min = 0, max = Exact.MAX) long used,
      @ForAll @LongRange(min = 0, max = Exact.MAX) long returned) {
    Scene scene = scene(algorithm);
    long capacity = algorithm.kernel().capacity();
    long spent = used % (capacity + 1);
    scene.check(USER, spent);
    Decision after = scene.refund(USER, returned);
    assertEquals(Math.min(capacity, capacity - spent + returned), scene.remaining(USER));
    assertEquals(scene.peek(USER), after, "the answer is the state after it");
  }

  @Property
  void refundAfterAnyWalkNeverExceedsTheCapacityAndTheNextChecksStillHold(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long capacity = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long before = scene.remaining(USER);
      long back = walk.cost(before);
      scene.refund(USER, back);
      long after = scene.remaining(USER);
      assertTrue(after >= before && after <= capacity);
      scene.check(USER, walk.cost(after));
    }
  }

  @Example
  void refundTakesTheNewestUnitsOfALogFirst() {
    Scene scene = scene(new SlidingLog(10, MINUTE));
    scene.check(USER, 4);
    scene.clock.move(30 * SECOND);
    scene.check(USER, 4);
    scene.refund(USER, 5);
    assertEquals(7, scene.remaining(USER));
    scene.clock.move(30 * SECOND);
    assertEquals(10, scene.remaining(USER), "what was left was the oldest");
  }

  @Example
  void refundInASlidingWindowTakesFromTheCurrentCellFirst() {
    Scene scene = scene(new SlidingWindow(10, MINUTE));
    scene.clock.moveTo(scene.clock.next(MINUTE));
    scene.check(USER, 4);
    scene.clock.move(MINUTE);
    scene.check(USER, 3);
    assertEquals(3, scene.remaining(USER));
    scene.refund(USER, 5);
    assertEquals(8, scene.remaining(USER));
    scene.clock.move(MINUTE);
    assertEquals(10, scene.remaining(USER));
  }

  @Example
  void windowOfWhichAllWasTakenBackHasNotBegun() {
    Scene scene = scene(new FixedWindow(10, new Period.Span(MINUTE), new Alignment.FirstCall()));
    scene.check(USER, 4);
    scene.refund(USER, 4);
    scene.clock.move(30 * SECOND);
    long now = scene.clock.nowMicros();
    assertEquals(now, scene.peek(USER).limits().getFirst().resetAtMicros());
    assertEquals(now + MINUTE, scene.check(USER, 1).limits().getFirst().resetAtMicros());
  }

  @Property
  void resetForgetsWhatWasUsedByThisIdentifierOnly(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < 5; i++) {
      scene.clock.move(walk.pause());
      scene.check(USER, walk.cost(scene.remaining(USER)));
      scene.check("another", walk.cost(scene.remaining("another")));
    }
    long others = scene.remaining("another");
    scene.reset(USER, false);
    assertEquals(algorithm.kernel().capacity(), scene.remaining(USER));
    assertEquals(others, scene.remaining("another"));
  }

  @Example
  void resetLeavesTheCounterOfTheWholeNamespaceAlone() {
    Scene scene =
        scene(
            LimitSpec.of("own", BUCKET),
            new LimitSpec("all", BUCKET, false, LimitSpec.Per.NAMESPACE, Map.of()));
    scene.check(USER, 4);
    scene.reset(USER, false);
    Decision after = scene.peek(USER);
    assertEquals(10, after.limits().get(0).remaining());
    assertEquals(6, after.limits().get(1).remaining());
  }

  @Example
  void questionRepeatedUnderItsKeyGetsTheFirstAnswerAndConsumesOnce() {
    Scene scene = scene(BUCKET);
    Decision first = scene.check(scene.askOnce(USER, 3, "order-1"));
    scene.clock.move(MINUTE - 1);
    assertEquals(first, scene.check(scene.askOnce(USER, 3, "order-1")));
    scene.clock.move(1);
    Decision later = scene.check(scene.askOnce(USER, 3, "order-1"));
    assertEquals(scene.clock.nowMicros(), later.atMicros());
    assertEquals(7, scene.remaining(USER), "after 60 s it is a new question");
  }

  @Example
  void deniedQuestionRepeatedUnderItsKeyStaysDenied() {
    Scene scene = scene(BUCKET);
    scene.check(USER, 10);
    Decision first = scene.check(scene.askOnce(USER, 1, "order-1"));
    assertFalse(first.allowed());
    scene.clock.move(5 * SECOND);
    assertEquals(first, scene.check(scene.askOnce(USER, 1, "order-1")));
    assertEquals(5, scene.remaining(USER));
  }

  @Example
  void sameKeyOfAnotherIdentifierNamespaceOrRealmIsAnotherQuestion() {
    Scene scene =
        scene(
            Scene.namespace(LimitSpec.of(Scene.LIMIT, BUCKET)),
            NamespaceSpec.of("other", List.of(LimitSpec.of(Scene.LIMIT, BUCKET))));
    scene.check(scene.askOnce(USER, 3, "k"));
    scene.check(scene.askOnce("another", 3, "k"));
    assertEquals(7, scene.remaining("another"));
    for (CheckRequest elsewhere : List.of(once("other", scene.realm), foreign())) {
      assertEquals(7, scene.check(elsewhere).remaining().orElseThrow());
    }
  }

  private static CheckRequest foreign() {
    return once(Scene.NAMESPACE, Realm.live("foreign"));
  }

  private static CheckRequest once(String namespace, Realm realm) {
    return new CheckRequest(realm, USER, namespace, USER, 3, null, Map.of(), "k");
  }

  /** The first answer covers more limits than the second question asks for. */
  @Example
  void answerOfManyLimitsIsRepeatedToAQuestionOfFew() {
    List<LimitSpec> many =
        List.of("a", "b", "c", "d", "e", "f", "g").stream()
            .map(n -> LimitSpec.of(n, BUCKET))
            .toList();
    Scene scene =
        scene(
            new NamespaceSpec(
                Scene.NAMESPACE,
                StoreFailure.LOCAL,
                Headers.DRAFT,
                List.of(LimitSpec.of(Scene.LIMIT, BUCKET)),
                List.of(),
                List.of(new EndpointSpec("POST /orders", many))));
    CheckRequest full =
        new CheckRequest(
            scene.realm, USER, Scene.NAMESPACE, USER, 2, "POST /orders", Map.of(), "k");
    Decision first = scene.check(full);
    assertEquals(8, first.limits().size());
    assertEquals(first, scene.check(scene.askOnce(USER, 2, "k")));
    assertEquals(8, scene.remaining(USER));
    for (int i = 0; i < 1_000; i++) {
      assertTrue(scene.check("user_" + i, 1).allowed(), "every part of the store still answers");
    }
  }

  @Property
  void explainedCostPassesAndExplainedWaitHelps(
      @ForAll("all") Algorithm algorithm, @ForAll long seed) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < STEPS / 2; i++) {
      scene.clock.move(walk.pause());
      long cost = walk.charge(scene.remaining(USER));
      Explanation explained = scene.explain(scene.ask(USER, cost));
      long passing = explained.passingCost().orElseThrow();
      assertEquals(explained.decision().retryAfterMicros(), explained.retryAfterMicros());
      if (walk.coin()) {
        assertTrue(scene.check(USER, passing).allowed());
      } else if (explained.retryAfterMicros().isPresent()
          && scene.clock.reaches(explained.retryAfterMicros().getAsLong())) {
        scene.clock.move(explained.retryAfterMicros().getAsLong());
        assertTrue(scene.check(USER, cost).allowed());
      }
    }
  }
}
