package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** The memory store behaves as if its steps ran one after the other. */
class MemoryStoreLinearizabilityTest {

  private static final boolean LONG = Boolean.getBoolean("tollgate.long");
  private static final int ITERATIONS = LONG ? 12 : 4;
  private static final int INVOCATIONS = LONG ? 200 : 40;

  @Test
  void everyInterleavingOfStepsIsOneOfSomeOrder() {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(2)
        .actorsPerThread(3)
        .check(Steps.class);
  }

  @Test
  void stepsUnderStressAreThoseOfSomeOrder() {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(10 * INVOCATIONS)
        .threads(3)
        .actorsPerThread(3)
        .check(Steps.class);
  }

  /** Three keys in stripes of their own, with a bucket of 3 and a window of 4 units each. */
  public static final class Steps {

    private static final Realm REALM = Realm.live("test");
    private static final Limit BUCKET =
        new Limit("bucket", new Algorithm.TokenBucket(3, 3_600_000_000L, 3), false);
    private static final Limit WINDOW =
        new Limit("window", new Algorithm.SlidingWindow(4, 3_600_000_000L), false);
    private static final LimitKey[] KEYS = keys();

    private final MemoryStore store =
        new MemoryStore(
            () -> 1_800_000_000_000_000L,
            new MemoryStoreConfig(1_024, 1 << 20, MemoryStoreConfig.WhenFull.EVICT));

    private static LimitKey[] keys() {
      var keys = new KeyHasher(1, 2).keys(REALM, "api");
      return new LimitKey[] {keys.key("a", "a"), keys.key("b", "b"), keys.key("c", "c")};
    }

    private static CheckBuffer buffer(int key, int otherKey, int cost) {
      CheckBuffer buffer = new CheckBuffer();
      buffer.begin(REALM);
      buffer.add(BUCKET, KEYS[key], "u", cost);
      buffer.add(WINDOW, KEYS[otherKey], "u", cost);
      return buffer;
    }

    /** Two limits of two keys, in whichever order, in one step. */
    @Operation
    public String check(
        @Param(gen = IntGen.class, conf = "0:2") int key,
        @Param(gen = IntGen.class, conf = "0:2") int otherKey,
        @Param(gen = IntGen.class, conf = "0:2") int cost) {
      CheckBuffer buffer = buffer(key, otherKey, cost);
      store.check(buffer, _ -> {});
      return buffer.allowed() + " " + buffer.remaining(0) + " " + buffer.remaining(1);
    }

    /** Gives a unit back to both. */
    @Operation
    public String refund(@Param(gen = IntGen.class, conf = "0:2") int key) {
      CheckBuffer buffer = buffer(key, key, 1);
      store.refund(buffer, _ -> {});
      return buffer.remaining(0) + " " + buffer.remaining(1);
    }

    /** Reserves under one of two ids; an id that was used before is refused. */
    @Operation
    public String reserve(@Param(gen = IntGen.class, conf = "0:1") int id) {
      CheckBuffer buffer = buffer(0, 1, 1);
      try {
        store.reserve(buffer, new HoldId(id, id), 60_000_000, _ -> {});
      } catch (IllegalArgumentException e) {
        return "used before";
      }
      return buffer.allowed() + " " + buffer.remaining(0) + " " + buffer.remaining(1);
    }

    /** Settles what was reserved, or hears that nothing was. */
    @Operation
    public String commit(
        @Param(gen = IntGen.class, conf = "0:1") int id,
        @Param(gen = IntGen.class, conf = "0:2") int actual) {
      StringBuilder settled = new StringBuilder();
      store.commit(new HoldId(id, id), actual, settled::append);
      return settled.toString();
    }
  }
}
