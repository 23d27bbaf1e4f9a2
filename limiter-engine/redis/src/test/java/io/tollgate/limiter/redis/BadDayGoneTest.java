package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.io.BufferedReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Redis ends, comes back empty, or does not let us in. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BadDayGoneTest {

  private static final Limit LOCAL = Day.limit(Day.CAPACITY, StoreFailure.LOCAL);

  private RedisServer server = RedisServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  /** What ends a server. */
  private interface End {

    void of(RedisServer server) throws Exception;
  }

  private void goneAndBack(String name, End end) throws Exception {
    try (Day day = new Day(server.port)) {
      day.press(LOCAL);
      day.awaitShared(200);
      end.of(server);
      day.awaitDegraded(200);
      Day.Told forgotten = day.told();
      int unknown = day.unknown();
      server = server.again();
      day.awaitHealed(LOCAL);
      day.awaitShared(200);
      day.rest();
      day.assertCharged(LOCAL, forgotten, unknown);
      day.report(name);
    }
  }

  @Test
  void aRedisThatIsStoppedIsDoneWithoutAndUsedAgain() throws Exception {
    goneAndBack("stopped", RedisServer::stop);
  }

  @Test
  void aRedisThatIsKilledIsDoneWithoutAndUsedAgain() throws Exception {
    goneAndBack("killed", RedisServer::close);
  }

  /** Takes units until it is denied, and returns how many there were. */
  private static int takeAll(Day day, Limit limit, boolean degraded) {
    int taken = 0;
    CheckBuffer answer = day.ask(limit, 1);
    while (answer.allowed()) {
      assertEquals(degraded, answer.degraded());
      taken++;
      answer = day.ask(limit, 1);
    }
    assertEquals(degraded, answer.degraded());
    return taken;
  }

  @Test
  void aRedisThatComesBackEmptyGivesOneMoreCapacityAndAnOutageOneMoreOfALocalLimit()
      throws Exception {
    for (StoreFailure policy : List.of(StoreFailure.CLOSED, StoreFailure.LOCAL)) {
      Limit limit = Day.limit(50, policy);
      server.tell("FLUSHALL");
      try (Day day = Day.patient(server.port)) {
        assertEquals(50, takeAll(day, limit, false));
        server.close();
        Day.await(() -> day.store.state().degraded(), "it is seen to be gone");
        assertEquals(policy == StoreFailure.LOCAL ? 50 : 0, takeAll(day, limit, true));
        server = server.again();
        day.awaitHealed(limit);
        assertEquals(50, takeAll(day, limit, false));
        day.report("restarted empty, " + policy);
      }
    }
  }

  private static RedisAddress with(Optional<String> password, int port) {
    return new RedisAddress(
        List.of(new RedisAddress.Server("127.0.0.1", port)),
        Optional.empty(),
        false,
        0,
        Optional.empty(),
        password,
        Optional.empty(),
        false,
        Optional.empty());
  }

  @Test
  void aRedisThatDoesNotLetUsInIsSaidToAndDoneWithout() throws Exception {
    server.tell("CONFIG SET requirepass secret");
    for (Optional<String> password : List.of(Optional.<String>empty(), Optional.of("mistaken"))) {
      try (Day day = new Day(with(password, server.port))) {
        assertEquals(0, day.store.state().up());
        String why = day.store.state().why();
        assertTrue(why.contains(password.isEmpty() ? "NOAUTH" : "WRONGPASS"), why);
        assertFalse(why.contains("mistaken"), why);
        for (int i = 0; i < 100; i++) {
          assertTrue(day.ask(LOCAL, 1).degraded());
        }
        Limit closed = Day.limit(50, StoreFailure.CLOSED);
        assertEquals(DecisionCode.STORE_UNAVAILABLE, day.ask(closed, 1).decision().code());
        day.report("password " + password.orElse("missing"));
      }
    }
  }

  @Test
  void whoIsLetInAgainComesUp() throws Exception {
    server.tell("CONFIG SET requirepass secret");
    try (Day day = new Day(with(Optional.empty(), server.port))) {
      assertTrue(day.ask(LOCAL, 1).degraded());
      server.tell("AUTH secret", "CONFIG SET requirepass \"\"");
      day.awaitHealed(LOCAL);
      day.report("let in again");
    }
  }

  @Test
  void leasesOfAKilledEngineComeBackAtTheirEndAndNotBefore() throws Exception {
    try (Day day = Day.patient(server.port)) {
      Process holder = Jvm.start(Holder.class, Integer.toString(server.port));
      BufferedReader ends = holder.inputReader();
      long end = Long.parseLong(ends.readLine());
      for (int i = 1; i < Holder.LIMIT.algorithm().limit(); i++) {
        assertTrue(Long.parseLong(ends.readLine()) > end);
      }
      holder.destroyForcibly().waitFor();
      int denied = 0;
      CheckBuffer answer = Holder.acquire(day.store, 100);
      while (!answer.allowed()) {
        assertEquals(DecisionCode.CONCURRENCY_EXCEEDED, answer.decision().code());
        assertEquals(end - answer.nowMicros(), answer.retryAfterMicros(0), "it comes back then");
        answer = Holder.acquire(day.store, 100 + ++denied);
      }
      assertTrue(denied > 0 && !answer.degraded());
      assertTrue(answer.nowMicros() >= end);
    }
  }
}
