package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** How much passes at most, in any window and by any sequence of calls. */
public abstract class AdmissionContractTest extends StoreContract {

  /** Ticks and units of something that passed. */
  private record Passed(long tick, long cost) {}

  @Property
  void windowsNeverAdmitMoreThanTheirBoundInAnyWindow(
      @ForAll("windows") Algorithm algorithm, @ForAll long seed) {
    long window = algorithm.periodMicros() / algorithm.kernel().tick().micros();
    BigInteger bound = BigInteger.valueOf(mostInOneWindow(algorithm));
    List<Passed> passed = walk(algorithm, seed, Long.MAX_VALUE);
    requireEverySpan(passed, ticks -> ticks < window ? bound : null);
  }

  private static long mostInOneWindow(Algorithm algorithm) {
    return switch (algorithm) {
      case Algorithm.FixedWindow f -> 2 * f.limit();
      case Algorithm.SlidingWindow s -> 2 * s.limit() - 1;
      default -> algorithm.limit();
    };
  }

  @Property
  void bucketsNeverAdmitMoreThanBurstAndWhatRefillsInAnySpan(
      @ForAll("buckets") Algorithm algorithm, @ForAll long seed) {
    List<Passed> passed = walk(algorithm, seed, Long.MAX_VALUE);
    BigInteger period = BigInteger.valueOf(algorithm.periodMicros());
    BigInteger perTick = perTick(algorithm);
    BigInteger burst = BigInteger.valueOf(algorithm.kernel().capacity());
    requireEverySpan(
        passed, ticks -> burst.add(perTick.multiply(BigInteger.valueOf(ticks)).divide(period)));
  }

  /**
   * A release is rounded up to its tick, so what follows may come one tick closer. A single cost
   * above the burst would be released at once, therefore costs stay within it.
   */
  @Property
  void queuesNeverReleaseMoreThanBurstAndWhatLeaksInAnySpan(
      @ForAll("queues") Algorithm algorithm, @ForAll long seed) {
    long burst = ((Algorithm.LeakyBucket) algorithm).burst();
    List<Passed> passed = walk(algorithm, seed, burst);
    BigInteger period = BigInteger.valueOf(algorithm.periodMicros());
    BigInteger perTick = perTick(algorithm);
    BigInteger slack = perTick.subtract(perTick.gcd(period));
    BigInteger full = period.multiply(BigInteger.valueOf(burst)).add(slack);
    requireEverySpan(
        passed, ticks -> full.add(perTick.multiply(BigInteger.valueOf(ticks))).divide(period));
  }

  /** Units that leak in one tick, times the period. */
  private static BigInteger perTick(Algorithm algorithm) {
    return BigInteger.valueOf(algorithm.limit())
        .multiply(BigInteger.valueOf(algorithm.kernel().tick().micros()));
  }

  /** What passed, at the tick of its release. */
  private List<Passed> walk(Algorithm algorithm, long seed, long mostCost) {
    Scene scene = scene(algorithm);
    Walk walk = new Walk(algorithm, seed);
    List<Passed> passed = new ArrayList<>();
    long remaining = algorithm.kernel().capacity();
    for (int i = 0; i < STEPS; i++) {
      scene.clock.move(walk.pause());
      long cost = Math.min(mostCost, walk.charge(remaining));
      Decision decision = scene.check(USER, cost);
      remaining = decision.remaining().orElseThrow();
      if (decision.allowed()) {
        long release = decision.atMicros() + decision.delayMicros();
        passed.add(new Passed(algorithm.kernel().tick().ofMicros(release), cost));
      }
    }
    assertTrue(!passed.isEmpty() || mostCost < Long.MAX_VALUE, "nothing ever passed");
    return passed;
  }

  private interface Bound {
    @org.jspecify.annotations.Nullable
    BigInteger within(long ticks);
  }

  private static void requireEverySpan(List<Passed> passed, Bound bound) {
    for (int first = 0; first < passed.size(); first++) {
      BigInteger sum = BigInteger.ZERO;
      for (int last = first; last < passed.size(); last++) {
        sum = sum.add(BigInteger.valueOf(passed.get(last).cost));
        long span = passed.get(last).tick - passed.get(first).tick;
        BigInteger most = bound.within(span);
        if (most != null && sum.compareTo(most) > 0) {
          throw new AssertionError(sum + " passed within " + span + " ticks, bound " + most);
        }
      }
    }
  }
}
