package io.tollgate.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.contract.EveryContract;
import io.tollgate.limiter.redis.RedisAddress.Server;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.HandClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Assertions;

/**
 * The contract over a lane to a real Cluster of three masters and their replicas, whose clock the
 * contract moves, and which give no more rights than are documented.
 */
class ClusterContractTest extends EveryContract {

  private static final FrozenClock CLOCK = new FrozenClock(HandClock.START);
  private static final RedisCluster CLUSTER = new RedisCluster(RedisVersion.INSTALLED, CLOCK);
  private static final RedisClient CLIENT = RedisClient.create();
  private static final Map<Server, RedisCommands<byte[], byte[]>> MASTERS = connect();

  /** Scenes of one test each have a store of their own. */
  private static final AtomicLong STORES = new AtomicLong();

  private static Map<Server, RedisCommands<byte[], byte[]>> connect() {
    Map<Server, RedisCommands<byte[], byte[]>> masters = new HashMap<>();
    for (int i = 0; i < RedisCluster.MASTERS; i++) {
      Server server = CLUSTER.server(i);
      int port = CLUSTER.servers.get(i).port;
      Rights.documented().grant(port);
      String url = Rights.url(port);
      masters.put(server, CLIENT.connect(ByteArrayCodec.INSTANCE, RedisURI.create(url)).sync());
    }
    return masters;
  }

  @AfterContainer
  static void stop() {
    CLIENT.shutdown();
    CLUSTER.close();
    CLOCK.close();
  }

  @Override
  protected Store emptyStore(MicroClock clock) {
    String prefix = Rights.PREFIX + STORES.incrementAndGet() + ":";
    Observer observer = new FailingObserver();
    Runnable move = () -> CLOCK.moveTo(clock.nowMicros());
    Fleet fleet = new Fleet(new Fleet.Member(prefix, "one", 1, 2, true), Assertions::fail);
    WaitingPort alarm = new WaitingPort(MASTERS.values().iterator().next(), move);
    ClusterRoutes routes =
        new ClusterRoutes(
            new ClusterRoutes.Parts(
                new Link.Config(1, 1, 1, 1),
                new Batcher.Config(1, 1, 2, 1),
                server -> new WaitingPort(Objects.requireNonNull(MASTERS.get(server)), move),
                fleet,
                () -> {},
                alarm,
                new Random(1),
                observer));
    routes.seen(CLUSTER.topology());
    return new RedisLane(
        routes,
        new StepCodec(prefix, fleet::hasher),
        new FailurePolicy(
            new MemoryStore(clock, MemoryStoreConfig.forHeap(0)), clock, fleet::instances, 1),
        clock,
        observer,
        alarm,
        Optional.empty());
  }
}
