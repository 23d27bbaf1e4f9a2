package io.tollgate.limiter.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/**
 * Bucket4j with a greedy refill decides as our token bucket and GCRA do.
 *
 * <p>Both are exact here: Bucket4j counts nanoseconds and keeps the rest of each division, and all
 * periods and steps are whole microseconds; limit times period stays far below 2^63 ns for it, and
 * the products of our kernel below 2^53 µs, so that neither rounds.
 */
class Bucket4jPropertyTest {

  private static final String USER = "user_123";

  /** With 1,000 tries 200,000 checks. */
  private static final int STEPS = 200;

  private record NanoMeter(HandClock clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return (clock.nowMicros() - HandClock.START) * 1_000;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }

  @Property
  void decisionsAndRemainingAreThoseOfBucket4j(
      @ForAll @LongRange(min = 1, max = 10_000) long limit,
      @ForAll @LongRange(min = 10_000, max = 3_600_000_000L) long period,
      @ForAll @LongRange(min = 1, max = 10_000) long burst,
      @ForAll boolean gcra,
      @ForAll long seed) {
    Algorithm algorithm =
        gcra
            ? new Algorithm.Gcra(limit, period, burst)
            : new Algorithm.TokenBucket(limit, period, burst);
    assertEquals(1, algorithm.kernel().tick().micros(), "exact to the microsecond");
    Scene scene = Scene.of(MemoryStores::roomy, algorithm);
    Bucket other = bucket(scene.clock, limit, period, burst);
    Walk walk = new Walk(algorithm, seed);
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long cost = walk.charge(other.getAvailableTokens());
      ConsumptionProbe expected = other.tryConsumeAndReturnRemaining(cost);
      Decision decision = scene.check(USER, cost);
      assertEquals(expected.isConsumed(), decision.allowed());
      assertEquals(expected.getRemainingTokens(), decision.remaining().orElseThrow());
    }
  }

  private static Bucket bucket(HandClock clock, long limit, long period, long burst) {
    Duration duration = Duration.of(period, ChronoUnit.MICROS);
    return Bucket.builder()
        .withCustomTimePrecision(new NanoMeter(clock))
        .addLimit(l -> l.capacity(burst).refillGreedy(limit, duration))
        .build();
  }
}
