package io.tollgate.server.door;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.SystemMicroClock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * A few calls of each kind before anybody calls, over counters of their own and in memory only.
 *
 * <p>Classes are loaded and linked by the first call that needs them: without this it takes longer
 * than the 20 ms that Envoy waits. A warm-up that fails is told in the log and changes nothing
 * else.
 */
public final class WarmUp {

  /** A namespace with a limit that these calls do not use up. */
  public static final String NAMESPACE = "warm-up";

  /** The second and third meet what the first has left: a used counter, a spare buffer. */
  public static final int ROUNDS = 3;

  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
  private static final Duration MOST = Duration.ofSeconds(4);

  private final String protocol;
  private final Calls calls;
  private final Thread thread;
  private volatile boolean answered;

  /** The calls over one protocol. */
  @FunctionalInterface
  public interface Calls {

    /**
     * Makes them.
     *
     * @param limiter over counters of its own, with {@link #NAMESPACE}
     * @return whether each was answered as it should be
     */
    boolean call(Limiter limiter) throws IOException, InterruptedException;
  }

  private WarmUp(String protocol, Calls calls) {
    this.protocol = protocol;
    this.calls = calls;
    this.thread =
        Thread.ofPlatform().name("tollgate-warm-up-" + protocol).daemon().unstarted(this::run);
  }

  /**
   * Begins on a thread of its own.
   *
   * @param protocol whose first calls these are, as the log names it
   */
  public static WarmUp begin(String protocol, Calls calls) {
    WarmUp warmUp = new WarmUp(protocol, calls);
    warmUp.thread.start();
    return warmUp;
  }

  /**
   * Waits until it is over, which takes at most a few seconds.
   *
   * @return whether every call was answered
   */
  public boolean await() {
    try {
      var _ = thread.join(MOST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answered;
  }

  private void run() {
    try {
      answered = calls.call(limiter());
      if (!answered) {
        LOG.log(
            Level.WARNING,
            "the first calls over {0} will be slow: some were not answered",
            protocol);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING, "the first calls over " + protocol + " will be slow: none was tried", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Limiter limiter() {
    LimitSpec limit = LimitSpec.of("limit", new Algorithm.TokenBucket(1_000, 1_000_000, 1_000));
    Catalog catalog = new Catalog(List.of(NamespaceSpec.of(NAMESPACE, List.of(limit))));
    MemoryStore store =
        new MemoryStore(new SystemMicroClock(), new MemoryStoreConfig(1_024, 0, WhenFull.EVICT));
    return new Limiter(_ -> catalog, store, new KeyHasher(1, 2), HoldIds.secure());
  }
}
