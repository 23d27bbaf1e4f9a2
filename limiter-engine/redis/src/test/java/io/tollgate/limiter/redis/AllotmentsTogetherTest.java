package io.tollgate.limiter.redis;

import static io.tollgate.limiter.redis.Allotted.limit;
import static io.tollgate.limiter.redis.Allotted.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.redis.Observer.Units;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Four instances take units ahead of one counter in a real Redis, in real time. */
class AllotmentsTogetherTest {

  private static final int INSTANCES = 4;
  private static final long SECOND = 1_000_000;

  /** Within which no test has a boundary. */
  private static final long YEAR = 366 * 86_400 * SECOND;

  private static final long WINDOW = SECOND / 2;
  private static final int WINDOWS = 10;
  private static final long LIMIT = 2_000;
  private static final long PERCENT = 95;

  private final RedisServer server = RedisServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  private long used(Limit limit) {
    try (Day day = Day.forgetful(server.port)) {
      CheckBuffer peek =
          Day.await(told -> day.store.check(Holders.question("u", 0, limit), told::accept));
      return limit.kernel().capacity() - peek.remaining(0);
    }
  }

  /**
   * What is admitted in each of some windows that were pressed from their beginning to their end.
   */
  private List<Long> windows(int instances, Limit limit) throws Exception {
    try (Holders holders = new Holders(server.port, instances)) {
      long millis = (WINDOWS + 2) * WINDOW / 1_000;
      holders.press(millis, WINDOW, _ -> Holders.question("u", 1, limit));
      assertEquals(0, holders.degraded());
      System.out.printf(
          "allotments: %d instances: %d checks, %d calls, taken %d, spent %d, returned %d%n",
          instances,
          holders.asked(),
          holders.calls(),
          holders.ahead(Units.TAKEN),
          holders.ahead(Units.SPENT),
          holders.ahead(Units.RETURNED));
      long first = holders.firstMicros.get() / WINDOW + 1;
      return holders.admitted.entrySet().stream()
          .filter(e -> e.getKey() >= first && e.getKey() < first + WINDOWS)
          .map(e -> e.getValue().get())
          .toList();
    }
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(count -> count).sum();
  }

  @Test
  void aFixedWindowIsNeverPassedAndNearlyAllOfItIsUsed() throws Exception {
    List<Long> one = windows(1, window("one", LIMIT, WINDOW, 0));
    List<Long> four = windows(INSTANCES, window("four", LIMIT, WINDOW, 200));
    System.out.println("allotments: one store " + one + ", four instances " + four);
    assertEquals(WINDOWS, four.size());
    assertTrue(four.stream().allMatch(count -> count <= LIMIT), four::toString);
    assertTrue(sum(four) * 100 >= sum(one) * PERCENT, () -> sum(four) + " of " + sum(one));
  }

  private Holders bucket(int instances, Limit limit) throws Exception {
    Holders holders = new Holders(server.port, instances);
    holders.press(WINDOWS * WINDOW / 1_000, SECOND, _ -> Holders.question("u", 1, limit));
    assertEquals(0, holders.degraded());
    return holders;
  }

  @Test
  void aBucketIsPassedByItsBoundAtMostAndNearlyAllOfItIsUsed() throws Exception {
    Limit exact = limit("one", new Algorithm.TokenBucket(2 * LIMIT, SECOND, LIMIT), 0);
    Limit limit = limit("four", new Algorithm.TokenBucket(2 * LIMIT, SECOND, LIMIT), 200);
    long ofOne;
    long mostOfOne;
    try (Holders one = bucket(1, exact)) {
      ofOne = one.sum();
      mostOfOne = mostOf(one);
    }
    try (Holders four = bucket(INSTANCES, limit)) {
      long bound = limit.errorBound(INSTANCES);
      long most = mostOf(four);
      System.out.printf(
          "allotments: bucket: one store %d of %d, four instances %d of %d + %d, %d calls%n",
          ofOne, mostOfOne, four.sum(), most, bound, four.calls());
      assertTrue(four.sum() <= most + bound);
      assertTrue(four.sum() * mostOfOne * 100 >= ofOne * most * PERCENT);
    }
  }

  /** Capacity, and what came back from the first answer to the last. */
  private static long mostOf(Holders holders) {
    long micros = holders.lastMicros.get() - holders.firstMicros.get();
    return LIMIT + Math.ceilDiv(2 * LIMIT * micros, SECOND);
  }

  @Test
  void afterADrainTheCounterHoldsEveryUnitThatWasNotSpent() throws Exception {
    Limit limit = window("site", 1_000_000, YEAR, 500);
    Limit own = window("own", 7, YEAR, 0);
    long admitted;
    try (Holders holders = new Holders(server.port, INSTANCES)) {
      holders.press(500, SECOND, _ -> Holders.question("u", 1, limit));
      holders.press(500, SECOND, i -> Holders.question("user " + i % 100, 1, limit, own));
      admitted = holders.sum();
    }
    assertEquals(admitted, used(limit));
    assertTrue(admitted > 700, () -> admitted + " admitted");
  }

  @Test
  void aLimitThatEndsIsReachedExactlyByAllTogether() throws Exception {
    Limit limit = window("site", LIMIT, YEAR, 300);
    long admitted;
    try (Holders holders = new Holders(server.port, INSTANCES)) {
      holders.press(2_500, SECOND, _ -> Holders.question("u", 1, limit));
      admitted = holders.sum();
    }
    assertEquals(LIMIT, admitted);
    assertEquals(LIMIT, used(limit));
  }
}
