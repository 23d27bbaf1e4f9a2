package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.testing.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Units held at once never exceed the limit, and come back by release or by expiry. */
public abstract class LeaseContractTest extends StoreContract {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;

  private record Lease(HoldId id, long weight, long expiry) {}

  private static HoldId id(Held held) {
    return held.id().orElseThrow();
  }

  /** A list of leases decides the same, through acquire, renew, release and the passing of time. */
  @Property
  void leasesAreThoseOfAList(@ForAll @IntRange(min = 1, max = 20) int limit, @ForAll long seed) {
    Scene scene = scene(new Concurrency(limit, MINUTE));
    Random random = new Random(seed);
    List<Lease> held = new ArrayList<>();
    List<Lease> past = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(random.nextInt(4) == 0 ? random.nextLong(20 * SECOND) : 0);
      long now = scene.clock.nowMicros();
      held.stream().filter(l -> l.expiry <= now).forEach(past::add);
      held.removeIf(l -> l.expiry <= now);
      switch (random.nextInt(4)) {
        case 0 -> renewOne(scene, random, held);
        case 1 -> releaseOne(scene, random, held, past);
        default -> acquireOne(scene, random, held, limit);
      }
    }
  }

  private static void acquireOne(Scene scene, Random random, List<Lease> held, int limit) {
    long weight = 1L + random.nextInt(limit + 1);
    long ttl = 100_000 + random.nextLong(MINUTE);
    long used = held.stream().mapToLong(Lease::weight).sum();
    Held answer = scene.acquire(USER, weight, ttl);
    assertEquals(used + weight <= limit, answer.decision().allowed());
    if (answer.decision().allowed()) {
      held.add(new Lease(id(answer), weight, answer.expiresAtMicros()));
      assertEquals(scene.clock.nowMicros() + ttl, answer.expiresAtMicros());
    } else {
      assertEquals(waitOf(scene, held, weight, limit), answer.decision().retryAfterMicros());
    }
  }

  /** Until so many have expired, the earliest first, that the weight fits. */
  private static OptionalLong waitOf(Scene scene, List<Lease> held, long weight, int limit) {
    if (weight > limit) {
      return OptionalLong.empty();
    }
    long at =
        held.stream()
            .mapToLong(Lease::expiry)
            .sorted()
            .filter(when ->
                held.stream().filter(l -> l.expiry > when).mapToLong(Lease::weight).sum()
                    <= limit - weight)
            .findFirst()
            .orElseThrow();
    return OptionalLong.of(at - scene.clock.nowMicros());
  }

  private static void renewOne(Scene scene, Random random, List<Lease> held) {
    if (!held.isEmpty()) {
      int index = random.nextInt(held.size());
      Lease lease = held.get(index);
      long expiry = scene.clock.nowMicros() + 5 * SECOND;
      assertEquals(new Renewal.Renewed(expiry), scene.renew(lease.id, 5 * SECOND));
      held.set(index, new Lease(lease.id, lease.weight, expiry));
    }
  }

  private static void releaseOne(Scene scene, Random random, List<Lease> held, List<Lease> past) {
    if (!held.isEmpty()) {
      Lease lease = held.remove(random.nextInt(held.size()));
      past.add(lease);
      assertTrue(scene.release(lease.id));
    } else if (!past.isEmpty()) {
      HoldId ended = past.get(random.nextInt(past.size())).id;
      assertFalse(scene.release(ended), "a lease ends once");
      Renewal renewal = scene.renew(ended, SECOND);
      assertTrue(
          renewal instanceof Renewal.Expired || renewal instanceof Renewal.Unknown,
          () -> "what was released is remembered for a minute: " + renewal);
    }
  }

  @Example
  void acquireRepeatedUnderOneIdTakesOnce() {
    Scene scene = scene(new Concurrency(2, MINUTE));
    HoldId mine = new HoldId(11, 12);
    Held first = scene.acquire(USER, mine, 1, MINUTE);
    scene.clock.move(10 * SECOND);
    Held again = scene.acquire(USER, mine, 1, MINUTE);
    assertTrue(again.decision().allowed());
    assertEquals(first.id(), again.id());
    assertEquals(first.expiresAtMicros(), again.expiresAtMicros(), "repeating renews nothing");
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
    assertTrue(scene.acquire(USER, mine, 1, MINUTE).decision().allowed(), "also at the limit");
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void leaseOfACrashedHolderEndsWithItsTimeToLive() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    scene.acquire(USER, 1, MINUTE);
    scene.clock.move(MINUTE - 1);
    Held denied = scene.acquire(USER, 1, MINUTE);
    assertEquals(DecisionCode.CONCURRENCY_EXCEEDED, denied.decision().code());
    assertEquals(OptionalLong.of(1), denied.decision().retryAfterMicros());
    scene.clock.move(1);
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void lateReleaseOfAnExpiredLeaseFreesNobodyElses() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    HoldId crashed = id(scene.acquire(USER, 1, SECOND));
    scene.clock.move(SECOND);
    scene.acquire(USER, 1, MINUTE);
    assertFalse(scene.release(crashed));
    assertInstanceOf(Renewal.Expired.class, scene.renew(crashed, MINUTE));
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void renewedLeaseOutlivesItsFirstTimeToLive() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    HoldId lease = id(scene.acquire(USER, 1, 10 * SECOND));
    scene.clock.move(9 * SECOND);
    scene.renew(lease, 10 * SECOND);
    scene.clock.move(9 * SECOND);
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
    assertTrue(scene.release(lease));
  }

  @Example
  void leaseNotGivenATimeToLiveHasTheLimitsOwn() {
    Scene scene = scene(new Concurrency(1, 7 * SECOND));
    CompletableFuture<Held> answer = new CompletableFuture<>();
    scene.limiter.acquire(scene.ask(USER, 1), OptionalLong.empty(), answer::complete);
    assertEquals(scene.clock.nowMicros() + 7 * SECOND, answer.join().expiresAtMicros());
  }

  @Example
  void acquireIsDeniedByARateAndThenHoldsNothing() {
    Scene scene =
        scene(
            LimitSpec.of("rate", new TokenBucket(1, MINUTE, 1)),
            LimitSpec.of("held", new Concurrency(5, MINUTE)));
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
    Held denied = scene.acquire(USER, 1, MINUTE);
    assertEquals(DecisionCode.RATE_LIMITED, denied.decision().code());
    assertEquals(4, denied.decision().limits().get(1).remaining());
  }

  @Example
  void releaseGivesNoRateBack() {
    Scene scene =
        scene(
            LimitSpec.of("rate", new TokenBucket(2, MINUTE, 2)),
            LimitSpec.of("held", new Concurrency(5, MINUTE)));
    scene.release(id(scene.acquire(USER, 1, MINUTE)));
    assertEquals(1, scene.remaining(USER));
  }

  @Example
  void checkSkipsConcurrencyLimits() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    scene.acquire(USER, 1, MINUTE);
    assertTrue(scene.check(USER, 1).allowed());
    assertTrue(scene.check(USER, 1).limits().isEmpty());
  }

  @Example
  void refundLeavesLeasesAloneAndResetEndsThemOnlyWhenAsked() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    scene.acquire(USER, 1, MINUTE);
    scene.refund(USER, 1);
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
    scene.reset(USER, false);
    assertFalse(scene.acquire(USER, 1, MINUTE).decision().allowed());
    scene.reset(USER, true);
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  @Example
  void unknownLeaseIsNeitherRenewedNorReleased() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    assertInstanceOf(Renewal.Unknown.class, scene.renew(new HoldId(3, 3), MINUTE));
    assertFalse(scene.release(new HoldId(3, 3)));
  }

  @Example
  void leaseIsNoReservationNorTheOtherWayRound() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    HoldId lease = id(scene.acquire(USER, 1, MINUTE));
    HoldId reservation = id(scene.reserve(USER, 1, MINUTE));
    scene.commit(lease, 0);
    assertFalse(scene.release(reservation));
    assertTrue(scene.release(lease), "the commit did not end it");
  }

  @Example
  void timeToLiveIsBounded() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    for (long ttl : new long[] {99_999, 3_600_000_001L, 0, -1}) {
      assertThrows(InvalidRequestException.class, () -> scene.acquire(USER, 1, ttl));
      assertThrows(InvalidRequestException.class, () -> scene.renew(new HoldId(1, 1), ttl));
    }
  }

  @Example
  void clockSteppedForwardAndBackHoldsNoLeaseLongerThanItWasGranted() {
    Scene scene = scene(new Concurrency(1, MINUTE));
    scene.clock.move(60 * MINUTE);
    scene.acquire(USER, 1, MINUTE);
    scene.clock.move(-60 * MINUTE);
    assertEquals(
        OptionalLong.of(MINUTE), scene.acquire(USER, 1, MINUTE).decision().retryAfterMicros());
    scene.clock.move(MINUTE);
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }

  /** What is held is the store's; the number in force may change under it. */
  @Example
  void aLimitThatAdaptsIsHalvedByWorkThatIsDropped() {
    Scene scene = scene(new Concurrency(100, MINUTE, 4));
    List<HoldId> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      held.add(id(scene.acquire(USER, 1, MINUTE)));
    }
    Held denied = scene.acquire(USER, 1, MINUTE);
    assertEquals(DecisionCode.CONCURRENCY_EXCEEDED, denied.decision().code());
    assertEquals(20, denied.decision().limits().getFirst().limit());
    for (HoldId id : held.subList(0, 10)) {
      scene.clock.move(1_000);
      assertTrue(scene.release(id, Outcome.DROPPED));
    }
    Held still = scene.acquire(USER, 1, MINUTE);
    assertEquals(DecisionCode.CONCURRENCY_EXCEEDED, still.decision().code());
    assertEquals(10, still.decision().limits().getFirst().limit());
    assertTrue(scene.release(held.get(10), Outcome.IGNORE));
    assertTrue(scene.acquire(USER, 1, MINUTE).decision().allowed());
  }
}
