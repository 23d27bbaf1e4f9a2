package io.tollgate.limiter.redis;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Several instances in one process over one Redis, and what they have admitted together. */
final class Holders implements AutoCloseable {

  static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(9, 10);

  /** Each millisecond on each instance. */
  private static final int AT_ONCE = 16;

  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private record Instance(TestLoop loop, RedisStore store, CountingObserver observer) {}

  private final List<Instance> instances = new ArrayList<>();

  /** By the window, or whatever a time is divided by. */
  final Map<Long, AtomicLong> admitted = new ConcurrentHashMap<>();

  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  final AtomicLong firstMicros = new AtomicLong(Long.MAX_VALUE);
  final AtomicLong lastMicros = new AtomicLong();
  private volatile boolean pressing;

  Holders(int port, int count) {
    for (int i = 0; i < count; i++) {
      TestLoop loop = new TestLoop();
      CountingObserver observer = new CountingObserver();
      RedisStore store =
          loop.open(RedisAddress.of("127.0.0.1", port), LIMIT_NANOS, observer, 1_000);
      instances.add(new Instance(loop, store, observer));
    }
    Day.await(
        () ->
            instances.stream()
                .allMatch(i -> !i.store.state().degraded() && i.store.state().instances() == count),
        "every instance knows all");
  }

  /** A question of limits; those called {@code own…} are of one user alone. */
  static CheckBuffer question(String user, long cost, Limit... limits) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    for (Limit limit : limits) {
      String who = limit.name().startsWith("own") ? user : "everybody";
      buffer.add(limit, HASHER.keys(REALM, "api").key(who, who), who, cost);
    }
    return buffer;
  }

  /** Asks on every instance for as long, far more than is admitted. */
  void press(long millis, long divisorMicros, IntFunction<CheckBuffer> questions) throws Exception {
    pressing = true;
    List<Thread> callers = new ArrayList<>();
    for (Instance one : instances) {
      callers.add(Thread.ofVirtual().start(() -> press(one, divisorMicros, questions)));
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    pressing = false;
    for (Thread caller : callers) {
      caller.join();
    }
    Day.await(() -> answered.get() == asked.get(), "every check is answered");
  }

  private void press(Instance one, long divisorMicros, IntFunction<CheckBuffer> questions) {
    int number = 0;
    while (pressing) {
      if (asked.get() - answered.get() < 10_000) {
        asked.addAndGet(AT_ONCE);
        int from = number;
        one.loop.loop.execute(() -> {
          for (int i = 0; i < AT_ONCE; i++) {
            one.store.check(questions.apply(from + i), b -> note(b, divisorMicros));
          }
        });
        number += AT_ONCE;
      }
      LockSupport.parkNanos(PACE_NANOS);
    }
  }

  private void note(CheckBuffer answer, long divisorMicros) {
    if (answer.allowed()) {
      admitted
          .computeIfAbsent(answer.nowMicros() / divisorMicros, _ -> new AtomicLong())
          .incrementAndGet();
    }
    firstMicros.accumulateAndGet(answer.nowMicros(), Math::min);
    lastMicros.accumulateAndGet(answer.nowMicros(), Math::max);
    answered.incrementAndGet();
  }

  long asked() {
    return asked.get();
  }

  long sum() {
    return admitted.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Steps that Redis has decided, and answers of policies. */
  long ahead(Observer.Units what) {
    return instances.stream().mapToLong(i -> i.observer.ahead(what)).sum();
  }

  long degraded() {
    return instances.stream().mapToLong(i -> i.observer.degraded).sum();
  }

  long calls() {
    return instances.stream().mapToLong(i -> i.observer.calls - i.observer.beats).sum();
  }

  /** Drains every instance, as when it is stopped. */
  @Override
  public void close() {
    instances.forEach(one -> {
      one.store.close();
      one.loop.close();
    });
    instances.clear();
  }
}
