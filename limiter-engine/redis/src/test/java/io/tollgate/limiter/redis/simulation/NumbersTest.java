package io.tollgate.limiter.redis.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.Period;
import org.junit.jupiter.api.Test;

/** What a step of the clock adds to a bound is reached; chance comes near it too rarely. */
class NumbersTest {

  private static final long LIMIT = 20;
  private static final long PERIOD_MICROS = 2_000_000;
  private static final long MOST_AHEAD = 1_000_000;

  /** A boundary of windows. */
  private static final long BOUNDARY = World.START_MICROS - World.START_MICROS % PERIOD_MICROS;

  private final Algorithm algorithm =
      new Algorithm.FixedWindow(LIMIT, new Period.Span(PERIOD_MICROS), new Alignment.Epoch());
  private final Kernel kernel = algorithm.kernel();
  private final CounterState state = new CounterState();

  /** Takes all that passes when the store's clock says so. */
  private long takeAll(long micros) {
    long now = kernel.advance(state, micros, MOST_AHEAD);
    long units = kernel.remaining(state, now);
    kernel.charge(state, now, units);
    return units;
  }

  @Test
  void aStepForwardLetsTwoCapacitiesOfAFixedWindowPass() {
    Numbers numbers = Numbers.of(algorithm);
    long passed = takeAll(BOUNDARY - 1) + takeAll(BOUNDARY);
    assertEquals(numbers.in(numbers.period()), passed, "two windows, as without a step");
    // Less than a window of true time after the first: the step has led to the end of another one.
    passed += takeAll(BOUNDARY + 2 * PERIOD_MICROS - 1) + takeAll(BOUNDARY + 2 * PERIOD_MICROS);
    assertEquals(numbers.in(numbers.period()) + numbers.byStep(), passed);
  }

  @Test
  void aStepBackLetsOneCapacityOfAFixedWindowPass() {
    Numbers numbers = Numbers.of(algorithm);
    long passed = takeAll(BOUNDARY - 1) + takeAll(BOUNDARY);
    // A second and a half back: what was used is kept, but the boundary comes once more.
    assertEquals(0, takeAll(BOUNDARY - 1_500_000));
    assertTrue(state.reanchored);
    passed += takeAll(BOUNDARY);
    assertEquals(numbers.in(numbers.period()) + numbers.capacity(), passed);
  }
}
