package io.tollgate.limiter.algorithm;

/**
 * The unit of time that a kernel counts in.
 *
 * <p>A limit is compiled in the finest tick for which every product of its kernel stays below 2^53.
 */
public enum Tick {
  MICROSECOND(1),
  MILLISECOND(1_000),
  SECOND(1_000_000);

  private final long micros;

  Tick(long micros) {
    this.micros = micros;
  }

  /** Microseconds in one tick. */
  public long micros() {
    return micros;
  }

  /** The tick that holds this instant, in ticks since the epoch. */
  public long ofMicros(long micros) {
    return this == MICROSECOND ? micros : Math.floorDiv(micros, this.micros);
  }

  /** A span or instant of ticks in microseconds, at most {@link Exact#MAX}. */
  public long toMicros(long ticks) {
    if (this == MICROSECOND) {
      return ticks;
    }
    return ticks > Exact.MAX / micros ? Exact.MAX : ticks * micros;
  }

  /** Whether a span of microseconds is a whole number of ticks. */
  boolean divides(long spanMicros) {
    return spanMicros % micros == 0;
  }
}
