package io.tollgate.limiter.redis;

import static io.tollgate.limiter.redis.Allotted.OWN;
import static io.tollgate.limiter.redis.Allotted.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.redis.Observer.Units;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Checks of limits that are taken ahead and of others, which are no one step. */
class WideCheckTest {

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final Limit WINDOW = window("site", 1_000, MINUTE, 100);

  @AutoClose private static final HandLane.Server server = new HandLane.Server();

  @Test
  void aDenialByAnotherLimitChargesNothing() {
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    one.admitted(3, WINDOW, OWN);
    CheckBuffer denied = one.asked(1, WINDOW, OWN);
    assertFalse(denied.allowed());
    Decision decision = denied.decision();
    assertEquals("own", decision.limits().get(decision.bindingIndex()).name());
    assertTrue(decision.limits().getFirst().admitted());
    assertEquals(5, one.observer.ahead(Units.SPENT));
    one.pass(1_000);
    one.redis.answerAll();
    assertEquals(5, one.used(WINDOW));
    assertEquals(3, one.used(OWN));
  }

  @Test
  void aDenialAheadAsksWhatTheOthersWouldSayAndChargesNothing() {
    Limit few = window("site", 5, MINUTE, 5);
    HandLane one = new HandLane(server, 1);
    assertEquals(5, one.admitted(9, few));
    CheckBuffer denied = one.asked(1, OWN, few);
    assertFalse(denied.allowed());
    Decision decision = denied.decision();
    assertEquals(1, decision.bindingIndex());
    assertEquals(3, decision.limits().getFirst().remaining());
    assertEquals(0, one.used(OWN));
    assertEquals(5, one.used(few));
  }

  @Test
  void whoCameFirstIsAnsweredInTimeThoughHeWaitsForAStepOfWhoCameLater() {
    Limit site = window("site", 100, MINUTE, 10);
    Limit zone = window("zone", 100, MINUTE, 10);
    HandLane one = new HandLane(server, 1);
    one.ask(HandLane.question(1, site, zone));
    one.pass(150);
    one.ask(HandLane.question(1, zone));
    one.redis.answer();
    assertEquals(List.of(), one.answers, "the first waits for what the second takes of zone");
    one.pass(50);
    assertEquals(1, one.answers.size(), "200 ms after the first has asked");
    assertTrue(one.answers.getFirst().degraded());
    one.redis.answerAll();
    assertEquals(2, one.answers.size());
    assertFalse(one.answers.getLast().degraded());
    assertEquals(1, one.used(zone), "by the second");
  }

  @Test
  void aLimitThatOnlyWatchesDeniesNothingAndChargesWhatItAdmits() {
    Limit few =
        new Limit(
            "site", new Algorithm.TokenBucket(2, 3_600 * SECOND, 2), true, StoreFailure.LOCAL, 2);
    HandLane one = new HandLane(server, 1);
    assertEquals(3, one.admitted(4, few, OWN));
    assertEquals(2, one.used(few));
    assertEquals(3, one.used(OWN));
    assertFalse(one.asked(1, few).decision().limits().getFirst().admitted());
    assertTrue(one.answers.getLast().allowed());
  }

  @Test
  void unitsThatComeBackBeyondAHoldersShareGoBackToRedis() {
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    CheckBuffer large = HandLane.question(400, WINDOW, OWN);
    one.ask(large);
    one.redis.answerAll();
    assertFalse(large.allowed(), "more than its own limit ever admits");
    assertTrue(one.observer.outstanding() <= 100, () -> one.observer.outstanding() + " in hand");
    one.pass(1_000);
    one.redis.answerAll();
    assertEquals(2, one.used(WINDOW));
  }

  @Test
  void aDenialByTheSecondPartPutsTheFirstBack() {
    Limit few = window("few", 2, MINUTE, 2);
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    assertEquals(2, one.admitted(5, WINDOW, few));
    assertEquals(2 + 2 + 2, one.observer.ahead(Units.SPENT));
    one.pass(1_000);
    one.redis.answerAll();
    assertEquals(4, one.used(WINDOW));
    assertEquals(2, one.used(few));
    assertEquals(0, one.observer.outstanding());
  }

  @Test
  void whatWasTakenIsSpentWhereThePolicyLetsTheRestPass() {
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    one.ask(HandLane.question(1, WINDOW, OWN));
    one.redis.lose();
    one.pass(TimeUnit.NANOSECONDS.toMillis(HandLane.LIMIT));
    CheckBuffer answer = one.answers.getLast();
    assertTrue(answer.allowed() && answer.degraded());
    assertEquals(3, one.observer.ahead(Units.SPENT));
  }

  @Test
  void whatWasTakenGoesBackIntoTheHandWhereThePolicyDeniesTheRest() {
    Limit closed =
        new Limit("own", new Algorithm.Gcra(3, 3_600 * SECOND, 3), false, StoreFailure.CLOSED);
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    one.redis.end();
    one.ask(HandLane.question(1, WINDOW, closed));
    assertFalse(one.answers.getLast().allowed());
    assertEquals(99, one.observer.outstanding());
    one.ask(HandLane.question(1, WINDOW));
    assertTrue(one.answers.getLast().allowed());
    assertFalse(one.answers.getLast().degraded());
  }

  @Test
  void aCheckThatHasWaitedForUnitsIsStillAnsweredInItsTime() {
    HandLane one = new HandLane(server, 1);
    one.ask(HandLane.question(1, WINDOW, OWN));
    long half = TimeUnit.NANOSECONDS.toMillis(HandLane.LIMIT / 2);
    one.pass(half);
    one.redis.answer();
    one.pass(half - 1);
    assertEquals(0, one.answers.size());
    one.pass(1);
    assertEquals(1, one.answers.size());
    assertTrue(one.answers.getLast().degraded());
  }

  @Test
  void aDenialByTheOtherLimitsIsRepeatedWithoutRedis() {
    HandLane one = new HandLane(server, 1);
    one.makeBusy(WINDOW);
    one.admitted(4, WINDOW, OWN);
    int before = one.redis.steps;
    CheckBuffer denied = one.asked(1, WINDOW, OWN);
    assertFalse(denied.allowed());
    assertEquals(before, one.redis.steps);
    assertEquals(100, denied.decision().limits().getFirst().errorBound());
  }

  @Test
  void aThousandLimitsAheadAreOneCheckToo() {
    HandLane one = new HandLane(server, 1);
    Limit[] many = new Limit[1_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = window("site" + i, 10, MINUTE, 10);
    }
    for (int i = 0; i < 3; i++) {
      one.pass(1);
      one.ask(HandLane.question(1, many));
      one.redis.answerAll();
      assertTrue(one.answers.getLast().allowed());
    }
    assertEquals(3_000, one.observer.ahead(Units.SPENT));
  }
}
