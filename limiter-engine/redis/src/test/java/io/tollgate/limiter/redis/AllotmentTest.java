package io.tollgate.limiter.redis;

import static io.tollgate.limiter.redis.Allotted.OWN;
import static io.tollgate.limiter.redis.Allotted.limit;
import static io.tollgate.limiter.redis.Allotted.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.redis.Observer.Units;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units that a lane takes ahead of a real Redis, and what becomes of them on bad days. */
class AllotmentTest {

  private static final long SECOND = 1_000_000;
  private static final Limit WINDOW = window("site", 1_000, 60 * SECOND, 100);

  /** Of which a unit comes back in each millisecond. */
  private static final Limit BUCKET =
      limit("site", new Algorithm.TokenBucket(1_000, SECOND, 1_000), 100);

  @AutoClose private static final HandLane.Server server = new HandLane.Server();

  private static HandLane lane(int holders) {
    return new HandLane(server, holders);
  }

  @Test
  void whatIsInHandIsSpentWithoutRedis() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    int before = one.redis.steps;
    assertEquals(99, one.admitted(99, WINDOW));
    assertEquals(before, one.redis.steps);
    assertEquals(101, one.used(WINDOW));
    assertEquals(0, one.observer.outstanding());
    assertFalse(one.answers.getLast().degraded());
  }

  @Test
  void aKeyThatIsAskedForRarelyTakesWhatItIsAskedFor() {
    HandLane one = lane(1);
    for (int i = 1; i <= 5; i++) {
      assertEquals(1, one.admitted(1, WINDOW));
      assertEquals(i, one.redis.steps);
      assertEquals(i, one.used(WINDOW));
      one.pass(1_000);
    }
  }

  @Test
  void aHolderTakesAtMostItsShareOfHalfOfTheRest() {
    HandLane one = lane(8);
    one.makeBusy(WINDOW);
    assertEquals(1 + 999 / 16, one.used(WINDOW));
    assertEquals(
        8 * (1_000 / 16), one.answers.getLast().decision().limits().getFirst().errorBound());
  }

  @Test
  void whoComesWhileUnitsAreTakenWaitsAndIsServedInOrder() {
    HandLane one = lane(1);
    for (int i = 0; i < 20; i++) {
      one.ask(HandLane.question(1, WINDOW));
    }
    assertEquals(0, one.answers.size());
    assertEquals(1, one.redis.calls());
    one.redis.answer();
    assertEquals(1, one.answers.size(), "the first take was for the first alone");
    one.pass(1);
    one.redis.answer();
    assertEquals(20, one.answers.size());
    assertTrue(one.answers.stream().allMatch(CheckBuffer::allowed));
    assertEquals(0, one.redis.calls());
    assertEquals(2, one.redis.steps);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nearTheEndLessIsTakenAndTheLimitIsReachedExactly(int cost) {
    HandLane one = lane(4);
    long admitted = 0;
    for (int i = 0; i < 600; i++) {
      admitted += one.asked(cost, WINDOW).allowed() ? cost : 0;
    }
    long rest = 1_000 % cost;
    if (cost == 1) {
      assertEquals(600, admitted);
      admitted += one.admitted(600, WINDOW);
    }
    assertEquals(1_000 - rest, admitted);
    assertEquals(1_000 - rest, one.used(WINDOW));
    int before = one.redis.steps;
    CheckBuffer denied = one.asked(cost, WINDOW);
    assertFalse(denied.allowed());
    assertEquals(before, one.redis.steps, "denied as a moment ago");
    assertEquals(rest, denied.remaining(0));
    one.pass(denied.retryAfterMicros(0) / 1_000);
    assertTrue(one.asked(cost, WINDOW).allowed());
  }

  @Test
  void mixedCostsReachTheLimitExactlyToo() {
    HandLane one = lane(2);
    long admitted = 0;
    for (int i = 0; i < 400; i++) {
      long cost = 1L + i % 7;
      admitted += one.asked(cost, WINDOW).allowed() ? cost : 0;
    }
    while (one.asked(1, WINDOW).allowed()) {
      admitted++;
    }
    assertEquals(1_000, admitted);
    assertEquals(1_000, one.used(WINDOW));
    assertEquals(0, one.observer.outstanding());
  }

  @Test
  void whatAHolderDoesNotSpendGoesBackWithinASecond() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    assertEquals(98 + 1, one.observer.outstanding());
    one.pass(1_000);
    one.redis.answerAll();
    assertEquals(2, one.used(WINDOW));
    assertEquals(0, one.observer.outstanding());
    assertEquals(99, one.observer.ahead(Units.RETURNED));
  }

  @Test
  void ofABucketNothingIsInHandLongerThanItTakesToComeBack() {
    HandLane one = lane(1);
    one.makeBusy(BUCKET);
    assertEquals(99, one.observer.outstanding());
    one.pass(90);
    one.redis.answerAll();
    assertEquals(0, one.observer.outstanding(), "a little before the 100 ms are over");
    assertEquals(1, one.used(BUCKET), "what has leaked of the 99 meanwhile is not given twice");
  }

  @Test
  void aProcessThatWasStoppedSpendsNothingOfAWindowThatIsOver() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    one.stall(60_000);
    CheckBuffer after = one.asked(1, WINDOW);
    assertTrue(after.allowed());
    assertEquals(1, one.used(WINDOW), "of the new window");
    assertEquals(999, after.remaining(0));
    one.pass(1_000);
    one.redis.answerAll();
    assertEquals(1, one.used(WINDOW));
    assertEquals(0, one.observer.outstanding());
  }

  @Test
  void aProcessThatWasStoppedSpendsNothingOfABucketThatIsFullAgain() {
    HandLane one = lane(1);
    one.makeBusy(BUCKET);
    one.stall(30_000);
    int admitted = one.admitted(1_200, BUCKET);
    assertEquals(1_000, admitted);
    assertEquals(1_000, one.used(BUCKET));
  }

  @Test
  void unitsOfOneWindowAreNotSpentInTheNext() {
    Limit limit = window("site", 1_000, SECOND / 2, 100);
    HandLane one = lane(1);
    one.makeBusy(limit);
    one.pass(498);
    one.redis.answerAll();
    assertEquals(2, one.used(limit), "given back before the end");
    assertEquals(1, one.admitted(1, limit));
    one.stall(1);
    assertEquals(1, one.admitted(1, limit));
    assertEquals(1 + one.observer.outstanding(), one.used(limit), "all is of the new one");
  }

  @Test
  void aTakeWithoutAnAnswerIsNotRepeatedAndItsUnitsAreLost() {
    HandLane one = lane(1);
    one.ask(HandLane.question(7, WINDOW));
    one.ask(HandLane.question(1, WINDOW));
    one.redis.lose();
    one.pass(TimeUnit.NANOSECONDS.toMillis(HandLane.LIMIT));
    assertEquals(2, one.answers.size());
    assertTrue(one.answers.stream().allMatch(b -> b.degraded() && b.allowed()), "by the policy");
    assertEquals(7, one.observer.ahead(Units.LOST));
    assertEquals(0, one.observer.outstanding());
    assertEquals(7, one.used(WINDOW));
    assertEquals(0, one.redis.calls());
  }

  @Test
  void whileRedisIsAwayWhatIsInHandIsSpentAndThenThePolicyDecides() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    one.redis.end();
    assertFalse(one.link.isUp());
    one.answers.clear();
    for (int i = 0; i < 100; i++) {
      one.ask(HandLane.question(1, WINDOW));
    }
    assertEquals(100, one.answers.size());
    assertTrue(one.answers.stream().limit(99).noneMatch(CheckBuffer::degraded));
    assertTrue(one.answers.getLast().degraded());
    one.ask(HandLane.question(1, WINDOW, OWN));
    assertTrue(one.answers.getLast().degraded());
  }

  @Test
  void aLimitThatWasChangedGivesBackWhatWasTakenUnderItsOldNumbers() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    Limit changed = window("site", 500, 60 * SECOND, 50);
    assertEquals(1, one.admitted(1, changed));
    one.redis.answerAll();
    assertEquals(3, one.used(changed));
    assertEquals(0, one.observer.outstanding());
    assertEquals(497, one.admitted(600, changed));
  }

  @Test
  void aResetForgetsWhatIsInHand() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    one.lane.reset(HandLane.question(0, WINDOW), false, one.answers::add);
    one.redis.answerAll();
    assertEquals(0, one.observer.outstanding());
    assertEquals(0, one.used(WINDOW));
    assertEquals(1_000, one.admitted(1_001, WINDOW));
    assertEquals(1_000, one.used(WINDOW));
  }

  @Test
  void aResetWhileUnitsAreTakenForgetsThem() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    assertEquals(99, one.admitted(99, WINDOW));
    one.ask(HandLane.question(1, WINDOW));
    one.lane.reset(HandLane.question(0, WINDOW), false, one.answers::add);
    one.redis.answerAll();
    assertEquals(0, one.observer.outstanding());
    assertEquals(0, one.used(WINDOW));
  }

  @Test
  void aCallerWhoFailsHarmsNobodyWhoWaitsBehindHim() {
    HandLane one = lane(1);
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    List<Throwable> faults = new ArrayList<>();
    thread.setUncaughtExceptionHandler((_, fault) -> faults.add(fault));
    try {
      one.ask(HandLane.question(1, WINDOW));
      one.lane.check(
          HandLane.question(1, WINDOW),
          _ -> {
            throw new IllegalStateException("the caller's");
          });
      one.ask(HandLane.question(1, WINDOW));
      one.redis.answerAll();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    assertEquals(1, faults.size());
    assertEquals(2, one.answers.size());
    assertEquals(1, one.admitted(1, WINDOW));
  }

  @Test
  void aDrainGivesBackEveryUnitAlsoThoseOnTheirWay() {
    HandLane one = lane(1);
    Limit other = limit("other", new Algorithm.SlidingWindow(1_000, 60 * SECOND), 100);
    one.makeBusy(WINDOW);
    one.makeBusy(other);
    assertEquals(99, one.admitted(99, other));
    one.ask(HandLane.question(1, other));
    boolean[] drained = {false};
    one.lane.drain(() -> drained[0] = true);
    assertFalse(drained[0]);
    one.redis.answerAll();
    assertTrue(drained[0]);
    assertTrue(one.answers.getLast().allowed());
    assertEquals(2, one.used(WINDOW));
    assertEquals(102, one.used(other));
    int before = one.redis.steps;
    assertEquals(5, one.admitted(5, other));
    assertEquals(before + 5, one.redis.steps, "from now on every check is asked");
  }

  @Test
  void aDrainWithoutRedisEndsAtOnce() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    one.redis.end();
    boolean[] drained = {false};
    one.lane.drain(() -> drained[0] = true);
    assertTrue(drained[0]);
    assertEquals(99, one.observer.ahead(Units.LOST));
  }

  @Test
  void whatWantsTheCounterItselfAsksRedis() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    int before = one.redis.steps;
    assertEquals(899, one.asked(0, WINDOW).remaining(0), "a peek");
    CheckBuffer explained = HandLane.question(1, WINDOW);
    explained.explainOnly();
    one.ask(explained);
    one.redis.answerAll();
    for (int i = 0; i < 2; i++) {
      CheckBuffer once = HandLane.question(1, WINDOW);
      once.answerOnce(once.key(0));
      one.ask(once);
      one.redis.answerAll();
    }
    assertEquals(before + 4, one.redis.steps);
    assertEquals(102, one.used(WINDOW));
    assertEquals(100, explained.decision().limits().getFirst().errorBound());
    int last = one.answers.size() - 1;
    assertEquals(one.answers.get(last - 1).decision(), one.answers.get(last).decision(), "again");
    assertEquals(100, one.answers.get(last).decision().limits().getFirst().errorBound());
  }

  @Test
  void whatIsLeftIsTheCountersRestAndWhatIsInHand() {
    HandLane one = lane(1);
    one.makeBusy(WINDOW);
    assertEquals(998, one.answers.getLast().remaining(0));
    assertEquals(997, one.asked(1, WINDOW).remaining(0));
  }

  @Test
  void aLimitWithoutAnAllotmentSaysNoBound() {
    HandLane one = lane(1);
    assertEquals(0, one.asked(1, OWN).decision().limits().getFirst().errorBound());
  }
}
