package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;

/** A memory store keeps its bounds, says so when it is full, and gives back what has expired. */
class MemoryStoreBoundsTest {

  private static final long SECOND = 1_000_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final int MOST_KEYS = 1_024;

  /** A step may add its own keys before the next one makes room. */
  private static final int SLACK = 2 * 64;

  private static Algorithm hourly(long limit, Alignment alignment) {
    return new FixedWindow(limit, new Period.Span(HOUR), alignment);
  }

  private static List<Algorithm> cellKinds() {
    return List.of(
        new TokenBucket(10, HOUR, 10),
        hourly(10, new Alignment.Epoch()),
        hourly(10, new Alignment.FirstCall()),
        new SlidingWindow(10, HOUR));
  }

  private static Scene smallest(WhenFull whenFull, Algorithm algorithm) {
    return Scene.of(clock -> MemoryStores.smallest(clock, whenFull), algorithm);
  }

  private static MemoryStore memory(Scene scene) {
    MemoryStore store = (MemoryStore) scene.store;
    store.validate();
    return store;
  }

  private static void sweepAll(Scene scene) {
    MemoryStore store = memory(scene);
    for (int i = 0; i < 512 * store.sweepTurns(); i++) {
      store.sweep(i);
    }
  }

  @Example
  void fullStoreThatEvictsKeepsItsBoundAndAdmitsNewKeys() {
    for (Algorithm algorithm : cellKinds()) {
      Scene scene = smallest(WhenFull.EVICT, algorithm);
      for (int i = 0; i < 5_000; i++) {
        assertTrue(scene.check("user_" + i, 1).allowed());
      }
      StoreStats stats = memory(scene).stats();
      assertTrue(stats.keys() <= MOST_KEYS, stats.toString());
      assertEquals(5_000 - stats.keys(), stats.evicted());
      assertEquals(0, stats.refused());
    }
  }

  /** Nobody frees himself by filling the store with other names. */
  @Example
  void fullStoreForgetsExhaustedKeysLast() {
    for (Algorithm algorithm : cellKinds()) {
      Scene scene = smallest(WhenFull.EVICT, algorithm);
      for (int i = 0; i < 50; i++) {
        assertTrue(scene.check("exhausted_" + i, 10).allowed());
      }
      for (int i = 0; i < 10_000; i++) {
        scene.clock.move(1_000);
        scene.check("user_" + i, 1);
      }
      for (int i = 0; i < 50; i++) {
        assertFalse(scene.check("exhausted_" + i, 10).allowed(), algorithm + " forgot one");
      }
    }
  }

  /** Buckets that live long leave room for windows, and windows for buckets. */
  @Example
  void keysOfOneKindDoNotCrowdOutTheOther() {
    Algorithm slow = new TokenBucket(10, 24 * HOUR, 10);
    List<NamespaceSpec> both =
        List.of(
            NamespaceSpec.of("slow", List.of(LimitSpec.of("a", slow))),
            NamespaceSpec.of("window", List.of(LimitSpec.of("b", new SlidingWindow(10, HOUR)))));
    Scene scene = new Scene(clock -> MemoryStores.smallest(clock, WhenFull.EVICT), both);
    for (int i = 0; i < 5_000; i++) {
      scene.check(CheckRequest.of(scene.realm, "slow", "user_" + i, 1));
    }
    for (int i = 0; i < 200; i++) {
      scene.check(CheckRequest.of(scene.realm, "window", "user_" + i, 10));
    }
    int kept = 0;
    for (int i = 0; i < 200; i++) {
      kept += scene.check(CheckRequest.of(scene.realm, "window", "user_" + i, 1)).allowed() ? 0 : 1;
    }
    assertTrue(kept > 150, "only " + kept + " of 200 exhausted windows were remembered");
    assertTrue(memory(scene).stats().keys() <= MOST_KEYS + SLACK);
  }

  @Example
  void fullStoreThatDeniesAnswersOverloadedForNewKeysAndGoesOnForTheOthers() {
    for (Algorithm algorithm : cellKinds()) {
      Scene scene = smallest(WhenFull.DENY, algorithm);
      int refused = 0;
      for (int i = 0; i < 5_000; i++) {
        Decision decision = scene.check("user_" + i, 1);
        if (!decision.allowed()) {
          assertEquals(DecisionCode.OVERLOADED, decision.code());
          refused++;
        }
      }
      StoreStats stats = memory(scene).stats();
      assertEquals(refused, stats.refused());
      assertTrue(stats.keys() <= MOST_KEYS && stats.evicted() == 0);
      assertTrue(scene.check("user_0", 9).allowed());
      assertFalse(scene.check("user_0", 1).allowed(), "what was used is kept");
      scene.clock.move(2 * HOUR);
      assertTrue(scene.check("user_4999", 1).allowed(), "what has expired made room");
    }
  }

  @Example
  void refusedStepOfSeveralLimitsChargesNone() {
    LimitSpec own = LimitSpec.of("own", new TokenBucket(10, HOUR, 10));
    LimitSpec all =
        new LimitSpec(
            "all", new TokenBucket(9_999, HOUR, 9_999), false, LimitSpec.Per.NAMESPACE, Map.of());
    Scene scene =
        new Scene(
            clock -> MemoryStores.smallest(clock, WhenFull.DENY),
            List.of(Scene.namespace(own, all)));
    long passed = 0;
    for (int i = 0; i < 3_000; i++) {
      passed += scene.check("user_" + i, 1).allowed() ? 1 : 0;
    }
    assertTrue(passed < 3_000);
    assertEquals(9_999 - passed, scene.peek("user_0").limits().get(1).remaining());
  }

  @Example
  void expiredKeysAreSweptAsOthersArriveAndTheTableShrinksAgain() {
    Scene scene = Scene.of(MemoryStores::roomy, new TokenBucket(10, 10 * SECOND, 10));
    for (int i = 0; i < 60_000; i++) {
      scene.check("user_" + i, 1);
    }
    long full = memory(scene).stats().cellBytes();
    scene.clock.move(2 * SECOND);
    for (int i = 0; i < 60_000; i++) {
      scene.check("other_" + i, 1);
    }
    assertTrue(memory(scene).stats().keys() < 90_000, "the expired were swept on the way");
    scene.clock.move(2 * SECOND);
    sweepAll(scene);
    StoreStats stats = memory(scene).stats();
    assertEquals(0, stats.keys());
    assertTrue(stats.cellBytes() < full / 4, stats.toString());
    assertEquals(0, stats.evicted());
  }

  @Example
  void sideBytesReturnToNothingWhenEverythingHasExpired() {
    Scene scene =
        new Scene(
            MemoryStores::roomy,
            List.of(
                Scene.namespace(
                    LimitSpec.of("log", new SlidingLog(1_000, 10 * SECOND)),
                    LimitSpec.of("held", new Concurrency(100, 10 * SECOND)))));
    for (int i = 0; i < 500; i++) {
      String user = "user_" + i % 50;
      scene.clock.move(1);
      scene.check(scene.askOnce(user, 1 + i % 3, "key_" + i % 100));
      scene.reserve(user, 2, 10 * SECOND).id().ifPresent(id -> scene.commit(id, 5));
      scene.acquire(user, 1, SECOND);
      scene.refund(user, 1);
      memory(scene);
    }
    assertTrue(memory(scene).stats().sideBytes() > 0);
    scene.clock.move(2 * HOUR);
    sweepAll(scene);
    assertEquals(0, memory(scene).stats().sideBytes());
  }

  @Example
  void expiredLogsAreDroppedAsOthersArriveAlsoWithoutASweep() {
    Scene scene = Scene.of(MemoryStores::roomy, new SlidingLog(10, SECOND));
    long most = 0;
    for (int i = 0; i < 20_000; i++) {
      scene.clock.move(SECOND / 100);
      scene.check("user_" + i, 1);
      most = Math.max(most, ((MemoryStore) scene.store).stats().sideBytes());
    }
    assertTrue(most < 2 << 20, most + " bytes for some hundred living logs");
  }

  @Example
  void keyRepeatedAfterItsAnswerHasExpiredIsCountedOnce() {
    Scene scene = Scene.of(MemoryStores::roomy, new TokenBucket(10, SECOND, 10));
    scene.check(scene.askOnce("a", 1, "k"));
    long bytes = memory(scene).stats().sideBytes();
    for (int i = 0; i < 100; i++) {
      scene.clock.move(60 * SECOND);
      scene.check(scene.askOnce("a", 1, "k"));
    }
    assertEquals(bytes, memory(scene).stats().sideBytes());
  }

  @Example
  void sideTablesKeepTheirBoundAndSaySo() {
    Scene scene = smallest(WhenFull.EVICT, new SlidingLog(100, HOUR));
    Decision last = scene.check("user", 1);
    for (int i = 0; last.allowed(); i++) {
      assertTrue(i < 100_000, "never full");
      last = scene.check("user_" + i, 1);
    }
    assertEquals(DecisionCode.OVERLOADED, last.code());
    assertTrue(memory(scene).stats().sideBytes() <= (1 << 20) + 1_000);
    Decision once = scene.check(scene.askOnce("other", 1, "k"));
    assertEquals(DecisionCode.OVERLOADED, once.code());
    assertTrue(once.limits().getFirst().admitted(), "the limit itself would admit it");
    assertEquals(DecisionCode.OVERLOADED, scene.reserve("other", 1, HOUR).decision().code());
    scene.clock.move(2 * HOUR);
    assertTrue(scene.check("user", 1).allowed(), "what has expired made room");
  }

  /** Work between services takes thousands of leases a second; each ends, and is forgotten soon. */
  @Example
  void settledLeasesMakeRoomForNewOnes() {
    Scene scene = smallest(WhenFull.EVICT, new Concurrency(2, HOUR));
    for (int i = 0; i < 20_000; i++) {
      var held = scene.acquire("user_" + i % 100, 1, HOUR);
      assertTrue(held.decision().allowed(), () -> held.decision().toString());
      assertTrue(scene.release(held.id().orElseThrow()));
    }
    assertTrue(memory(scene).stats().sideBytes() <= 1 << 20, memory(scene).stats().toString());
    assertEquals(0, memory(scene).stats().refused());
    scene.clock.move(61 * SECOND);
    sweepAll(scene);
    assertEquals(0, memory(scene).stats().sideBytes());
  }

  @Example
  void steppedClockIsCounted() {
    Scene scene = Scene.of(MemoryStores::roomy, new TokenBucket(10, HOUR, 10));
    scene.clock.move(HOUR);
    scene.check("a", 1);
    scene.clock.move(-HOUR);
    scene.peek("a");
    scene.peek("a");
    assertEquals(1, memory(scene).stats().reanchored());
    scene.clock.move(-SECOND);
    scene.peek("a");
    assertEquals(1, memory(scene).stats().reanchored(), "a second is no step");
  }

  @Example
  void boundsOfTheConfigurationAreRefusedWithTheirValue() {
    for (long keys : new long[] {0, 1_023, (1L << 31) + 1}) {
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> new MemoryStoreConfig(keys, 0, WhenFull.DENY));
      assertTrue(String.valueOf(refused.getMessage()).contains("is " + keys));
    }
    assertThrows(
        IllegalArgumentException.class, () -> new MemoryStoreConfig(1_024, -1, WhenFull.DENY));
    assertEquals(1_024, MemoryStoreConfig.forHeap(1).maxKeys());
  }
}
