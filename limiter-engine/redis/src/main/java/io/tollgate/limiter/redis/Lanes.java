package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import io.tollgate.limiter.redis.RedisAddress.Server;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lanes of a store, one for each event loop, and what they share. */
final class Lanes {

  /** Should a connection never be made nor fail; it is told why it fails much sooner. */
  private static final long MOST_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(6);

  /** Servers of a Cluster that say nothing for so long are not waited for. */
  private static final long MOST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Who was denied since Redis was away may ask again when it has been looked for once more. */
  private static final long RETRY_AFTER_MICROS = TimeUnit.SECONDS.toMicros(1);

  /** A loop with what is confined to it. */
  record Lane(EventLoop loop, Alarm alarm, Routes routes, RedisLane store) {}

  final List<Lane> all;
  private final RedisStore.Parts parts;
  private final RedisConnections connections;
  private final Fleet fleet;
  private final FailurePolicy policy;
  private final StepCodec codec;
  private final int loops;
  private final DenialCache.Epoch denialEpoch = new DenialCache.Epoch();

  /** Of a Cluster; it has the first loop's thread. */
  private final @Nullable ClusterWatch watch;

  Lanes(RedisStore.Parts parts, RedisConnections connections, Fleet fleet, List<EventLoop> loops) {
    this.parts = parts;
    this.connections = connections;
    this.fleet = fleet;
    this.loops = loops.size();
    this.policy =
        new FailurePolicy(parts.local(), parts.clock(), fleet::instances, RETRY_AFTER_MICROS);
    this.codec = new StepCodec(parts.member().prefix(), fleet::hasher);
    List<Lane> lanes = new ArrayList<>();
    if (parts.address().cluster()) {
      EventLoop first = loops.getFirst();
      List<RedisConnections.Cluster> ways = loops.stream().map(connections::cluster).toList();
      ClusterWatch shared = watch(first, ways.getFirst().topology());
      for (int i = 0; i < loops.size(); i++) {
        Runnable look = () -> first.execute(shared::want);
        lanes.add(ofCluster(loops.get(i), ways.get(i).servers(), look, shared));
      }
      watch = shared;
    } else {
      loops.forEach(loop -> lanes.add(ofServer(loop)));
      watch = null;
    }
    this.all = List.copyOf(lanes);
  }

  private Link.Config bounds() {
    return new Link.Config(
        parts.batching().limitNanos(), MOST_CONNECT_NANOS, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
  }

  private Lane ofServer(EventLoop loop) {
    Alarm alarm = new LoopAlarm(loop);
    Observer observer = parts.observers().get();
    Link.Greeting greeting = fleet::greetAlone;
    Link link = new Link(bounds(), connections.on(loop), greeting, alarm, new Random(), observer);
    return lane(loop, new OneServer(new Batcher(parts.batching(), link, alarm), link), observer);
  }

  private ClusterWatch watch(EventLoop loop, TopologySource topology) {
    return new ClusterWatch(
        parts.address().servers(), topology, new LoopAlarm(loop), new Random(), MOST_LOOK_NANOS);
  }

  private Lane ofCluster(
      EventLoop loop, Function<Server, Connector> servers, Runnable look, ClusterWatch shared) {
    Observer observer = parts.observers().get();
    ClusterRoutes routes =
        new ClusterRoutes(
            new ClusterRoutes.Parts(
                bounds(),
                parts.batching(),
                servers,
                fleet,
                look,
                new LoopAlarm(loop),
                new Random(),
                observer));
    shared.tell(
        new ClusterWatch.Listener() {
          @Override
          public void seen(Topology topology) {
            loop.execute(() -> routes.seen(topology));
          }

          @Override
          public void unseen(String why) {
            loop.execute(() -> routes.unseen(why));
          }
        });
    return lane(loop, routes, observer);
  }

  private Lane lane(EventLoop loop, Routes routes, Observer observer) {
    Alarm alarm = new LoopAlarm(loop);
    RedisLane store =
        new RedisLane(
            routes,
            codec,
            policy,
            parts.clock(),
            observer,
            alarm,
            denials(),
            () -> fleet.instances() * loops);
    return new Lane(loop, alarm, routes, store);
  }

  private Optional<RedisLane.Denials> denials() {
    int most = parts.denials();
    return most == 0
        ? Optional.empty()
        : Optional.of(new RedisLane.Denials(new DenialCache(most, denialEpoch), denialEpoch));
  }

  /** Ends the connections. */
  void close() {
    if (watch != null) {
      all.getFirst().loop.execute(watch::close);
    }
    all.forEach(lane -> lane.loop.execute(lane.routes::close));
  }
}
