package io.tollgate.limiter.contract;

import io.tollgate.limiter.testing.Scene;

/** Instants that tests of aligned windows begin at. */
final class HandClockTimes {

  private static final long MINUTE = 60_000_000;

  private HandClockTimes() {}

  /** The next whole minute of a scene's clock. */
  static long nextMinute(Scene scene) {
    return (scene.clock.nowMicros() / MINUTE + 1) * MINUTE;
  }
}
