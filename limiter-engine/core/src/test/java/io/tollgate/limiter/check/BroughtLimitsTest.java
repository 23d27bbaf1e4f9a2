package io.tollgate.limiter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits whose numbers come with each call. */
class BroughtLimitsTest {

  private static final long SECOND = 1_000_000;
  private static final BroughtLimit FIVE = new BroughtLimit(4, 1, 1);

  private final Scene scene = new Scene(MemoryStores::roomy, List.of());
  private final BroughtLimits limits = new BroughtLimits(scene.realm, "redis");

  private Decision check(BroughtLimits of, BroughtLimit limit, String identifier, long cost) {
    AtomicReference<Decision> answer = new AtomicReference<>();
    scene.limiter.check(
        of, limit, identifier, cost, new CheckBuffer(), b -> answer.set(b.decision()));
    return answer.get();
  }

  private long remaining(BroughtLimit limit) {
    return check(limits, limit, "user", 0).remaining().orElseThrow();
  }

  private Limit asked(BroughtLimits of, BroughtLimit limit) {
    CheckBuffer buffer = new CheckBuffer();
    scene.limiter.check(of, limit, "user", 0, buffer, _ -> {});
    return buffer.limit(0);
  }

  private static NamespaceSpec namespace(String name, StoreFailure policy, LimitSpec... limits) {
    return new NamespaceSpec(name, policy, Headers.DRAFT, List.of(limits), List.of(), List.of());
  }

  @Test
  void admitsOneMoreThanTheBurstAtOnceThenOnePerInterval() {
    for (int i = 4; i >= 0; i--) {
      Decision decision = check(limits, FIVE, "user", 1);
      assertTrue(decision.allowed());
      assertEquals(OptionalLong.of(i), decision.remaining());
    }
    Decision denied = check(limits, FIVE, "user", 1);
    assertFalse(denied.allowed());
    assertEquals(OptionalLong.of(SECOND), denied.retryAfterMicros());
    scene.clock.move(SECOND);
    assertTrue(check(limits, FIVE, "user", 1).allowed());
    assertFalse(check(limits, FIVE, "user", 1).allowed());
  }

  @Test
  void otherNumbersGoOnWithWhatWasUsed() {
    assertTrue(check(limits, FIVE, "user", 3).allowed());
    assertEquals(7, remaining(new BroughtLimit(9, 1, 1)), "the debt of three seconds stays");
    assertEquals(2, remaining(FIVE));
  }

  @Test
  void anotherNamespaceCountsByItself() {
    assertTrue(check(limits, FIVE, "user", 5).allowed());
    assertTrue(check(new BroughtLimits(scene.realm, "other"), FIVE, "user", 5).allowed());
    assertFalse(check(limits, FIVE, "user", 1).allowed());
  }

  @Test
  void aConfiguredLimitOfTheNameCountsInTheSameKeyAndNoOtherDoes() {
    Algorithm five = new Algorithm.Gcra(1, SECOND, 5);
    scene.reload(
        namespace(
            "redis",
            StoreFailure.LOCAL,
            LimitSpec.of(BroughtLimits.NAME, five),
            LimitSpec.of("other", five)));
    assertTrue(check(limits, FIVE, "user", 2).allowed());
    Decision configured = scene.check(CheckRequest.of(scene.realm, "redis", "user", 0));
    assertEquals(3, configured.limits().get(0).remaining());
    assertEquals(5, configured.limits().get(1).remaining());
  }

  @Test
  void theSameNumbersAreTheSameLimitUntilThePolicyChanges() {
    Limit first = asked(limits, FIVE);
    assertSame(first, asked(limits, new BroughtLimit(4, 1, 1)));
    assertEquals(StoreFailure.LOCAL, first.onStoreFailure());
    scene.reload(namespace("*", StoreFailure.OPEN), namespace("redis", StoreFailure.CLOSED));
    Limit closed = asked(limits, FIVE);
    assertNotSame(first, closed);
    assertEquals(StoreFailure.CLOSED, closed.onStoreFailure());
    scene.reload(namespace("*", StoreFailure.OPEN));
    assertEquals(StoreFailure.OPEN, asked(limits, FIVE).onStoreFailure());
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 1, max_burst",
    "9007199254740991, 1, 1, max_burst",
    "0, 0, 1, count_per_period",
    "0, -5, 1, count_per_period",
    "0, 1, 0, period",
    "0, 1, 31622401, period",
  })
  void aNumberOutOfBoundsIsNamed(long burst, long count, long period, String field) {
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> new BroughtLimit(burst, count, period));
    assertEquals(field, refused.field());
  }

  @Test
  void numbersThatNoUnitCountsExactlyAreRefusedAndSayWhy() {
    BroughtLimit inexact = new BroughtLimit(Exact.MAX - 1, 7, 31_622_399);
    InvalidRequestException refused =
        assertThrows(InvalidRequestException.class, () -> check(limits, inexact, "user", 1));
    assertEquals("count_per_period", refused.field());
    assertTrue(refused.detail().contains("cannot be counted exactly"), refused.detail());
  }

  @Test
  void moreDifferentLimitsThanTheBoundAreRefusedAndKnownOnesGoOn() {
    BroughtLimits few = new BroughtLimits(scene.realm, "redis", 2);
    assertTrue(check(few, FIVE, "user", 1).allowed());
    assertTrue(check(few, new BroughtLimit(5, 1, 1), "user", 1).allowed());
    InvalidRequestException refused =
        assertThrows(
            InvalidRequestException.class, () -> check(few, new BroughtLimit(6, 1, 1), "user", 1));
    assertTrue(refused.detail().contains("all of the 2 limits"), refused.detail());
    assertTrue(check(few, FIVE, "user", 1).allowed());
  }
}
