package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.Scene;
import java.util.List;

/** Every verb over every kind of limit, through one store, and answered by Redis alone. */
final class WholeLife {

  private static final long HOUR = 3_600_000_000L;
  private static final long DAY = 24 * HOUR;
  private static final String USER = "user_123";

  private static final NamespaceSpec NAMESPACE =
      Scene.namespace(
          LimitSpec.of("bucket", new Algorithm.TokenBucket(10, DAY, 10)),
          LimitSpec.of("gcra", new Algorithm.Gcra(10, DAY, 10)),
          LimitSpec.of("queue", new Algorithm.LeakyBucket(10, DAY, 10, LeakyMode.QUEUE, HOUR)),
          LimitSpec.of(
              "window",
              new Algorithm.FixedWindow(10, new Period.Span(366 * DAY), new Alignment.Epoch())),
          LimitSpec.of("sliding", new Algorithm.SlidingWindow(10, DAY)),
          LimitSpec.of("log", new Algorithm.SlidingLog(10, DAY)),
          LimitSpec.of("leases", new Algorithm.Concurrency(10, HOUR)));

  private WholeLife() {}

  /** Lives it, within minutes, from an empty Redis on. */
  static void live(Store store) {
    Scene scene = new Scene(_ -> store, List.of(NAMESPACE));
    assertEquals(9, answered(scene.check(USER, 1)).remaining().orElseThrow());
    assertEquals(
        7, answered(scene.check(scene.askOnce(USER, 2, "once"))).remaining().orElseThrow());
    assertEquals(
        7, answered(scene.check(scene.askOnce(USER, 2, "once"))).remaining().orElseThrow());
    assertFalse(answered(scene.check(USER, 8)).allowed());

    Held reserved = scene.reserve(USER, 3, HOUR);
    assertTrue(answered(reserved.decision()).allowed());
    assertInstanceOf(
        Store.Settlement.Committed.class, scene.commit(reserved.id().orElseThrow(), 1));
    assertEquals(6, scene.remaining(USER));

    Held lease = scene.acquire(USER, 1, HOUR);
    assertTrue(answered(lease.decision()).allowed());
    assertInstanceOf(Store.Renewal.Renewed.class, scene.renew(lease.id().orElseThrow(), HOUR));
    assertTrue(scene.release(lease.id().orElseThrow()));
    assertEquals(5, scene.remaining(USER));

    assertEquals(7, answered(scene.refund(USER, 2)).remaining().orElseThrow());
    assertTrue(answered(scene.acquire(USER, 1, HOUR).decision()).allowed());
    scene.reset(USER, true);
    assertEquals(10, scene.remaining(USER));
  }

  private static Decision answered(Decision decision) {
    assertFalse(decision.degraded(), decision::toString);
    return decision;
  }
}
