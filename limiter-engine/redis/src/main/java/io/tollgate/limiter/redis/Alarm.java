package io.tollgate.limiter.redis;

/** Time as a batcher needs it; confined to the batcher's thread. */
public interface Alarm {

  /** Nanoseconds that only grow, from any origin. */
  long nanoTime();

  /** Calls a task once, when the thread has done what it is at. */
  void soon(Runnable task);

  /** Calls a task once, not before so many nanoseconds have passed. */
  void after(long nanos, Runnable task);
}
