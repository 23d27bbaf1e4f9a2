package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of its own that asks for one unit of one key as fast as it can, many times. */
final class Engine {

  /** Of which nothing comes back while a test runs: a unit takes hours. */
  static final long LIMIT = 5_000;

  private static final int MOST_ASKED = 500;
  private static final long YEAR = 366L * 86_400 * 1_000_000;
  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(9, 10);
  private static final Limit BUCKET =
      new Limit("main", new Algorithm.TokenBucket(LIMIT, YEAR, LIMIT), false);

  static final StepCodec CODEC = new StepCodec("", HASHER);

  private Engine() {}

  static CheckBuffer ask(long cost) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    buffer.add(BUCKET, HASHER.keys(REALM, "api").key("u", "u"), "u", cost);
    return buffer;
  }

  /**
   * Asks, and prints after every answer how many checks have passed.
   *
   * @param args the port of Redis, and how often to ask
   */
  public static void main(String[] args) throws InterruptedException {
    int checks = Integer.parseInt(args[1]);
    CountDownLatch told = new CountDownLatch(checks);
    try (TestLoop loop = new TestLoop();
        RedisStore store = loop.open(Integer.parseInt(args[0]))) {
      AtomicInteger allowed = new AtomicInteger();
      Semaphore room = new Semaphore(MOST_ASKED);
      for (int i = 0; i < checks; i++) {
        room.acquire();
        store.check(
            ask(1),
            answered -> {
              if (answered.allowed()) {
                System.out.println("allowed " + allowed.incrementAndGet());
                System.out.flush();
              }
              room.release();
              told.countDown();
            });
      }
      told.await();
      System.out.println("done " + allowed);
    }
  }
}
