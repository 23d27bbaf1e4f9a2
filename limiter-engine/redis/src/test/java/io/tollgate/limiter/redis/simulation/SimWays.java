package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.redis.Alarm;
import io.tollgate.limiter.redis.Batcher;
import io.tollgate.limiter.redis.ClusterRoutes;
import io.tollgate.limiter.redis.ClusterWatch;
import io.tollgate.limiter.redis.Connector;
import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.Link;
import io.tollgate.limiter.redis.Observer;
import io.tollgate.limiter.redis.OneServer;
import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.Routes;
import io.tollgate.limiter.redis.Script;
import io.tollgate.limiter.redis.ScriptPort;
import io.tollgate.limiter.redis.Topology;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways of one instance to a modelled Redis, or to each master of a modelled Cluster: the real
 * parts as {@code Lanes} puts them together.
 */
final class SimWays {

  /** As {@code Lanes} has them. */
  private static final long MOST_CONNECT_NANOS = 6 * World.SECOND;

  private static final long MOST_LOOK_NANOS = 2 * World.SECOND;
  private static final long LEAST_PAUSE_NANOS = 50 * World.MILLI;
  private static final long MOST_PAUSE_NANOS = World.SECOND;

  private final World world;
  private final Network network;
  private final @Nullable Bus bus;
  private final Host host;
  private final Fleet fleet;
  private final Facts.Life life;
  private final Supplier<Observer> observers;
  private final Link.Config bounds;
  private final Batcher.Config batching;
  private final long seed;
  private boolean greeted;

  /** With the thread of the first loop; made with it. */
  private @Nullable Shared shared;

  private record Shared(ClusterWatch watch, Alarm alarm) {}

  /**
   * Ways that lead nowhere yet.
   *
   * @param life notes what the fleet is told
   */
  SimWays(Run run, Host host, Fleet fleet, Facts.Life life, Supplier<Observer> observers) {
    this.world = run.world;
    this.network = run.network;
    this.bus = run.bus;
    this.host = host;
    this.fleet = fleet;
    this.life = life;
    this.observers = observers;
    Cast cast = run.schedule.cast();
    this.bounds =
        new Link.Config(cast.limitNanos(), MOST_CONNECT_NANOS, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
    this.batching =
        new Batcher.Config(
            cast.lane().batch(), cast.lane().calls(), cast.lane().waiting(), cast.limitNanos());
    this.seed = run.schedule.seed();
  }

  /** Those of one more loop. */
  Routes routes(HostAlarm alarm, Random random) {
    if (bus != null) {
      return ofCluster(bus, alarm, random);
    }
    Connector connector = hearing(network.connector(host));
    Link link = new Link(bounds, connector, this::greet, alarm, random, observers.get());
    return new OneServer(new Batcher(batching, link, alarm), link);
  }

  private Routes ofCluster(Bus cluster, HostAlarm alarm, Random random) {
    Shared all = shared(cluster, alarm);
    ClusterRoutes routes =
        new ClusterRoutes(
            new ClusterRoutes.Parts(
                bounds,
                batching,
                server -> hearing(network.connector(host, server)),
                fleet,
                () -> all.alarm.soon(all.watch::want),
                alarm,
                random,
                observers.get()));
    all.watch.tell(
        new ClusterWatch.Listener() {
          @Override
          public void seen(Topology topology) {
            alarm.soon(() -> routes.seen(topology));
          }

          @Override
          public void unseen(String why) {
            alarm.soon(() -> routes.unseen(why));
          }
        });
    return routes;
  }

  private Shared shared(Bus cluster, HostAlarm alarm) {
    Shared known = shared;
    if (known == null) {
      // As who is started now is configured.
      List<RedisAddress.Server> servers = List.copyOf(cluster.now().topology().servers());
      Random chance = Chance.of(seed, 4_000L + world.now());
      ClusterWatch watch =
          new ClusterWatch(servers, network.topology(host), alarm, chance, MOST_LOOK_NANOS);
      known = new Shared(watch, alarm);
      shared = known;
    }
    return known;
  }

  private void greet(ScriptPort by, Link.Greeting.Said said) {
    if (!greeted || !network.plants(Defect.STAYS_DOWN)) {
      fleet.greet(by, said);
    }
  }

  /** Hears what the fleet is told, for the bounds. */
  private Connector hearing(Connector connector) {
    return listener ->
        connector.connect(
            new Connector.Listener() {
              @Override
              public void connected(Connector.Connection connection) {
                listener.connected(new Hearing(connection));
              }

              @Override
              public void failed(Throwable why) {
                listener.failed(why);
              }

              @Override
              public void closed() {
                listener.closed();
              }
            });
  }

  private final class Hearing implements Connector.Connection {

    private final Connector.Connection connection;

    Hearing(Connector.Connection connection) {
      this.connection = connection;
    }

    @Override
    public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
      connection.call(script, keys, items, script == Script.FLEET ? heard(answer) : answer);
    }

    @Override
    public void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
      connection.ask(script, keys, items, answer);
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  private ScriptPort.Answer heard(ScriptPort.Answer answer) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        KeyHasher before = fleet.hasher();
        greeted = true;
        answer.answered(answers);
        life.toldAt.add(world.now());
        life.told.add(Long.parseLong(Bytes.text(answers.get(1))));
        if (!before.equals(fleet.hasher())) {
          life.lostCount.add(world.now());
        }
      }

      @Override
      public void failed(Throwable why) {
        answer.failed(why);
      }
    };
  }
}
