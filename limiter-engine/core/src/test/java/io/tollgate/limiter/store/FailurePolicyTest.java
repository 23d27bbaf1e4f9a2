package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.Gcra;
import io.tollgate.limiter.algorithm.Algorithm.LeakyBucket;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.WithAlgorithms;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What one instance answers while the store is away, and how much n of them admit together. */
class FailurePolicyTest extends WithAlgorithms {

  private static final long MINUTE = 60_000_000;
  private static final long RETRY_AFTER = 1_000_000;
  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(1, 2);
  private static final Algorithm TEN = new TokenBucket(10, MINUTE, 10);

  private final HandClock clock = new HandClock();
  private int instances = 1;
  private final FailurePolicy policy = instance();

  private FailurePolicy instance() {
    return new FailurePolicy(MemoryStores.roomy(clock), clock, () -> instances, RETRY_AFTER);
  }

  private static Limit limit(String name, Algorithm algorithm, StoreFailure onFailure) {
    return new Limit(name, algorithm, false, onFailure);
  }

  private static Limit local(Algorithm algorithm) {
    return limit("local", algorithm, StoreFailure.LOCAL);
  }

  private static final Limit OPEN = limit("open", TEN, StoreFailure.OPEN);
  private static final Limit CLOSED = limit("closed", TEN, StoreFailure.CLOSED);

  private static CheckBuffer ask(long cost, Limit... limits) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    for (Limit limit : limits) {
      buffer.add(limit, HASHER.keys(REALM, "api").key("u", "u"), "u", cost);
    }
    return buffer;
  }

  private static CheckBuffer askOnce(String key, long cost, Limit... limits) {
    CheckBuffer buffer = ask(cost, limits);
    buffer.answerOnce(HASHER.textKey("once", key));
    return buffer;
  }

  /** An answer, which says that it is nobody's but this instance's. */
  private static CheckBuffer answer(Consumer<Store.Listener> call) {
    CompletableFuture<CheckBuffer> answer = new CompletableFuture<>();
    call.accept(answer::complete);
    CheckBuffer said = answer.getNow(new CheckBuffer());
    assertTrue(said.degraded() && said.decision().degraded(), "never silent");
    return said;
  }

  private static CheckBuffer check(FailurePolicy by, CheckBuffer question) {
    return answer(l -> by.check(question, l));
  }

  private CheckBuffer check(long cost, Limit... limits) {
    return check(policy, ask(cost, limits));
  }

  private boolean acquire(FailurePolicy by, HoldId id, Limit limit) {
    return answer(l -> by.acquire(ask(1, limit), id, MINUTE, l)).allowed();
  }

  private Settlement commit(HoldId id, long actual) {
    CompletableFuture<Settlement> answer = new CompletableFuture<>();
    policy.commit(id, actual, answer::complete);
    return answer.join();
  }

  private Release release(HoldId id) {
    CompletableFuture<Release> answer = new CompletableFuture<>();
    policy.release(id, answer::complete);
    return answer.join();
  }

  private static List<String> names(CheckBuffer answer) {
    return answer.decision().limits().stream().map(LimitReport::name).toList();
  }

  private static void assertUnavailable(CheckBuffer answer) {
    assertFalse(answer.allowed());
    assertEquals(DecisionCode.STORE_UNAVAILABLE, answer.decision().code());
    assertEquals(OptionalLong.of(RETRY_AFTER), answer.decision().retryAfterMicros());
    assertEquals(HandClock.START, answer.nowMicros());
  }

  @Example
  void closedDeniesTheWholeCheckAndChargesNothing() {
    Limit local = local(TEN);
    CheckBuffer denied = check(1, OPEN, CLOSED, local);
    assertUnavailable(denied);
    assertEquals("closed", denied.decision().binding().orElseThrow().name());
    assertEquals(List.of("open", "closed", "local"), names(denied));
    assertEquals(10, check(0, local).remaining(0));
  }

  @Example
  void openAdmitsAndCountsNothing() {
    for (int i = 0; i < 100; i++) {
      CheckBuffer passed = check(7, OPEN);
      assertTrue(passed.allowed());
      assertEquals(10, passed.remaining(0));
    }
  }

  /** Every kind of a capacity of 10, and how many its share of three admits at once. */
  private static List<Algorithm> everyKind() {
    return List.of(
        new FixedWindow(10, Period.of(Duration.ofHours(1)), new Alignment.Epoch()),
        new FixedWindow(10, Period.of(Duration.ofHours(1)), new Alignment.FirstCall()),
        new FixedWindow(
            10, Period.of(Duration.ofDays(1)), new Alignment.Calendar(ZoneId.of("UTC"))),
        new SlidingWindow(10, MINUTE),
        new SlidingLog(10, MINUTE),
        TEN,
        new Gcra(10, MINUTE, 10),
        new LeakyBucket(10, MINUTE, 10, LeakyMode.METER, 0),
        new LeakyBucket(10, MINUTE, 5, LeakyMode.QUEUE, MINUTE / 2),
        new Concurrency(10, MINUTE));
  }

  private int admitted(FailurePolicy by, Limit limit) {
    boolean held = limit.algorithm() instanceof Concurrency;
    int count = 0;
    while (held ? acquire(by, new HoldId(1, count), limit) : check(by, ask(1, limit)).allowed()) {
      count++;
    }
    return count;
  }

  @Example
  void localAdmitsItsShareOfEveryAlgorithmAndAtLeastOne() {
    for (int count : new int[] {1, 2, 3, 10, 25}) {
      instances = count;
      for (Algorithm algorithm : everyKind()) {
        int most = algorithm.queues() ? queueShare(count) : Math.max(1, 10 / count);
        assertEquals(most, admitted(instance(), local(algorithm)), algorithm::toString);
      }
    }
  }

  /** Of a burst of 5 and 10 a minute, and of what leaks in half a minute. */
  private static int queueShare(int count) {
    return (2 * Math.max(1, 5 / count) + Math.max(1, 10 / count)) / 2;
  }

  @Example
  void aDenialOfAShareSaysWhenItsOwnNextUnitComes() {
    instances = 5;
    Limit limit = local(TEN);
    assertEquals(2, admitted(policy, limit));
    CheckBuffer denied = check(1, limit);
    assertEquals(DecisionCode.RATE_LIMITED, denied.decision().code());
    assertEquals(MINUTE / 2, denied.retryAfterMicros(0));
    assertEquals(10, denied.decision().limits().getFirst().limit(), "the limit is the operator's");
    clock.move(MINUTE / 2);
    assertTrue(check(1, limit).allowed());
  }

  @Property
  void instancesTogetherAdmitTheLimitOrOneEach(
      @ForAll("all") Algorithm algorithm, @ForAll @IntRange(min = 1, max = 1_000) int count) {
    instances = count;
    Limit limit = local(algorithm);
    FailurePolicy one = instance();
    long capacity = limit.kernel().capacity();
    long share = check(one, ask(0, limit)).remaining(0);
    assertTrue(share >= 1, "a share is never nothing");
    assertTrue(check(one, ask(share, limit)).allowed());
    assertFalse(check(one, ask(1, limit)).allowed());
    boolean divides =
        !algorithm.queues() || Math.min(algorithm.limit(), algorithm.burst()) >= count;
    assertTrue(!divides || share <= Math.max(1, capacity / count), () -> "admitted " + share);
  }

  /** A third of 10^12 in 30 days is not exact in any tick. */
  @Example
  void aShareThatIsNotExactIsALittleLess() {
    instances = 3;
    long third = 1_000_000_000_000L / 3;
    long share =
        check(0, local(new Gcra(3 * third + 1, 30 * 1_440 * MINUTE, 3 * third + 1))).remaining(0);
    assertTrue(share <= third && share > third - third / 100, () -> "a share of " + share);
  }

  @Example
  void instancesThatComeAndGoKeepWhatWasUsed() {
    for (Algorithm algorithm : everyKind().subList(0, 8)) {
      FailurePolicy one = instance();
      Limit limit = local(algorithm);
      instances = 1;
      assertTrue(check(one, ask(4, limit)).allowed());
      instances = 2;
      assertEquals(1, check(one, ask(0, limit)).remaining(0), algorithm::toString);
      instances = 3;
      assertFalse(check(one, ask(1, limit)).allowed(), algorithm::toString);
      instances = 1;
      assertEquals(6, check(one, ask(0, limit)).remaining(0), algorithm::toString);
    }
  }

  @Example
  void leasesAreKeptWhenInstancesComeAndGo() {
    Limit limit = local(new Concurrency(10, MINUTE));
    IntStream.range(0, 4).forEach(i -> assertTrue(acquire(policy, new HoldId(1, i), limit)));
    instances = 2;
    assertTrue(acquire(policy, new HoldId(1, 4), limit));
    assertFalse(acquire(policy, new HoldId(1, 5), limit));
    assertEquals(Release.RELEASED, release(new HoldId(1, 0)));
    assertTrue(acquire(policy, new HoldId(1, 5), limit));
  }

  @Example
  void limitsOfOneQuestionFollowEachItsOwnPolicy() {
    Limit tight = limit("tight", new TokenBucket(3, MINUTE, 3), StoreFailure.LOCAL);
    Limit wide = limit("wide", TEN, StoreFailure.LOCAL);
    CheckBuffer passed = check(2, wide, OPEN, tight);
    assertTrue(passed.allowed());
    assertEquals(List.of("wide", "open", "tight"), names(passed));
    assertEquals(8, passed.remaining(0));
    assertEquals(10, passed.remaining(1));
    assertEquals(1, passed.remaining(2));
    CheckBuffer denied = check(2, wide, OPEN, tight);
    assertEquals(DecisionCode.RATE_LIMITED, denied.decision().code());
    assertEquals("tight", denied.decision().binding().orElseThrow().name());
    assertEquals(8, check(0, wide).remaining(0), "a denial charges nothing");
  }

  @Example
  void shadowsDenyNothing() {
    Limit closed = new Limit("closed", TEN, true, StoreFailure.CLOSED);
    Limit full = new Limit("full", new TokenBucket(1, MINUTE, 1), true, StoreFailure.LOCAL);
    for (int i = 0; i < 3; i++) {
      CheckBuffer passed = check(1, closed, full);
      assertTrue(passed.allowed());
      assertTrue(passed.admitted(0));
      assertEquals(i == 0, passed.admitted(1), "a shadow says what it would have done");
    }
  }

  @Example
  void aPeekChargesNothingAndIsToldWhatIsKnown() {
    Limit limit = local(TEN);
    check(3, limit);
    for (int i = 0; i < 20; i++) {
      assertEquals(7, check(0, limit).remaining(0));
    }
    assertTrue(check(0, OPEN).allowed());
    assertUnavailable(check(0, CLOSED));
  }

  @Example
  void anExplanationChargesNothing() {
    Limit limit = local(TEN);
    for (int i = 0; i < 20; i++) {
      CheckBuffer question = ask(7, limit, OPEN);
      question.explainOnly();
      assertTrue(check(policy, question).allowed());
    }
    assertEquals(10, check(0, limit).remaining(0));
  }

  @Example
  void aRepeatedQuestionIsAnsweredAsAtFirstAndChargedOnce() {
    instances = 2;
    Limit limit = local(TEN);
    for (int i = 0; i < 3; i++) {
      CheckBuffer said = check(policy, askOnce("k", 2, OPEN, limit));
      assertTrue(said.allowed());
      assertEquals(List.of("open", "local"), names(said));
      assertEquals(10, said.decision().limits().get(1).limit(), "the limit is the operator's");
      assertEquals(3, said.remaining(1));
    }
    assertEquals(1, check(policy, askOnce("other", 2, OPEN, limit)).remaining(1));
  }

  @Example
  void aQuestionThatIsRepeatedWithOtherLimitsIsAnsweredAsAtFirst() {
    Limit limit = local(TEN);
    check(policy, askOnce("k", 2, OPEN, limit));
    Limit other = limit("other", TEN, StoreFailure.LOCAL);
    CheckBuffer said = check(policy, askOnce("k", 5, other, OPEN, limit));
    assertEquals(List.of("local"), names(said));
    assertEquals(8, said.remaining(0));
    assertEquals(10, check(0, other).remaining(0));
  }

  @Example
  void aQuestionToOpenLimitsOnlyMayBeRepeatedToo() {
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of("open"), names(check(policy, askOnce("k", 2, OPEN))));
    }
    assertUnavailable(check(policy, askOnce("k", 2, CLOSED)));
  }

  @Example
  void aReservationIsMadeAndSettledHere() {
    Limit limit = local(TEN);
    HoldId id = new HoldId(1, 1);
    CheckBuffer reserved = answer(l -> policy.reserve(ask(6, OPEN, limit), id, MINUTE, l));
    assertTrue(reserved.allowed());
    assertEquals(HandClock.START + MINUTE, reserved.expiresAtMicros());
    assertEquals(4, check(0, limit).remaining(0));
    assertEquals(new Settlement.Committed(2), commit(id, 2));
    assertEquals(8, check(0, limit).remaining(0));
    assertInstanceOf(Settlement.SettledBefore.class, commit(id, 2));
    HoldId cancelled = new HoldId(1, 2);
    answer(l -> policy.reserve(ask(8, limit), cancelled, MINUTE, l));
    assertEquals(new Settlement.Committed(0), commit(cancelled, 0));
    assertEquals(8, check(0, limit).remaining(0));
    assertInstanceOf(Settlement.Unknown.class, commit(new HoldId(1, 3), 0), "it is the store's");
  }

  @Example
  void aReservationOfOpenLimitsIsSettledHereAndOneThatIsClosedIsNotMade() {
    HoldId open = new HoldId(1, 1);
    assertTrue(answer(l -> policy.reserve(ask(6, OPEN), open, MINUTE, l)).allowed());
    assertEquals(new Settlement.Committed(9), commit(open, 9));
    HoldId closed = new HoldId(1, 2);
    assertUnavailable(answer(l -> policy.reserve(ask(6, CLOSED), closed, MINUTE, l)));
    assertInstanceOf(Settlement.Unknown.class, commit(closed, 0));
  }

  @Example
  void aLeaseIsTakenRenewedAndReleasedHere() {
    Limit limit = local(new Concurrency(1, MINUTE));
    HoldId id = new HoldId(1, 1);
    assertTrue(acquire(policy, id, limit));
    assertTrue(acquire(policy, id, limit), "repeated it takes once");
    assertFalse(acquire(policy, new HoldId(1, 2), limit));
    clock.move(MINUTE / 2);
    CompletableFuture<Renewal> renewed = new CompletableFuture<>();
    policy.renew(id, MINUTE, renewed::complete);
    assertEquals(new Renewal.Renewed(clock.nowMicros() + MINUTE), renewed.join());
    clock.move(MINUTE / 2);
    assertFalse(acquire(policy, new HoldId(1, 2), limit));
    assertEquals(Release.RELEASED, release(id));
    assertEquals(Release.NOT_HELD, release(id));
    assertTrue(acquire(policy, new HoldId(1, 2), limit));
    clock.move(MINUTE);
    assertTrue(acquire(policy, new HoldId(1, 3), limit), "or it ends with its time");
  }

  @Example
  void whatIsForgottenDoesNotCountAnyMore() {
    Limit limit = local(TEN);
    check(10, limit);
    policy.forget(ask(0, OPEN, limit), true);
    assertTrue(check(10, limit).allowed());
  }

  @Example
  void whatCannotBeDoneWithoutTheStoreIsRefused() {
    assertUnavailable(answer(l -> policy.refuse(ask(1, OPEN, local(TEN)), l)));
  }
}
