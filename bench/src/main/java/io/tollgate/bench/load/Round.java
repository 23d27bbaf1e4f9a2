package io.tollgate.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** One turn of one peer: fresh processes, all loads, all figures. */
final class Round {

  /** A million checks take some 20 seconds; a server that needs longer than this hangs. */
  private static final Duration MOST_SWEEP = Duration.ofMinutes(2);

  private static final int SOME = 100_000;
  private static final int MANY = 1_000_000;

  private static final double NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_MILLI = 1_000_000;
  static final long MICROS_PER_SECOND = 1_000_000;

  /** How much longer warming up may take than on a core of its own; some servers only wait. */
  static final int MOST_WARMING = 3;

  private final Setting setting;
  private final Plan plan;
  private final ClosedLoop closedLoop;
  private final Results results;

  Round(Setting setting, ClosedLoop closedLoop, Results results) {
    this.setting = setting;
    this.plan = setting.plan();
    this.closedLoop = closedLoop;
    this.results = results;
  }

  /** A measurement that may fail without ending the run. */
  interface Part {
    void run() throws IOException, InterruptedException;
  }

  /** Measures a peer under load, pinned to the server's core. */
  void load(HttpPeer peer, int round) throws InterruptedException {
    guarded(
        peer.name(),
        round,
        "load",
        () -> {
          try (Server server = start(peer, setting.cores().server())) {
            warm(server, 1, plan.warmSeconds());
            guarded(peer.name(), round, "wrk", () -> unpipelined(server, round));
            guarded(peer.name(), round, "h2load", () -> hot(server, peer.hot(), round));
            guarded(peer.name(), round, "fixed rate", () -> fixed(server, round));
            warm(server, Plan.DEPTH, plan.againSeconds());
            guarded(peer.name(), round, "wrk pipelined", () -> pipelined(server, round));
            guarded(peer.name(), round, "denials", () -> denials(server, round));
          }
        });
  }

  /**
   * Lets compilers and caches do their work: until the server has used its seconds of processor
   * time, which on a busy machine take longer.
   */
  void warm(Server server, int depth, int seconds) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    long enough = seconds * MICROS_PER_SECOND;
    for (int second = 0; second < MOST_WARMING * seconds; second++) {
      closedLoop.wrk(server, depth, Plan.IDENTIFIERS, 1);
      if (server.cpuTime().since(before).micros() >= enough) {
        return;
      }
    }
  }

  /** Measures the start of a peer that may use all cores. */
  void start(Peer peer, int round) throws InterruptedException {
    guarded(
        peer.name(),
        round,
        "first answer",
        () -> {
          try (Server server = start(peer, setting.cores().all())) {
            double millis = server.firstAnswerNanos() / NANOS_PER_MILLI;
            results.add(peer.name(), Metric.FIRST_ANSWER, round, millis);
          }
        });
  }

  /** Measures the memory of a peer that may use all cores. */
  void memory(Peer peer, int round) throws InterruptedException {
    guarded(
        peer.name(),
        round,
        "memory",
        () -> {
          try (Server server = start(peer, setting.cores().all())) {
            Memory idle = server.memory();
            keep(server, Metric.IDLE_RSS, round, Memory.megabytes(idle.resident()));
            keep(server, Metric.IDLE_PSS, round, Memory.megabytes(idle.proportional()));
            keep(server, Metric.IDLE_ANONYMOUS, round, Memory.megabytes(idle.anonymous()));
            sweep(server, SOME);
            keep(server, Metric.RSS_100K, round, Memory.megabytes(server.memory().resident()));
            sweep(server, MANY);
            keep(server, Metric.RSS_1M, round, Memory.megabytes(server.memory().resident()));
          }
        });
  }

  private Server start(Peer peer, String onCores) throws IOException, InterruptedException {
    return Server.start(peer, setting.folder(), onCores, setting.children());
  }

  /** Runs a part of a round; when it fails it is void, and named. */
  void guarded(String peer, int round, String what, Part part) throws InterruptedException {
    guarded(results, peer, round, what, part);
  }

  /** The same for other rounds than this one. */
  static void guarded(Results results, String peer, int round, String what, Part part)
      throws InterruptedException {
    try {
      part.run();
    } catch (IOException
        | UncheckedIOException
        | IllegalArgumentException
        | IllegalStateException e) {
      results.addVoid(peer, round, what, String.valueOf(e.getMessage()));
    }
  }

  private void keep(Server server, Metric metric, int round, double figure) {
    results.add(server.peer().name(), metric, round, figure);
  }

  /** One request at a time on each connection. */
  Closed unpipelined(Server server, int round) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.wrk(server, 1, Plan.IDENTIFIERS, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.SYSTEM, round, used.systemPercent());
    keep(server, Metric.RATE, round, closed.perSecond());
    keep(server, Metric.BUSY, round, busyPercent(used.micros(), closed));
    return closed;
  }

  /** {@link Plan#DEPTH} requests at a time on each connection. */
  Closed pipelined(Server server, int round) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.wrk(server, Plan.DEPTH, Plan.IDENTIFIERS, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.PIPELINED_CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.PIPELINED_SYSTEM, round, used.systemPercent());
    keep(server, Metric.PIPELINED_RATE, round, closed.perSecond());
    keep(server, Metric.PIPELINED_BUSY, round, busyPercent(used.micros(), closed));
    return closed;
  }

  private void hot(Server server, HttpPeer.Hot hot, int round)
      throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.h2load(server.port(), hot, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.HOT_CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.HOT_RATE, round, closed.perSecond());
  }

  /** Of one core, while a closed loop ran. */
  static double busyPercent(long micros, Closed closed) {
    return 100.0 * micros / (closed.seconds() * MICROS_PER_SECOND);
  }

  /** The same, unless something went wrong in it. */
  static Closed checked(Closed closed) throws IOException {
    if (closed.errors() > 0 || closed.answers() == 0) {
      throw new IOException(closed.errors() + " errors, " + closed.answers() + " answers");
    }
    return closed;
  }

  /**
   * The fixed rate, after the same rate unmeasured.
   *
   * @return all checks, those of the warming up too
   */
  long fixed(Server server, int round) throws IOException {
    int[] order = Order.shuffled(Plan.IDENTIFIERS);
    long warm = (long) Plan.RATE * plan.againSeconds();
    long recorded = (long) Plan.RATE * plan.seconds();
    try (var generator = new Generator(server.port(), server.peer().question(), Plan.CONNECTIONS)) {
      generator.fixedRate(order, Plan.RATE, warm);
      CpuTime before = server.cpuTime();
      Generator.Paced paced = generator.fixedRate(order, Plan.RATE, recorded);
      CpuTime used = server.cpuTime().since(before);
      checked(generator.tally());
      keep(server, Metric.FIXED_CPU, round, (double) used.micros() / recorded);
      keep(server, Metric.FIXED_P50, round, micros(paced.latency().getValueAtPercentile(50)));
      keep(server, Metric.FIXED_P99, round, micros(paced.latency().getValueAtPercentile(99)));
      keep(server, Metric.FIXED_P999, round, micros(paced.latency().getValueAtPercentile(99.9)));
      keep(server, Metric.FIXED_MOST, round, micros(paced.latency().getMaxValue()));
      keep(server, Metric.FIXED_LATE, round, micros(paced.late().getValueAtPercentile(99)));
      return generator.tally().answered();
    }
  }

  static double micros(long nanos) {
    return nanos / NANOS_PER_MICRO;
  }

  static void checked(Tally tally) throws IOException {
    if (tally.failed() + tally.denied() > 0) {
      throw new IOException(
          tally.failed() + " failed and " + tally.denied() + " denied of " + tally.answered());
    }
  }

  /** Units come back far too slowly to hide a denial: so much left says that there was none. */
  void denials(Server server, int round) throws IOException {
    long least = leastRemaining(server);
    if (least >= 0) {
      keep(server, Metric.LEAST_REMAINING, round, (double) least);
    }
  }

  /** Asks for every identifier once more; -1 when answers do not say what is left. */
  static long leastRemaining(Server server) throws IOException {
    return sweep(server, Plan.IDENTIFIERS).leastRemaining();
  }

  private static Tally sweep(Server server, int identifiers) throws IOException {
    try (var generator = new Generator(server.port(), server.peer().question(), Plan.CONNECTIONS)) {
      generator.sweep(identifiers, 1, MOST_SWEEP);
      checked(generator.tally());
      return generator.tally();
    }
  }
}
