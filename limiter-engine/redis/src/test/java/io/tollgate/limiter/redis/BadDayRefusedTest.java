package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Redis answers, and does not do what it is asked. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BadDayRefusedTest {

  private static final Limit LOCAL = Day.limit(Day.CAPACITY, StoreFailure.LOCAL);

  private final RedisServer server = RedisServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRedisWithoutMemoryStillDeniesAndPoliciesAllowWhatItCannotWrite() throws Exception {
    Limit full = Day.limit(50, StoreFailure.LOCAL);
    try (Day day = Day.patient(server.port)) {
      assertTrue(day.ask(full, 50).allowed());
      server.tell("CONFIG SET maxmemory 1");
      for (int i = 1; i <= 300; i++) {
        CheckBuffer denied = day.ask(full, 1);
        assertFalse(denied.degraded(), "a denial writes nothing");
        assertEquals(DecisionCode.RATE_LIMITED, denied.decision().code());
        CheckBuffer allowed = day.ask(named("other", StoreFailure.LOCAL), 1);
        assertTrue(allowed.degraded() && allowed.allowed());
        CheckBuffer closed = day.ask(named("closed", StoreFailure.CLOSED), 1);
        assertEquals(DecisionCode.STORE_UNAVAILABLE, closed.decision().code());
        assertEquals(2 * i, day.observer.refused);
      }
      Day.awaitBeats(day.observer, 3);
      assertFalse(day.store.state().degraded(), "the link is up: Redis answers");
      server.tell("CONFIG SET maxmemory 0");
      assertFalse(day.ask(named("other", StoreFailure.LOCAL), 1).degraded());
      assertEquals(1, day.used(named("other", StoreFailure.LOCAL)), "nothing was written");
      assertEquals(0, day.observer.downs);
      day.report("out of memory");
    }
  }

  private static Limit named(String name, StoreFailure onFailure) {
    return new Limit(name, LOCAL.algorithm(), false, onFailure);
  }

  @Test
  void aRedisThatBecomesAReplicaIsLeftUntilItIsAMasterAgain() throws Exception {
    try (Day day = new Day(server.port)) {
      day.press(LOCAL);
      day.awaitShared(200);
      server.tell("REPLICAOF 127.0.0.1 1");
      day.awaitDegraded(200);
      String why = day.store.state().why();
      assertTrue(why.contains("READONLY"), why);
      server.tell("REPLICAOF NO ONE");
      day.awaitHealed(LOCAL);
      day.awaitShared(200);
      day.rest();
      day.assertCharged(LOCAL);
      day.report("read-only");
    }
  }

  @Test
  void scriptsThatAreForgottenUnderLoadChangeNoAnswer() throws Exception {
    try (Day day = Day.patient(server.port)) {
      day.press(LOCAL);
      for (int i = 0; i < 20; i++) {
        day.awaitShared(20);
        server.tell("SCRIPT FLUSH");
      }
      day.awaitShared(20);
      day.rest();
      assertEquals(0, day.told().degraded());
      assertEquals(day.told().charged(), day.used(LOCAL));
      assertEquals(0, day.observer.downs);
      day.report("scripts flushed 20 times");
    }
  }
}
