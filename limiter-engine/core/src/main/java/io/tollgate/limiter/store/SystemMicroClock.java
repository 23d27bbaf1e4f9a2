package io.tollgate.limiter.store;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The machine's time, anchored to its monotonic clock.
 *
 * <p>Small corrections of the wall clock do not reach it. About once a second it compares itself
 * with the wall clock and anchors anew when the two are more than a second apart: after a suspended
 * machine, or when an operator sets the clock. Safe for use by any number of threads.
 */
public final class SystemMicroClock implements MicroClock {

  private static final long COMPARE_EVERY_NANOS = 1_000_000_000L;
  private static final long MAX_APART_MICROS = 1_000_000;

  private record Anchor(long nanos, long wallMicros, long comparedNanos) {}

  private final LongSupplier monotonicNanos;
  private final LongSupplier wallMicros;
  private final AtomicReference<Anchor> anchor;

  /** Reads the machine's clocks. */
  public SystemMicroClock() {
    this(System::nanoTime, SystemMicroClock::machineMicros);
  }

  SystemMicroClock(LongSupplier monotonicNanos, LongSupplier wallMicros) {
    this.monotonicNanos = monotonicNanos;
    this.wallMicros = wallMicros;
    long nanos = monotonicNanos.getAsLong();
    this.anchor = new AtomicReference<>(new Anchor(nanos, wallMicros.getAsLong(), nanos));
  }

  private static long machineMicros() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  @Override
  public long nowMicros() {
    long nanos = monotonicNanos.getAsLong();
    Anchor current = anchor.get();
    long now = current.wallMicros + (nanos - current.nanos) / 1_000;
    return nanos - current.comparedNanos < COMPARE_EVERY_NANOS
        ? now
        : compared(current, nanos, now);
  }

  private long compared(Anchor current, long nanos, long now) {
    long wall = wallMicros.getAsLong();
    boolean apart = Math.abs(wall - now) > MAX_APART_MICROS;
    Anchor next =
        apart
            ? new Anchor(nanos, wall, nanos)
            : new Anchor(current.nanos, current.wallMicros, nanos);
    anchor.compareAndSet(current, next);
    return apart ? wall : now;
  }
}
