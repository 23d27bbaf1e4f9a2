package io.tollgate.limiter.store;

/** The clock seam: microseconds since the epoch. */
@FunctionalInterface
public interface MicroClock {

  /** The time now; may step in either direction, which kernels bear. */
  long nowMicros();
}
