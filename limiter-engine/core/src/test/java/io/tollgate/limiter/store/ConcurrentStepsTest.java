package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.tollgate.limiter.check.BatchDecision.Mode;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import net.jqwik.api.Example;

/** Many threads at one store admit exactly what one thread would, and never block each other. */
class ConcurrentStepsTest {

  private static final int THREADS = 4;
  private static final int CALLS = 5_000;
  private static final long HOUR = 3_600_000_000L;

  private static List<Algorithm> everyKind(long capacity) {
    return List.of(
        new FixedWindow(capacity, new Period.Span(HOUR), new Alignment.Epoch()),
        new SlidingWindow(capacity, HOUR),
        new SlidingLog(capacity, HOUR),
        new TokenBucket(capacity, HOUR, capacity));
  }

  /** Runs the task on all threads at once, with the thread's index; adds up what they return. */
  private static long together(IntToLongFunction task) {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Long>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int index = i;
        Callable<Long> run =
            () -> {
              start.await(30, TimeUnit.SECONDS);
              return task.applyAsLong(index);
            };
        results.add(threads.submit(run));
      }
      long sum = 0;
      for (Future<Long> result : results) {
        sum += result.get(60, TimeUnit.SECONDS);
      }
      return sum;
    } catch (Exception e) {
      throw new AssertionError("a thread failed or never came back", e);
    }
  }

  private static void validate(Scene scene) {
    ((MemoryStore) scene.store).validate();
  }

  @Example
  void exactlyTheLimitPassesOneKeyFromManyThreads() {
    for (Algorithm algorithm : everyKind(7_777)) {
      Scene scene = Scene.of(MemoryStores::roomy, algorithm);
      long passed = together(_ -> passes(scene, CALLS));
      assertEquals(7_777, passed, algorithm.toString());
      assertEquals(0, scene.remaining("user"));
      validate(scene);
    }
  }

  private static long passes(Scene scene, int calls) {
    long passed = 0;
    for (int i = 0; i < calls; i++) {
      passed += scene.check("user", 1).allowed() ? 1 : 0;
    }
    return passed;
  }

  @Example
  void severalLimitsInDifferentStripesAllCountTheSame() {
    List<Algorithm> kinds = everyKind(7_777);
    LimitSpec[] specs = new LimitSpec[2 * kinds.size()];
    for (int i = 0; i < specs.length; i++) {
      boolean shared = i >= kinds.size();
      specs[i] =
          new LimitSpec(
              "limit-" + i,
              shared ? new TokenBucket(9_999, HOUR, 9_999) : kinds.get(i),
              false,
              shared ? LimitSpec.Per.NAMESPACE : LimitSpec.Per.IDENTIFIER,
              Map.of());
    }
    Scene scene = new Scene(MemoryStores::roomy, List.of(Scene.namespace(specs)));
    long passed = together(_ -> passes(scene, CALLS / 2));
    assertEquals(7_777, passed);
    List<Long> left =
        scene.peek("user").limits().stream().map(LimitReport::remaining).distinct().toList();
    assertEquals(List.of(0L, 9_999L - 7_777L), left);
  }

  /** Each thread names the same keys in another order: locks taken as named would deadlock. */
  @Example
  void batchesOverTheSameKeysInAnyOrderAreAllOrNothing() {
    Scene scene = Scene.of(MemoryStores::roomy, new TokenBucket(3_000, HOUR, 3_000));
    long passed =
        together(thread -> {
          Random random = new Random(thread);
          long done = 0;
          for (int i = 0; i < 1_000; i++) {
            List<CheckRequest> order = new ArrayList<>();
            for (int user = 0; user < 8; user++) {
              order.add(scene.ask("user_" + user, 1));
            }
            Collections.shuffle(order, random);
            CheckRequest[] all = order.toArray(CheckRequest[]::new);
            done += scene.checkMany(Mode.ALL, all).allowed() ? 1 : 0;
          }
          return done;
        });
    assertEquals(3_000, passed);
    for (int user = 0; user < 8; user++) {
      assertEquals(0, scene.remaining("user_" + user));
    }
  }

  @Example
  void stormOfReservationsLeavesExactlyWhatWasCommitted() {
    for (Algorithm algorithm : everyKind(10_000)) {
      Scene scene = Scene.of(MemoryStores::roomy, algorithm);
      long used = together(thread -> settleMany(scene, new Random(thread)));
      assertEquals(10_000 - used, scene.remaining("user"), algorithm.toString());
      validate(scene);
    }
  }

  private static long settleMany(Scene scene, Random random) {
    long used = 0;
    for (int i = 0; i < 1_000; i++) {
      Held held = scene.reserve("user", 1L + random.nextInt(3), HOUR);
      if (held.id().isPresent()) {
        long actual = random.nextInt(3);
        scene.commit(held.id().orElseThrow(), actual);
        used += actual;
      }
    }
    return used;
  }

  @Example
  void stormOfLeasesNeverHoldsMoreThanTheLimit() {
    Scene scene = Scene.of(MemoryStores::roomy, new Concurrency(3, HOUR));
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    long taken =
        together(_ -> {
          long mine = 0;
          for (int i = 0; i < 2_000; i++) {
            Held lease = scene.acquire("user", 1, HOUR);
            if (lease.id().isPresent()) {
              mine++;
              most.accumulateAndGet(held.incrementAndGet(), Math::max);
              held.decrementAndGet();
              assertTrue(scene.release(lease.id().orElseThrow()));
            }
          }
          return mine;
        });
    assertTrue(taken > 0 && most.get() <= 3, most + " were held at once");
    assertTrue(scene.acquire("user", 3, HOUR).decision().allowed(), "all were given back");
    validate(scene);
  }

  @Example
  void oneReservationIsSettledByOneOfManyThreads() {
    Scene scene = Scene.of(MemoryStores::roomy, new SlidingLog(10_000, HOUR));
    for (int i = 0; i < 300; i++) {
      var id = scene.reserve("user", 10, HOUR).id().orElseThrow();
      long settled =
          together(_ -> scene.commit(id, 3) instanceof Store.Settlement.Committed ? 1 : 0);
      assertEquals(1, settled);
    }
    assertEquals(10_000 - 900, scene.remaining("user"));
  }

  /** Growth, sweeps and evictions by some threads while others count on one key. */
  @Example
  void exactCountSurvivesGrowthAndSweepsBesideIt() {
    Scene scene = Scene.of(MemoryStores::roomy, new TokenBucket(5_000, HOUR, 5_000));
    MemoryStore store = (MemoryStore) scene.store;
    long passed =
        together(thread -> {
          long mine = 0;
          for (int i = 0; i < CALLS; i++) {
            mine += scene.check("user", 1).allowed() ? 1 : 0;
            scene.check("filler_" + thread + "_" + i, 1);
            store.sweep(i);
          }
          return mine;
        });
    assertEquals(5_000, passed);
    validate(scene);
  }
}
