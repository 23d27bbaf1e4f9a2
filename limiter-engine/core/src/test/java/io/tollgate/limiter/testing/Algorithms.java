package io.tollgate.limiter.testing;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.Gcra;
import io.tollgate.limiter.algorithm.Algorithm.LeakyBucket;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Period;
import java.util.Random;
import java.util.function.LongFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Random algorithms: small numbers, numbers over the whole range, and the largest numbers that are
 * exact, which lie at the edge of a tick.
 */
public final class Algorithms {

  private static final long LEAST_PERIOD = 1_000;
  private static final long MOST_PERIOD = 366L * 86_400 * 1_000_000;
  private static final long MOST_DELAY = 3_600_000_000L;
  private static final int MOST_LOG = 10_000;
  private static final long[] USUAL_PERIODS = {
    1_000, 1_000_000, 60_000_000, 3_600_000_000L, 86_400_000_000L, 2_592_000_000_000L
  };

  private Algorithms() {}

  /** Every algorithm whose limits a check consumes. */
  public static Arbitrary<Algorithm> all() {
    return Arbitraries.oneOf(buckets(), queues(), windows());
  }

  /** Token bucket, GCRA and leaky meter. */
  public static Arbitrary<Algorithm> buckets() {
    return Arbitraries.randomValue(Algorithms::bucket);
  }

  /** Leaky buckets that delay. */
  public static Arbitrary<Algorithm> queues() {
    return Arbitraries.randomValue(Algorithms::queue);
  }

  /** Fixed windows of a fixed length, sliding counters and sliding logs. */
  public static Arbitrary<Algorithm> windows() {
    return Arbitraries.randomValue(Algorithms::window);
  }

  private static Algorithm bucket(Random random) {
    long limit = number(random, Exact.MAX);
    long period = period(random);
    long burst = number(random, Exact.MAX);
    int kind = random.nextInt(3);
    return fitted(
        random,
        burst,
        capacity ->
            switch (kind) {
              case 0 -> new TokenBucket(limit, period, capacity);
              case 1 -> new Gcra(limit, period, capacity);
              default -> new LeakyBucket(limit, period, capacity, LeakyMode.METER, 0);
            },
        new TokenBucket(1 + random.nextInt(100), period(random), 1 + random.nextInt(100)));
  }

  private static Algorithm queue(Random random) {
    long limit = number(random, Exact.MAX);
    long period = period(random);
    long delay =
        random.nextBoolean() ? random.nextLong(3_600) * 1_000_000 : number(random, MOST_DELAY);
    return fitted(
        random,
        number(random, Exact.MAX),
        capacity -> new LeakyBucket(limit, period, capacity, LeakyMode.QUEUE, delay),
        new LeakyBucket(1 + random.nextInt(100), 1_000_000, 5, LeakyMode.QUEUE, 100_000));
  }

  private static Algorithm window(Random random) {
    long period = period(random);
    Period span = new Period.Span(period);
    return switch (random.nextInt(4)) {
      case 0 -> new FixedWindow(number(random, Exact.MAX), span, new Alignment.Epoch());
      case 1 -> new FixedWindow(number(random, Exact.MAX), span, new Alignment.FirstCall());
      case 2 -> new SlidingLog(number(random, MOST_LOG), period);
      default ->
          fitted(
              random,
              number(random, Exact.MAX),
              limit -> new SlidingWindow(limit, period),
              new SlidingWindow(1 + random.nextInt(100), period));
    };
  }

  /** With half a chance the largest number that fits, or the largest of a finer tick. */
  private static Algorithm fitted(
      Random random, long number, LongFunction<Algorithm> make, Algorithm otherwise) {
    if (!fits(make, 1)) {
      return otherwise;
    }
    long most = largest(make, 1);
    if (random.nextInt(4) == 0) {
      return make.apply(most);
    }
    // Rarely: each question for a kernel's tick makes a kernel that is never forgotten.
    if (random.nextInt(32) == 0) {
      long finer = largest(make, make.apply(1).kernel().tick().micros());
      return make.apply(Math.min(most, finer + random.nextInt(2)));
    }
    return make.apply(Math.min(most, number));
  }

  /** The largest number that fits; with a tick above 1 the largest in a tick as fine as that. */
  private static long largest(LongFunction<Algorithm> make, long tickMicros) {
    long least = 1;
    long most = Exact.MAX;
    while (least < most) {
      long middle = least + (most - least + 1) / 2;
      boolean good =
          fits(make, middle)
              && (tickMicros == 1 || make.apply(middle).kernel().tick().micros() <= tickMicros);
      least = good ? middle : least;
      most = good ? most : middle - 1;
    }
    return least;
  }

  private static boolean fits(LongFunction<Algorithm> make, long number) {
    try {
      return make.apply(number).limit() > 0;
    } catch (InvalidLimitException e) {
      return false;
    }
  }

  private static long period(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> USUAL_PERIODS[random.nextInt(USUAL_PERIODS.length)];
      case 1 -> 1_000_000L * (1 + random.nextInt(100_000));
      default -> Math.max(LEAST_PERIOD, number(random, MOST_PERIOD));
    };
  }

  /** From 1 to a bound: half of them small, the others of any magnitude. */
  private static long number(Random random, long most) {
    if (random.nextBoolean()) {
      return 1L + random.nextInt(20);
    }
    int bits = 64 - Long.numberOfLeadingZeros(most);
    return Math.clamp(random.nextLong() >>> (63 - random.nextInt(bits)), 1, most);
  }
}
