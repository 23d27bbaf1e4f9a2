package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.BatchDecision.Mode;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.CrossOwnerException;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.NamespaceNotFoundException;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.testing.Scene;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several checks in one call: each on its own, or all or nothing. */
public abstract class BatchContractTest extends StoreContract {

  private static Algorithm limit(long units) {
    return new FixedWindow(units, new Period.Span(60_000_000), new Alignment.Epoch());
  }

  private static List<Boolean> allowed(BatchDecision batch) {
    return batch.decisions().stream().map(Decision::allowed).toList();
  }

  @Example
  void eachIsDecidedAndChargedOnItsOwnInOrder() {
    Scene scene = scene(limit(5));
    BatchDecision batch =
        scene.checkMany(
            Mode.EACH, scene.ask("a", 3), scene.ask("a", 3), scene.ask("a", 2), scene.ask("b", 5));
    assertFalse(batch.allowed());
    assertEquals(List.of(true, false, true, true), allowed(batch));
    assertEquals(0, scene.remaining("a"));
  }

  /** Where a store keeps owners apart, checks of several cannot pass together. */
  private static boolean refusesTwoOwners(Scene scene, CheckRequest... asked) {
    if (!scene.store.keepsOwnersApart()) {
      return false;
    }
    var refused = assertThrows(CrossOwnerException.class, () -> scene.checkMany(Mode.ALL, asked));
    assertEquals(1, refused.check());
    assertEquals(5, scene.remaining(asked[0].identifier()));
    return true;
  }

  @Example
  void allAreChargedWhenAllPass() {
    Scene scene = scene(limit(5));
    CheckRequest[] asked = {scene.ask("a", 3), scene.ask("b", 5)};
    if (refusesTwoOwners(scene, asked)) {
      return;
    }
    BatchDecision batch = scene.checkMany(Mode.ALL, asked);
    assertTrue(batch.allowed());
    assertEquals(List.of(true, true), allowed(batch));
    assertEquals(2, scene.remaining("a"));
    assertEquals(0, scene.remaining("b"));
  }

  @Example
  void refusedAllChargesNothingAndExplainsEachEntry() {
    Scene scene = scene(limit(5));
    CheckRequest[] asked = {scene.ask("a", 3), scene.ask("b", 6)};
    if (refusesTwoOwners(scene, asked)) {
      return;
    }
    BatchDecision batch = scene.checkMany(Mode.ALL, asked);
    assertFalse(batch.allowed());
    assertEquals(List.of(true, false), allowed(batch));
    assertEquals(5, batch.decisions().getFirst().remaining().orElseThrow());
    assertEquals(5, scene.remaining("a"));
    assertEquals(5, scene.remaining("b"));
  }

  @Example
  void checksThatShareACounterPassOnlyIfTheirSumDoes() {
    Scene scene = scene(limit(5));
    assertFalse(scene.checkMany(Mode.ALL, scene.ask("a", 3), scene.ask("a", 3)).allowed());
    assertEquals(5, scene.remaining("a"));
    assertTrue(scene.checkMany(Mode.ALL, scene.ask("a", 3), scene.ask("a", 2)).allowed());
    assertEquals(0, scene.remaining("a"));
  }

  @Example
  void sumOfCostsAtTheEdgeOfTheTypeIsNotCutToWhatFits() {
    Scene scene = scene(limit(Exact.MAX));
    CheckRequest most = scene.ask("a", Exact.MAX);
    assertFalse(scene.checkMany(Mode.ALL, most, most).allowed());
    assertFalse(scene.checkMany(Mode.ALL, most, scene.ask("a", 1)).allowed());
    assertEquals(Exact.MAX, scene.remaining("a"));
  }

  /** Random batches over few identifiers and a limit that all of them share. */
  @Property(tries = 300)
  void allOrNothingHoldsForAnyMixOfSharedCounters(@ForAll long seed) {
    Scene scene =
        scene(
            LimitSpec.of("own", limit(20)),
            new LimitSpec("shared", limit(60), false, LimitSpec.Per.NAMESPACE, Map.of()));
    Random random = new Random(seed);
    long[] used = new long[4];
    for (int i = 0; i < 30; i++) {
      long[] asked = new long[4];
      CheckRequest[] requests = new CheckRequest[1 + random.nextInt(6)];
      int anybody = scene.store.keepsOwnersApart() ? 1 : 4;
      int first = random.nextInt(4);
      for (int k = 0; k < requests.length; k++) {
        int who = (first + random.nextInt(anybody)) % 4;
        long cost = random.nextInt(6);
        asked[who] += cost;
        requests[k] = scene.ask("user_" + who, cost);
      }
      boolean passes = passes(used, asked);
      assertEquals(passes, scene.checkMany(Mode.ALL, requests).allowed());
      for (int who = 0; who < 4; who++) {
        used[who] += passes ? asked[who] : 0;
        assertEquals(20 - used[who], scene.peek("user_" + who).limits().getFirst().remaining());
      }
    }
  }

  /** A peek passes also where others have used up what it looks at. */
  private static boolean passes(long[] used, long[] asked) {
    long all = 0;
    long more = 0;
    boolean own = true;
    for (int who = 0; who < used.length; who++) {
      own &= asked[who] == 0 || used[who] + asked[who] <= 20;
      all += used[who];
      more += asked[who];
    }
    return own && (more == 0 || all + more <= 60);
  }

  @Example
  void asManyEntriesAsOneBatchMayHaveAreOneStep() {
    Scene scene = scene(limit(5));
    CheckRequest[] most =
        IntStream.range(0, 1_000)
            .mapToObj(i -> scene.ask("user_" + i, 5))
            .toArray(CheckRequest[]::new);
    if (scene.store.keepsOwnersApart()) {
      var refused = assertThrows(CrossOwnerException.class, () -> scene.checkMany(Mode.ALL, most));
      assertEquals(1, refused.check());
      assertEquals(5, scene.remaining("user_0"));
      return;
    }
    assertTrue(scene.checkMany(Mode.ALL, most).allowed());
    assertFalse(scene.checkMany(Mode.ALL, most).allowed());
    assertEquals(0, scene.remaining("user_999"));
  }

  @Example
  void emptyAndOversizedBatchesAreRefused() {
    Scene scene = scene(limit(5));
    CheckRequest[] tooMany =
        Collections.nCopies(1_001, scene.ask("a", 1)).toArray(CheckRequest[]::new);
    for (Mode mode : Mode.values()) {
      assertEquals("checks", refused(scene, mode, tooMany).field());
      assertEquals("checks", refused(scene, mode).field());
    }
    assertEquals(5, scene.remaining("a"));
  }

  private static InvalidRequestException refused(Scene scene, Mode mode, CheckRequest... asked) {
    return assertThrows(InvalidRequestException.class, () -> scene.checkMany(mode, asked));
  }

  @Example
  void unknownNamespaceRefusesTheWholeBatchBeforeAnythingIsCharged() {
    Scene scene = scene(limit(5));
    CheckRequest lost = CheckRequest.of(scene.realm, "nowhere", "a", 1);
    for (Mode mode : Mode.values()) {
      assertThrows(
          NamespaceNotFoundException.class, () -> scene.checkMany(mode, scene.ask("a", 1), lost));
    }
    assertEquals(5, scene.remaining("a"));
  }

  @Example
  void allOverTwoRealmsIsRefused() {
    Scene scene = scene(limit(5));
    CheckRequest foreign = CheckRequest.of(Realm.live("foreign"), Scene.NAMESPACE, "a", 1);
    assertEquals("checks", refused(scene, Mode.ALL, scene.ask("a", 1), foreign).field());
    assertEquals(5, scene.remaining("a"));
  }
}
