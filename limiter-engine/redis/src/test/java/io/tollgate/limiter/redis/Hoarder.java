package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.concurrent.TimeUnit;

/** A process of its own that takes units ahead, and is stopped with them in hand. */
final class Hoarder {

  /** So long that all that a test asks after a boundary is in one window. */
  static final long WINDOW = 5_000_000;

  static final long UNITS = 1_000;

  static final Limit LIMIT =
      new Limit(
          "site",
          new Algorithm.FixedWindow(UNITS, new Period.Span(WINDOW), new Alignment.Epoch()),
          false,
          StoreFailure.LOCAL,
          200);

  private static final int SOME = 20;

  private Hoarder() {}

  /**
   * Asks until it has units in hand, and says so; with each line that it reads it asks for all that
   * there is, and prints how many units it got in the window of its last answer.
   *
   * @param args the port of Redis
   */
  public static void main(String[] args) throws Exception {
    CountingObserver observer = new CountingObserver();
    try (TestLoop loop = new TestLoop();
        RedisStore store =
            loop.open(
                RedisAddress.of("127.0.0.1", Integer.parseInt(args[0])),
                TimeUnit.SECONDS.toNanos(60),
                observer,
                1_000)) {
      long in = 0;
      while (in == 0) {
        var _ = ask(store, SOME);
        in = observer.outstanding();
      }
      System.out.println("holds " + in);
      System.out.flush();
      while (System.in.read() == '\n') {
        System.out.println("got " + ask(store, 2 * UNITS));
        System.out.flush();
      }
    }
  }

  private static long ask(RedisStore store, long checks) {
    long window = 0;
    long got = 0;
    for (long i = 0; i < checks; i++) {
      CheckBuffer answer =
          Day.await(told -> store.check(Holders.question("u", 1, LIMIT), told::accept));
      long of = answer.nowMicros() / WINDOW;
      got = of == window ? got : 0;
      window = of;
      got += answer.allowed() ? 1 : 0;
    }
    return got;
  }
}
