package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which denials are repeated, and what ends them. */
class DenialCacheTest {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final int PLACES = 1_024;
  private static final Realm REALM = Realm.live("test");
  private static final LimitKey USER = new LimitKey(7, 11);

  /** What the thread's own bookkeeping and a stray compilation may cost in one round. */
  private static final long NOISE_BYTES = 4_096;

  private final HandClock clock = new HandClock();
  private final MemoryStore store = MemoryStores.roomy(clock);
  private final DenialCache.Epoch epoch = new DenialCache.Epoch();
  private final DenialCache cache = new DenialCache(PLACES, epoch);
  private final Limit hourly = limit(new Algorithm.TokenBucket(10, HOUR, 10));

  private static Limit limit(Algorithm algorithm) {
    return new Limit("main", algorithm, false);
  }

  private static CheckBuffer ask(Limit limit, LimitKey key, long cost) {
    CheckBuffer question = new CheckBuffer();
    question.begin(REALM);
    question.add(limit, key, "user", cost);
    return question;
  }

  private CheckBuffer ask(long cost) {
    return ask(hourly, USER, cost);
  }

  private CheckBuffer decided(CheckBuffer question) {
    store.check(question, _ -> {});
    return question;
  }

  /** Uses up all of a question's limits, but for units. */
  private void use(Limit limit, LimitKey key, long spared) {
    assertTrue(decided(ask(limit, key, limit.kernel().capacity() - spared)).allowed());
  }

  private CheckBuffer denied(CheckBuffer question) {
    assertFalse(decided(question).allowed());
    return question;
  }

  /** The cache hears at time 0 that a question of some cost was denied, with 3 units left. */
  private void deny(long cost) {
    use(hourly, USER, 3);
    cache.answered(denied(ask(cost)), cache.begin(), 0);
  }

  @Test
  void denialIsRepeatedAsTheStoreWouldSayIt() {
    deny(4);
    clock.move(SECOND / 5);
    CheckBuffer again = ask(4);
    again.states[0].reanchored = true;
    assertTrue(cache.answers(again, 200 * MILLI));
    assertFalse(again.state(0).reanchored, "nothing is left of what the buffer held");
    Decision decision = again.decision();
    assertEquals(DecisionCode.RATE_LIMITED, decision.code());
    assertEquals(denied(ask(4)).decision(), decision);
  }

  @Test
  void nothingIsAnsweredBeforeAnyDenial() {
    assertFalse(cache.answers(ask(1), 0));
  }

  @Test
  void higherCostIsDeniedTooAndLowerOneAsked() {
    deny(5);
    assertTrue(cache.answers(ask(6), 0));
    CheckBuffer never = ask(11);
    assertTrue(cache.answers(never, 0));
    assertEquals(CheckBuffer.NEVER, never.retryAfterMicros(0));
    assertFalse(cache.answers(ask(4), 0));
  }

  @Test
  void denialEndsQuarterOfASecondAfterTheSending() {
    deny(4);
    assertTrue(cache.answers(ask(4), 250 * MILLI - 1));
    assertFalse(cache.answers(ask(4), 250 * MILLI));
  }

  @Test
  void denialEndsWhenTheQuestionWouldPass() {
    Limit quick = limit(new Algorithm.TokenBucket(10, SECOND, 10));
    use(quick, USER, 0);
    cache.answered(denied(ask(quick, USER, 1)), cache.begin(), 0);
    CheckBuffer last = ask(quick, USER, 1);
    assertTrue(cache.answers(last, 100 * MILLI - 1_000));
    assertEquals(1, last.retryAfterMicros(0));
    assertFalse(cache.answers(ask(quick, USER, 1), 100 * MILLI));
    assertTrue(cache.answers(ask(quick, USER, 2), 100 * MILLI), "a higher cost waits on");
  }

  @Test
  void storesTimeIsRoundedUp() {
    Limit quick = limit(new Algorithm.TokenBucket(10, SECOND, 10));
    use(quick, USER, 0);
    cache.answered(denied(ask(quick, USER, 1)), cache.begin(), 0);
    assertFalse(cache.answers(ask(quick, USER, 1), 100 * MILLI - 999));
  }

  @Test
  void epochEndsWhatEveryCacheKnows() {
    DenialCache other = new DenialCache(1, epoch);
    deny(4);
    other.answered(denied(ask(4)), other.begin(), 0);
    epoch.bump();
    assertFalse(cache.answers(ask(4), 0));
    assertFalse(other.answers(ask(4), 0));
    cache.answered(denied(ask(4)), cache.begin(), 0);
    assertTrue(cache.answers(ask(4), 0), "a later denial counts again");
  }

  @Test
  void denialOnItsWayWhileUnitsCameBackDoesNotCount() {
    use(hourly, USER, 3);
    long begun = cache.begin();
    CheckBuffer late = denied(ask(4));
    store.refund(ask(7), _ -> {});
    epoch.bump();
    cache.answered(late, begun, 0);
    assertFalse(cache.answers(ask(4), 0));
  }

  @Test
  void passedQuestionEndsWhatWasKnownOfItsCounters() {
    deny(4);
    CheckBuffer other = decided(ask(hourly, new LimitKey(8, 11), 1));
    assertTrue(other.allowed());
    cache.answered(other, cache.begin(), 0);
    assertTrue(cache.answers(ask(4), 0), "others share the place only");
    cache.answered(decided(ask(1)), cache.begin(), 0);
    assertFalse(cache.answers(ask(4), 0));
  }

  @Test
  void limitThatWasCompiledAnewIsAsked() {
    deny(4);
    assertFalse(cache.answers(ask(limit(hourly.algorithm()), USER, 4), 0));
  }

  private static CheckBuffer two(Limit first, long firstCost, Limit second, long secondCost) {
    CheckBuffer question = ask(first, USER, firstCost);
    question.add(second, new LimitKey(7, 12), "user", secondCost);
    return question;
  }

  /** All in one place, so that only the comparison tells them apart. */
  @Test
  void questionOfOtherCountersIsAsked() {
    DenialCache one = new DenialCache(1, epoch);
    one.answered(denied(ask(11)), one.begin(), 0);
    assertTrue(one.answers(ask(11), 0));
    assertFalse(one.answers(ask(hourly, new LimitKey(8, 11), 11), 0));
    assertFalse(one.answers(ask(hourly, new LimitKey(7, 12), 11), 0));
    assertFalse(one.answers(two(hourly, 11, hourly, 11), 0));
    one.answered(denied(two(hourly, 11, hourly, 11)), one.begin(), 0);
    assertFalse(one.answers(ask(11), 0));
  }

  @Test
  void everyEntryMustCostAsMuch() {
    use(hourly, USER, 0);
    cache.answered(denied(two(hourly, 2, hourly, 2)), cache.begin(), 0);
    assertTrue(cache.answers(two(hourly, 3, hourly, 2), 0));
    assertFalse(cache.answers(two(hourly, 2, hourly, 1), 0));
    assertFalse(cache.answers(two(hourly, 1, hourly, 2), 0));
  }

  @Test
  void shadowLimitTakesPartButDoesNotDeny() {
    Limit quick = limit(new Algorithm.TokenBucket(10, SECOND, 10));
    Limit shadow = new Limit("shadow", hourly.algorithm(), true);
    use(quick, USER, 0);
    cache.answered(denied(two(quick, 1, shadow, 100)), cache.begin(), 0);
    CheckBuffer again = two(quick, 1, shadow, 100);
    assertTrue(cache.answers(again, 0));
    assertEquals(denied(two(quick, 1, shadow, 100)).decision(), again.decision());
    assertFalse(cache.answers(two(quick, 1, shadow, 100), 100 * MILLI), "the other would pass");
  }

  /** Neither is such an answer kept, nor such a question answered by another's denial. */
  private void requireAskedAlways(Consumer<CheckBuffer> change) {
    CheckBuffer question = ask(4);
    change.accept(question);
    use(hourly, USER, 3);
    long begun = cache.begin();
    cache.answered(denied(question), begun, 0);
    assertFalse(cache.answers(ask(4), 0), "it was kept");
    cache.answered(denied(ask(4)), begun, 0);
    CheckBuffer again = ask(4);
    change.accept(again);
    assertFalse(cache.answers(again, 0), "it was answered");
  }

  @Test
  void explanationIsAsked() {
    requireAskedAlways(CheckBuffer::explainOnly);
  }

  @Test
  void questionUnderAnIdempotencyKeyIsAsked() {
    requireAskedAlways(b -> b.answerOnce(new LimitKey(1, 1)));
  }

  @Test
  void peekIsAsked() {
    use(hourly, USER, 0);
    cache.answered(denied(two(hourly, 1, hourly, 0)), cache.begin(), 0);
    assertFalse(cache.answers(two(hourly, 1, hourly, 0), 0));
    cache.answered(denied(ask(1)), cache.begin(), 0);
    assertFalse(cache.answers(ask(0), 0));
    cache.answered(decided(ask(0)), cache.begin(), 0);
    assertTrue(cache.answers(ask(1), 0), "a peek ends nothing");
  }

  @Test
  void testRealmIsAsked() {
    CheckBuffer question = new CheckBuffer();
    for (int i = 0; i < 2; i++) {
      question.begin(Realm.test("moved"));
      question.add(hourly, USER, "user", 11);
      assertFalse(cache.answers(question, 0));
      cache.answered(denied(question), cache.begin(), 0);
    }
  }

  @Test
  void listsOfWhichAnAnswerHoldsAPartAreAsked() {
    Limit log = limit(new Algorithm.SlidingLog(10, HOUR));
    use(log, USER, 0);
    cache.answered(denied(ask(log, USER, 1)), cache.begin(), 0);
    assertFalse(cache.answers(ask(log, USER, 1), 0));
    Limit leases = limit(new Algorithm.Concurrency(1, HOUR));
    CheckBuffer question = ask(leases, USER, 2);
    store.acquire(question, new HoldId(1, 1), HOUR, _ -> {});
    assertFalse(question.allowed());
    cache.answered(question, cache.begin(), 0);
    assertFalse(cache.answers(ask(leases, USER, 2), 0));
  }

  @Test
  void onlyLimitsDenialsAreKept() {
    use(hourly, USER, 3);
    CheckBuffer overloaded = denied(ask(4));
    overloaded.overloaded = true;
    CheckBuffer degraded = denied(ask(4));
    degraded.degraded = true;
    CheckBuffer unavailable = denied(ask(4));
    unavailable.unavailable = true;
    CheckBuffer refused = ask(4);
    refused.answerUnavailable(clock.nowMicros(), SECOND);
    for (CheckBuffer b : new CheckBuffer[] {overloaded, degraded, unavailable, refused}) {
      cache.answered(b, cache.begin(), 0);
      assertFalse(cache.answers(ask(4), 0));
    }
  }

  @Test
  void questionOfMoreThanEightLimitsIsAsked() {
    for (int limits = 8; limits <= 9; limits++) {
      for (boolean known : new boolean[] {false, limits == 8}) {
        CheckBuffer question = new CheckBuffer();
        question.begin(REALM);
        for (int i = 0; i < limits; i++) {
          question.add(hourly, new LimitKey(7, i), "user", 11);
        }
        assertEquals(known, cache.answers(question, 0));
        cache.answered(denied(question), cache.begin(), 0);
      }
    }
  }

  @Test
  void questionOfNoLimitsIsAsked() {
    CheckBuffer question = new CheckBuffer();
    question.begin(REALM);
    cache.answered(decided(question), cache.begin(), 0);
    assertFalse(cache.answers(question, 0));
  }

  @Test
  void cacheKeepsNoMoreDenialsThanItMay() {
    DenialCache small = new DenialCache(4, epoch);
    int known = 0;
    for (int i = 0; i < 100; i++) {
      small.answered(denied(ask(hourly, new LimitKey(1 + i, i), 11)), small.begin(), 0);
    }
    for (int i = 0; i < 100; i++) {
      known += small.answers(ask(hourly, new LimitKey(1 + i, i), 11), 0) ? 1 : 0;
    }
    assertEquals(4, known);
    assertTrue(small.answers(ask(hourly, new LimitKey(100, 99), 11), 0), "the last is known");
    assertThrows(IllegalArgumentException.class, () -> new DenialCache(0, epoch));
  }

  /** The keys' halves are hashes: half of them are below 0. */
  @Test
  void anyKeyHasAPlace() {
    for (long low : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      LimitKey key = new LimitKey(-1, low);
      cache.answered(denied(ask(hourly, key, 11)), cache.begin(), 0);
      assertTrue(cache.answers(ask(hourly, key, 11), 0));
    }
  }

  @Test
  void questionThatIsNotAnsweredIsLeftAsItIs() {
    Limit quick = limit(new Algorithm.TokenBucket(10, SECOND, 10));
    use(quick, USER, 0);
    CheckBuffer question = denied(ask(quick, USER, 1));
    cache.answered(question, cache.begin(), 0);
    Decision before = question.decision();
    CounterState state = question.states[0];
    long debt = state.used;
    assertFalse(cache.answers(question, 200 * MILLI));
    assertEquals(before, question.decision());
    assertEquals(debt, state.used);
  }

  @Test
  void repeatedDenialAllocatesNothing() {
    deny(4);
    CheckBuffer question = ask(4);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 40 && least > NOISE_BYTES; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        assertTrue(cache.answers(question, i));
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= NOISE_BYTES, least + " bytes at best");
  }
}
