package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Answers;
import io.tollgate.bench.grpc.GrpcGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** One turn of one peer over gRPC: fresh processes, all loads, all figures. */
final class GrpcRound {

  /** What the report calls the other door. */
  static final String HTTP = "tollgate over HTTP";

  private static final List<Load> CALLS = List.of(Load.WIDE, Load.FEW, Load.ONE);

  /** Those that there are over HTTP: pipelined, where there are several on a connection. */
  private static final List<Load> OVER_HTTP = List.of(Load.WIDE, Load.FEW);

  /** A sweep takes a second or two; a server that needs longer than this hangs. */
  private static final Duration MOST_SWEEP = Duration.ofMinutes(2);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Setting setting;
  private final Plan plan;
  private final Results results;
  private final int[] order = Order.shuffled(Plan.IDENTIFIERS);
  private final Map<String, String> commands = new LinkedHashMap<>();

  GrpcRound(Setting setting, Results results) {
    this.setting = setting;
    this.plan = setting.plan();
    this.results = results;
  }

  /** How each was started first, by what was measured. */
  Map<String, String> commands() {
    return commands;
  }

  /** Calls of one check, with counters in memory. */
  void calls(GrpcPeer peer, int number) throws InterruptedException {
    guarded(
        peer.name(),
        number,
        "calls",
        () -> {
          try (GrpcServer server = start(peer, "calls")) {
            String name = peer.name();
            Results figures = new Results();
            double best = 0;
            warm(server, CALLS.getFirst(), plan.warmSeconds());
            for (Load load : CALLS) {
              warm(server, load, plan.againSeconds());
              Measured measured = measured(server, load);
              measured.keep(figures, name, load, number);
              best = Math.max(best, measured.timed().closed().perSecond());
            }
            figures.add(name, Metric.BEST_RATE, number, best);
            long least = leastRemaining(server, Load.FEW);
            figures.add(name, Metric.CALLS_LEAST_REMAINING, number, (double) least);
            results.addAll(figures);
          }
        });
  }

  /** One stream of checks, with counters in memory. */
  void stream(GrpcPeer peer, int number) throws InterruptedException {
    guarded(
        peer.name(),
        number,
        "stream",
        () -> {
          try (GrpcServer server = start(peer, "stream")) {
            String name = peer.name();
            warm(server, Load.STREAM, plan.warmSeconds() + plan.againSeconds());
            Measured measured = measured(server, Load.STREAM);
            long least = leastRemaining(server, Load.STREAM);
            measured.keep(results, name, Load.STREAM, number);
            results.add(name, Metric.STREAM_LEAST_REMAINING, number, (double) least);
          }
        });
  }

  /** Envoy's question to our server; when it decided one without Redis, nothing of it counts. */
  void ours(Path launcher, int number) throws InterruptedException {
    guarded(
        TollgateGrpcPeer.NAME,
        number,
        "over Redis",
        () -> {
          try (Redis redis = redis()) {
            int admin = FreePort.find();
            GrpcPeer peer =
                new TollgateGrpcPeer(
                    launcher,
                    TollgateGrpcPeer.Method.SHOULD_RATE_LIMIT,
                    OptionalInt.of(redis.port()),
                    admin);
            try (GrpcServer server = start(peer, "over Redis")) {
              Degraded before = Degraded.at(admin);
              Results figures = overRedis(server, redis, number);
              Degraded degraded = Degraded.at(admin).since(before);
              if (degraded.checks() > 0) {
                throw new IOException(degraded.text());
              }
              results.addAll(figures);
            }
          }
        });
  }

  /** Envoy's question to its own service. */
  void theirs(Path program, int number) throws InterruptedException {
    guarded(
        RatelimitPeer.NAME,
        number,
        "over Redis",
        () -> {
          try (Redis redis = redis();
              GrpcServer server = start(new RatelimitPeer(program, redis.port()), "over Redis")) {
            results.addAll(overRedis(server, redis, number));
          }
        });
  }

  /** Server and Redis share a core: what a core carries is compared. */
  private Redis redis() throws IOException, InterruptedException {
    Redis redis = Redis.start(1, setting.folder(), setting.cores().server(), setting.children());
    commands.putIfAbsent("redis-server", redis.command());
    return redis;
  }

  private Results overRedis(GrpcServer server, Redis redis, int number)
      throws IOException, InterruptedException {
    String name = server.peer().name();
    Results figures = new Results();
    warm(server, Load.DESCRIPTORS, plan.warmSeconds() + plan.againSeconds());
    Redis.Done before = redis.done();
    Measured measured = measured(server, Load.DESCRIPTORS);
    Redis.Done done = redis.done().since(before);
    measured.keep(figures, name, Load.DESCRIPTORS, number);
    Closed closed = measured.timed().closed();
    figures.add(name, Metric.RLS_REDIS_CPU, number, (double) done.micros() / closed.answers());
    long both = measured.server().micros() + done.micros();
    figures.add(name, Metric.RLS_BUSY, number, Round.busyPercent(both, closed));
    long least = leastRemaining(server, Load.DESCRIPTORS);
    figures.add(name, Metric.RLS_LEAST_REMAINING, number, (double) least);
    figures.add(name, Metric.RLS_KEYS, number, (double) redis.keys());
    return figures;
  }

  /** The same checks over HTTP, by our generator for it. */
  void http(TollgatePeer peer, int number) throws InterruptedException {
    guarded(
        HTTP,
        number,
        "calls",
        () -> {
          String core = setting.cores().server();
          try (Server server = Server.start(peer, setting.folder(), core, setting.children())) {
            commands.putIfAbsent(HTTP, server.command());
            Results figures = new Results();
            int warm = plan.warmSeconds() + plan.againSeconds();
            for (Load load : OVER_HTTP) {
              Measured.closed(server, load, order, warm, plan.seconds())
                  .keep(figures, HTTP, load, number);
            }
            results.addAll(figures);
          }
        });
  }

  private GrpcServer start(GrpcPeer peer, String what) throws IOException {
    String core = setting.cores().server();
    GrpcServer server = GrpcServer.start(peer, setting.folder(), core, setting.children());
    commands.putIfAbsent(peer.name() + ", " + what, server.command());
    return server;
  }

  private void guarded(String name, int number, String what, Round.Part part)
      throws InterruptedException {
    Round.guarded(results, name, number, what, part);
  }

  private void warm(GrpcServer server, Load load, int seconds) throws IOException {
    try (GrpcGenerator generator = generator(server, load, false)) {
      Measured.warm(server::cpuTime, seconds, () -> generator.ask(order, SECOND));
      checked(generator.answers());
    }
  }

  private static GrpcGenerator generator(GrpcServer server, Load load, boolean careful)
      throws IOException {
    return new GrpcGenerator(
        server.port(), server.peer().call(), load.connections(), load.depth(), careful);
  }

  private Measured measured(GrpcServer server, Load load) throws IOException {
    try (GrpcGenerator generator = generator(server, load, false)) {
      Measured measured = Measured.of(server::cpuTime, () -> asked(generator));
      checked(generator.answers());
      return measured;
    }
  }

  private Timed asked(GrpcGenerator generator) throws IOException {
    long nanos = generator.ask(order, Duration.ofSeconds(plan.seconds()));
    double seconds = (double) nanos / Schedule.NANOS_PER_SECOND;
    Answers answers = generator.answers();
    return new Timed(new Closed(answers.answered(), seconds, answers.failed()), answers.latency());
  }

  private static void checked(Answers answers) throws IOException {
    if (answers.failed() + answers.denied() > 0) {
      throw new IOException(
          answers.failed()
              + " failed and "
              + answers.denied()
              + " denied of "
              + answers.answered()
              + ": "
              + answers.failure());
    }
  }

  /** Units come back far too slowly to hide a denial, and so much is left only of what counts. */
  private static long leastRemaining(GrpcServer server, Load load) throws IOException {
    try (GrpcGenerator generator = generator(server, load, true)) {
      generator.askOnce(IntStream.range(0, Plan.IDENTIFIERS).toArray(), MOST_SWEEP);
      checked(generator.answers());
      return generator.answers().leastRemaining();
    }
  }
}
