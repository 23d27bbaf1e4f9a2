package io.tollgate.server.http;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.redis.Batcher;
import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.RedisStore;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.RedisMetrics;
import io.tollgate.server.metrics.Sources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A door whose counters are in a Redis, over one connection. */
final class RedisDoor implements AutoCloseable {

  /** Where nobody listens. */
  static final int NOWHERE = 1;

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final EventLoops loops = new EventLoops();
  private final LimitsInForce limits;
  private final RedisStore[] opened = new RedisStore[1];
  private final RedisMetrics redis = new RedisMetrics(() -> opened[0].state());
  final RedisStore store;
  final HttpDoor door;

  /** A door before the Redis of a port, which need not be there. */
  RedisDoor(int port, NamespaceSpec... namespaces) throws IOException {
    limits = TestDoor.limits(namespaces);
    MemoryStore memory = TestDoor.memory(new AtomicLong(TestDoor.START.toEpochMilli() * 1_000));
    store =
        RedisStore.open(
            new RedisStore.Parts(
                RedisAddress.of("127.0.0.1", port),
                new Batcher.Config(32, 4, 1_000, LIMIT_NANOS),
                1_000,
                new Fleet.Member("", "door", 1, 2, true),
                memory,
                () -> TestDoor.START.toEpochMilli() * 1_000,
                () -> redis.ofALoop((_, _) -> {}, _ -> {}),
                _ -> {}),
            loops.all().subList(0, 1));
    opened[0] = store;
    store.awaitFirstAttempt(Duration.ofSeconds(30));
    Sources sources =
        new Sources(
            "1",
            () -> limits.catalog().names(),
            memory::stats,
            limits::state,
            () -> Optional.of(redis),
            holders -> limits.catalog().errorBounds(holders),
            List::of,
            Optional::empty);
    door =
        HttpDoor.open(
            TestDoor.options("127.0.0.1", 0, 0, Optional.empty()),
            new HttpDoor.Parts(
                new Limiter(_ -> limits.catalog(), store, store::hasher, HoldIds.secure()),
                limits,
                TestDoor.REALM,
                this::readiness,
                new Metrics(sources, System::nanoTime),
                () -> TestDoor.START),
            loops);
  }

  private Readiness readiness() {
    RedisStore.State state = store.state();
    return new Readiness(
        state.degraded() ? Readiness.Status.DEGRADED : Readiness.Status.OK,
        Optional.of(
            new Readiness.Shared(state.links(), state.up(), state.instances(), state.why())));
  }

  @Override
  public void close() {
    door.close();
    limits.close();
    store.close();
    loops.close();
  }
}
