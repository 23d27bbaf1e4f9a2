package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One turn of one gate: fresh processes, all loads, all figures. */
final class AuthzRound {

  /** Requests a second: a fifth of what the dearest gate carries here, so that nothing queues. */
  static final int RATE = 5_000;

  /** From the root of the repository, in which this runs. */
  private static final Path INTEGRATION = Path.of("integrations/nginx/nginx.conf");

  private final Setting setting;
  private final Plan plan;
  private final ClosedLoop closedLoop;
  private final Results results;
  private final Map<String, String> commands = new LinkedHashMap<>();

  AuthzRound(Setting setting, ClosedLoop closedLoop, Results results) {
    this.setting = setting;
    this.plan = setting.plan();
    this.closedLoop = closedLoop;
    this.results = results;
  }

  /** How each was started first, by its name. */
  Map<String, String> commands() {
    return commands;
  }

  /**
   * The processes of a turn, and where its figures go until they count.
   *
   * @param tollgate empty where nginx does not ask it
   */
  private record Turn(
      Gate gate, int number, Server nginx, Optional<Server> tollgate, Results kept) {

    void keep(Metric metric, double figure) {
      kept.add(gate.label(), metric, number, figure);
    }

    CpuTime ofTollgate() throws IOException {
      return tollgate.isPresent() ? tollgate.get().cpuTime() : new CpuTime(0, 0);
    }
  }

  /** Measures a gate; when one request was refused, or passed unasked, nothing of it counts. */
  void turn(Gate gate, int number) throws InterruptedException {
    Round.guarded(
        results,
        gate.label(),
        number,
        "all of it",
        () -> {
          Results kept = new Results();
          if (gate == Gate.AUTH_REQUEST) {
            asking(number, kept);
          } else {
            try (Server nginx = start(new GatePeer(gate, INTEGRATION, 0), gate.label())) {
              var _ = loads(new Turn(gate, number, nginx, Optional.empty(), kept));
            }
          }
          results.addAll(kept);
        });
  }

  /** nginx lets pass what Tollgate does not answer in time: so all must have been asked. */
  private void asking(int number, Results kept) throws IOException, InterruptedException {
    int admin = FreePort.find();
    Gate gate = Gate.AUTH_REQUEST;
    try (Server tollgate =
            start(new GatekeeperPeer(new TollgatePeer(plan.launcher()), admin), "tollgate");
        Server nginx = start(new GatePeer(gate, INTEGRATION, tollgate.port()), gate.label())) {
      Turn turn = new Turn(gate, number, nginx, Optional.of(tollgate), kept);
      Scrape before = Scrape.at(admin);
      long passed = loads(turn);
      Scrape after = Scrape.at(admin);
      long allowed = after.allowed() - before.allowed();
      if (allowed < passed) {
        throw new IOException(
            passed + " requests passed nginx, of which Tollgate has allowed " + allowed);
      }
      double opened = (double) (after.opened() - before.opened());
      turn.keep(Metric.GATE_OPENED, 1_000 * opened / allowed);
    }
  }

  private Server start(Peer peer, String name) throws IOException {
    String core = setting.cores().server();
    Server server = Server.start(peer, setting.folder(), core, setting.children());
    commands.putIfAbsent(name, server.command());
    return server;
  }

  /**
   * All loads.
   *
   * @return how many requests have passed while something was measured
   */
  private long loads(Turn turn) throws IOException, InterruptedException {
    warm(turn);
    return closed(turn) + fixed(turn);
  }

  /** Until the one that answers checks has had its time. */
  private void warm(Turn turn) throws IOException, InterruptedException {
    Server checks = turn.tollgate.orElse(turn.nginx);
    long enough = plan.warmSeconds() * Round.MICROS_PER_SECOND;
    CpuTime before = checks.cpuTime();
    for (int second = 0; second < Round.MOST_WARMING * plan.warmSeconds(); second++) {
      closedLoop.wrk(turn.nginx, 1, Plan.IDENTIFIERS, 1);
      if (checks.cpuTime().since(before).micros() >= enough) {
        return;
      }
    }
  }

  private long closed(Turn turn) throws IOException, InterruptedException {
    CpuTime nginxBefore = turn.nginx.cpuTime();
    CpuTime tollgateBefore = turn.ofTollgate();
    Closed closed = Round.checked(closedLoop.wrk(turn.nginx, 1, Plan.IDENTIFIERS, plan.seconds()));
    long ofNginx = turn.nginx.cpuTime().since(nginxBefore).micros();
    long ofTollgate = turn.ofTollgate().since(tollgateBefore).micros();
    double answers = closed.answers();
    turn.keep(Metric.GATE_CPU, (ofNginx + ofTollgate) / answers);
    turn.keep(Metric.GATE_NGINX_CPU, ofNginx / answers);
    if (turn.tollgate.isPresent()) {
      turn.keep(Metric.GATE_TOLLGATE_CPU, ofTollgate / answers);
    }
    turn.keep(Metric.GATE_RATE, closed.perSecond());
    turn.keep(Metric.GATE_BUSY, Round.busyPercent(ofNginx + ofTollgate, closed));
    return closed.answers();
  }

  /** Our own generator at a rate that all carry, after the same rate unmeasured. */
  private long fixed(Turn turn) throws IOException {
    int[] order = Order.shuffled(Plan.IDENTIFIERS);
    long recorded = (long) RATE * plan.seconds();
    Server nginx = turn.nginx;
    try (var generator = new Generator(nginx.port(), nginx.peer().question(), Plan.CONNECTIONS)) {
      generator.fixedRate(order, RATE, (long) RATE * plan.againSeconds());
      CpuTime nginxBefore = nginx.cpuTime();
      CpuTime tollgateBefore = turn.ofTollgate();
      Generator.Paced paced = generator.fixedRate(order, RATE, recorded);
      CpuTime ofNginx = nginx.cpuTime().since(nginxBefore);
      CpuTime ofTollgate = turn.ofTollgate().since(tollgateBefore);
      Round.checked(generator.tally());
      turn.keep(Metric.GATE_P50, Round.micros(paced.latency().getValueAtPercentile(50)));
      turn.keep(Metric.GATE_P99, Round.micros(paced.latency().getValueAtPercentile(99)));
      turn.keep(Metric.GATE_P999, Round.micros(paced.latency().getValueAtPercentile(99.9)));
      double both = (double) (ofNginx.micros() + ofTollgate.micros());
      turn.keep(Metric.GATE_FIXED_CPU, both / recorded);
      return generator.tally().answered();
    }
  }
}
