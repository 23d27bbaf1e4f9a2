package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.store.CheckBuffer;

/** A process of its own that takes every unit of a limit as leases, and never releases one. */
final class Holder {

  static final long TTL_MICROS = 2_000_000;
  static final Limit LIMIT = new Limit("held", new Algorithm.Concurrency(3, TTL_MICROS), false);

  private Holder() {}

  /** Takes a unit by a lease of this number, or is denied. */
  static CheckBuffer acquire(RedisStore store, long number) {
    HoldId id = new HoldId(1, number);
    return Day.await(told -> store.acquire(Day.question(LIMIT, 1), id, TTL_MICROS, told::accept));
  }

  /**
   * Takes the leases, prints when each of them ends, and waits to be killed.
   *
   * @param args the port of Redis
   */
  public static void main(String[] args) throws Exception {
    try (Day day = Day.patient(Integer.parseInt(args[0]))) {
      for (int i = 0; i < LIMIT.algorithm().limit(); i++) {
        System.out.println(acquire(day.store, i).expiresAtMicros());
      }
      System.out.flush();
      Thread.currentThread().join();
    }
  }
}
