package io.tollgate.bench.load;

import java.io.IOException;
import java.time.Duration;

/** One turn over Redis: a fresh Redis, fresh processes, all loads, all figures. */
final class RedisRound {

  /** What a driver that hangs may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private static final Rows UNPIPELINED =
      new Rows(Metric.REDIS_CPU, Metric.REDIS_BUSY, Metric.BATCH);

  private static final Rows PIPELINED =
      new Rows(Metric.PIPELINED_REDIS_CPU, Metric.PIPELINED_REDIS_BUSY, Metric.PIPELINED_BATCH);

  private final Setting setting;
  private final Plan plan;
  private final ClosedLoop closedLoop;
  private final Results results;

  RedisRound(Setting setting, ClosedLoop closedLoop, Results results) {
    this.setting = setting;
    this.plan = setting.plan();
    this.closedLoop = closedLoop;
    this.results = results;
  }

  /** Rows of Redis beside those of a load. */
  private record Rows(Metric cpu, Metric busy, Metric batch) {}

  /** The processes of one turn of our server, and where its figures go until they count. */
  private record Turn(
      int number, SharedPeer peer, Server server, Redis redis, Round loads, Results figures) {

    void keep(Metric metric, double figure) {
      figures.add(peer.name(), metric, number, figure);
    }
  }

  /** Measures our server; when it has decided one check without Redis, nothing of it counts. */
  void shared(Sharing sharing, int number) throws InterruptedException {
    Results figures = new Results();
    Round loads = new Round(setting, closedLoop, figures);
    guarded(
        sharing.label(),
        number,
        () -> {
          try (Redis redis = redis(sharing.redisServers())) {
            SharedPeer peer =
                new SharedPeer(
                    new TollgatePeer(plan.launcher()), sharing, redis.port(), FreePort.find());
            try (Server server = start(peer)) {
              Degraded before = Degraded.at(peer.adminPort());
              loads(new Turn(number, peer, server, redis, loads, figures));
              Degraded degraded = Degraded.at(peer.adminPort()).since(before);
              if (degraded.checks() > 0) {
                throw new IOException(degraded.text());
              }
              results.addAll(figures);
            }
          }
        });
  }

  private void guarded(String name, int number, Round.Part part) throws InterruptedException {
    new Round(setting, closedLoop, results).guarded(name, number, "all of it", part);
  }

  private Redis redis(int servers) throws IOException, InterruptedException {
    return Redis.start(servers, setting.folder(), setting.cores().generator(), setting.children());
  }

  private Server start(SharedPeer peer) throws IOException, InterruptedException {
    return Server.start(peer, setting.folder(), setting.cores().server(), setting.children());
  }

  private void loads(Turn turn) throws IOException, InterruptedException {
    Round loads = turn.loads;
    int number = turn.number;
    String name = turn.peer.name();
    Redis.Done before = turn.redis.done();
    loads.warm(turn.server, 1, plan.warmSeconds());
    loads.guarded(name, number, "wrk", () -> unpipelined(turn));
    loads.guarded(name, number, "fixed rate", () -> fixed(turn));
    loads.warm(turn.server, Plan.DEPTH, plan.againSeconds());
    loads.guarded(name, number, "wrk pipelined", () -> pipelined(turn));
    loads.guarded(name, number, "denials", () -> loads.denials(turn.server, number));
    turn.keep(Metric.KEYS, (double) turn.redis.keys());
    turn.keep(Metric.EXPIRED, (double) turn.redis.done().since(before).expired());
    if (turn.peer.sharing() == Sharing.SHIPPED) {
      loads.guarded(name, number, "expiring keys", () -> expiring(turn));
    }
  }

  private static void unpipelined(Turn turn) throws IOException, InterruptedException {
    Redis.Done before = turn.redis.done();
    Closed closed = turn.loads.unpipelined(turn.server, turn.number);
    keep(turn, UNPIPELINED, turn.redis.done().since(before), closed);
  }

  private static void pipelined(Turn turn) throws IOException, InterruptedException {
    Redis.Done before = turn.redis.done();
    Closed closed = turn.loads.pipelined(turn.server, turn.number);
    keep(turn, PIPELINED, turn.redis.done().since(before), closed);
  }

  private static void keep(Turn turn, Rows rows, Redis.Done done, Closed closed) {
    turn.keep(rows.cpu, (double) done.micros() / closed.answers());
    turn.keep(rows.busy, Round.busyPercent(done.micros(), closed));
    turn.keep(rows.batch, (double) closed.answers() / done.calls());
  }

  private static void fixed(Turn turn) throws IOException, InterruptedException {
    Redis.Done before = turn.redis.done();
    long checks = turn.loads.fixed(turn.server, turn.number);
    Redis.Done done = turn.redis.done().since(before);
    turn.keep(Metric.FIXED_REDIS_CPU, (double) done.micros() / checks);
    turn.keep(Metric.FIXED_BATCH, (double) checks / done.calls());
  }

  /** After a second of the same, so that there are keys whose time is over. */
  private void expiring(Turn turn) throws IOException, InterruptedException {
    var _ = expiring(turn, 1);
    CpuTime before = turn.server.cpuTime();
    Redis.Done redisBefore = turn.redis.done();
    Closed closed = Round.checked(expiring(turn, plan.seconds()));
    CpuTime used = turn.server.cpuTime().since(before);
    Redis.Done done = turn.redis.done().since(redisBefore);
    turn.keep(Metric.EXPIRING_CPU, (double) used.micros() / closed.answers());
    turn.keep(Metric.EXPIRING_RATE, closed.perSecond());
    turn.keep(Metric.EXPIRING_REDIS_CPU, (double) done.micros() / closed.answers());
    turn.keep(Metric.EXPIRING_EXPIRED, (double) done.expired() / closed.answers());
  }

  private Closed expiring(Turn turn, int seconds) throws IOException, InterruptedException {
    return closedLoop.wrk(turn.server.port(), turn.peer.expiring(), 1, Plan.IDENTIFIERS, seconds);
  }

  /** Measures who asks Redis without our server, on the server's core. */
  void direct(Direct direct, int number) throws InterruptedException {
    guarded(
        direct.label(),
        number,
        () -> {
          try (Redis redis = redis(1)) {
            int seconds = Round.MOST_WARMING * plan.warmSeconds() + plan.seconds();
            String output =
                setting.children().run(GRACE.plusSeconds(seconds), direct.command(setting, redis));
            keep(direct, number, Driven.of(output));
            results.add(direct.label(), Metric.KEYS, number, (double) redis.keys());
            results.add(direct.label(), Metric.EXPIRED, number, (double) redis.done().expired());
          }
        });
  }

  private void keep(Direct direct, int number, Driven driven) throws IOException {
    Closed closed = Round.checked(driven.closed());
    String name = direct.label();
    double perCheck = (double) driven.redis().micros() / closed.answers();
    double busy = Round.busyPercent(driven.redis().micros(), closed);
    switch (direct) {
      case EVALSHA -> {
        results.add(name, Metric.PIPELINED_RATE, number, closed.perSecond());
        results.add(name, Metric.PIPELINED_REDIS_CPU, number, perCheck);
        results.add(name, Metric.PIPELINED_REDIS_BUSY, number, busy);
        results.add(name, Metric.PIPELINED_BATCH, number, 1);
      }
      case BUCKET4J -> {
        double own = (double) driven.own().micros() / closed.answers();
        results.add(name, Metric.CPU, number, own);
        results.add(name, Metric.SYSTEM, number, driven.own().systemPercent());
        results.add(name, Metric.RATE, number, closed.perSecond());
        results.add(name, Metric.BUSY, number, Round.busyPercent(driven.own().micros(), closed));
        results.add(name, Metric.REDIS_CPU, number, perCheck);
        results.add(name, Metric.REDIS_BUSY, number, busy);
      }
    }
  }
}
