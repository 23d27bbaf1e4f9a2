package io.tollgate.limiter.testing;

import io.tollgate.limiter.store.MicroClock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only a test moves, in either direction. */
public final class HandClock implements MicroClock {

  /** 2025-06-15T15:06:40Z: whole seconds, so every tick begins here. */
  public static final long START = 1_750_000_000_000_000L;

  /** Waits end before 2128, so that a walk after them stays below 2^53 µs, the year 2255. */
  private static final long LAST = 5_000_000_000_000_000L;

  private final AtomicLong now = new AtomicLong(START);

  /** A clock at {@link #START}. */
  public HandClock() {}

  @Override
  public long nowMicros() {
    return now.get();
  }

  /** Moves the clock by some microseconds; back when they are negative. */
  public void move(long micros) {
    now.addAndGet(micros);
  }

  /** Whether a wait is short enough to be waited for. */
  public boolean reaches(long wait) {
    return wait < LAST - now.get();
  }

  /** Moves the clock to an instant. */
  public void moveTo(long micros) {
    now.set(micros);
  }

  /** The next instant, not before now, that is a whole number of periods since the epoch. */
  public long next(long periodMicros) {
    return Math.ceilDiv(now.get(), periodMicros) * periodMicros;
  }
}
