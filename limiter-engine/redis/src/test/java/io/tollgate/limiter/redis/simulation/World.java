package io.tollgate.limiter.redis.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * Time, and all that is to happen: one thing after the other, the order of what happens at one
 * instant by chance.
 */
final class World {

  /** 2025-06-15T23:59:50Z, so that a day may end within a schedule; in microseconds. */
  static final long START_MICROS = 1_750_031_990_000_000L;

  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  /** No schedule has half as many; a loop without an end is found soon. */
  private static final long MOST_HAPPENINGS = 3_000_000;

  private record Due(long at, int tie, long number, Host host, Runnable task) {

    static int compare(Due a, Due b) {
      if (a.at != b.at) {
        return Long.compare(a.at, b.at);
      }
      return a.tie != b.tie ? Integer.compare(a.tie, b.tie) : Long.compare(a.number, b.number);
    }
  }

  private final PriorityQueue<Due> due = new PriorityQueue<>(Due::compare);
  private final Random ties;
  private long now;
  private long numbers;

  World(long seed) {
    this.ties = Chance.of(seed, 1);
  }

  /** Nanoseconds since the schedule began. */
  long now() {
    return now;
  }

  /** The same in microseconds since the epoch, by a clock that nobody steps. */
  long micros() {
    return START_MICROS + now / 1_000;
  }

  /** Does something on a host at an instant, or when the host goes on, if it still lives. */
  void at(long nanos, Host host, Runnable task) {
    due.add(new Due(Math.max(now, nanos), ties.nextInt(), numbers++, host, task));
  }

  /** Lets time pass up to an instant. */
  void runUntil(long end) {
    while (!due.isEmpty() && due.peek().at <= end) {
      Due next = due.remove();
      now = next.at;
      if (numbers > MOST_HAPPENINGS) {
        throw new IllegalStateException("a schedule without an end");
      }
      if (!next.host.isAlive()) {
        continue;
      }
      if (next.host.resumesAt() > now) {
        // What waited comes first and in its order: who was stopped reads his socket from its head.
        long resumes = next.host.resumesAt();
        due.add(new Due(resumes, Integer.MIN_VALUE, numbers++, next.host, next.task));
      } else {
        next.task.run();
      }
    }
    now = end;
  }
}
