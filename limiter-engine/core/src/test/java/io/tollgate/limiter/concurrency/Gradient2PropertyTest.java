package io.tollgate.limiter.concurrency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.netflix.concurrency.limits.limit.Gradient2Limit;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Where nothing is dropped, the estimate is that of the library whose algorithm it is. */
class Gradient2PropertyTest {

  private static final int WINDOWS = 2_000;

  @Property
  void isTheOneOfConcurrencyLimits(
      @ForAll @IntRange(min = 1, max = 50) int least,
      @ForAll @IntRange(min = 50, max = 1_000) int most,
      @ForAll long seed) {
    Gradient2.Range range = new Gradient2.Range(least, most);
    Gradient2 ours = new Gradient2(range);
    Gradient2Limit theirs =
        Gradient2Limit.newBuilder()
            .initialLimit(Math.max(20, least))
            .minLimit(least)
            .maxConcurrency(most)
            .build();
    Random random = new Random(seed);
    long usual = 1_000_000;
    for (int i = 0; i < WINDOWS; i++) {
      usual = random.nextInt(200) == 0 ? 100_000 + random.nextLong(100_000_000) : usual;
      long took = Math.max(100_000, (long) (usual * (1 + random.nextGaussian() / 4)));
      int inFlight = random.nextInt((int) ours.limit(range) + 1);
      ours.update((double) took, inFlight, 1, range);
      theirs.onSample(0, took, inFlight, false);
      assertEquals(theirs.getLimit(), ours.limit(range), "window " + i);
    }
  }
}
