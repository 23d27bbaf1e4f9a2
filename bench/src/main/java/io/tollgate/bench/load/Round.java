package io.tollgate.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** One turn of one peer: fresh processes, all loads, all figures. */
final class Round {

  /** A million checks take some 20 seconds; a server that needs longer than this hangs. */
  private static final Duration MOST_SWEEP = Duration.ofMinutes(2);

  private static final int SOME = 100_000;
  private static final int MANY = 1_000_000;

  private static final double NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_MILLI = 1_000_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** How much longer warming up may take than on a core of its own; some servers only wait. */
  private static final int MOST_WARMING = 3;

  private final Plan plan;
  private final Path folder;
  private final Cores cores;
  private final Children children;
  private final ClosedLoop closedLoop;
  private final Results results;

  Round(
      Plan plan,
      Path folder,
      Cores cores,
      Children children,
      ClosedLoop closedLoop,
      Results results) {
    this.plan = plan;
    this.folder = folder;
    this.cores = cores;
    this.children = children;
    this.closedLoop = closedLoop;
    this.results = results;
  }

  /** A measurement that may fail without ending the run. */
  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  /** Measures a peer under load, pinned to the server's core. */
  void load(Peer peer, int round) throws InterruptedException {
    guarded(
        peer,
        round,
        "load",
        () -> {
          try (Server server = Server.start(peer, folder, cores.server(), children)) {
            warm(server, 1, plan.warmSeconds());
            guarded(peer, round, "wrk", () -> unpipelined(server, round));
            guarded(peer, round, "h2load", () -> hot(server, round));
            guarded(peer, round, "fixed rate", () -> fixed(server, round));
            warm(server, Plan.DEPTH, plan.againSeconds());
            guarded(peer, round, "wrk pipelined", () -> pipelined(server, round));
            guarded(peer, round, "denials", () -> denials(server, round));
          }
        });
  }

  /**
   * Lets compilers and caches do their work: until the server has used its seconds of processor
   * time, which on a busy machine take longer.
   */
  private void warm(Server server, int depth, int seconds)
      throws IOException, InterruptedException {
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
        peer,
        round,
        "first answer",
        () -> {
          try (Server server = Server.start(peer, folder, cores.all(), children)) {
            double millis = server.firstAnswerNanos() / NANOS_PER_MILLI;
            results.add(peer.name(), Metric.FIRST_ANSWER, round, millis);
          }
        });
  }

  /** Measures the memory of a peer that may use all cores. */
  void memory(Peer peer, int round) throws InterruptedException {
    guarded(
        peer,
        round,
        "memory",
        () -> {
          try (Server server = Server.start(peer, folder, cores.all(), children)) {
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

  private void guarded(Peer peer, int round, String what, Part part) throws InterruptedException {
    try {
      part.run();
    } catch (IOException
        | UncheckedIOException
        | IllegalArgumentException
        | IllegalStateException e) {
      results.addVoid(peer.name(), round, what, String.valueOf(e.getMessage()));
    }
  }

  private void keep(Server server, Metric metric, int round, double figure) {
    results.add(server.peer().name(), metric, round, figure);
  }

  private void unpipelined(Server server, int round) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.wrk(server, 1, Plan.IDENTIFIERS, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.SYSTEM, round, used.systemPercent());
    keep(server, Metric.RATE, round, closed.perSecond());
    keep(server, Metric.BUSY, round, busyPercent(used, closed));
  }

  private void pipelined(Server server, int round) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.wrk(server, Plan.DEPTH, Plan.IDENTIFIERS, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.PIPELINED_CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.PIPELINED_SYSTEM, round, used.systemPercent());
    keep(server, Metric.PIPELINED_RATE, round, closed.perSecond());
    keep(server, Metric.PIPELINED_BUSY, round, busyPercent(used, closed));
  }

  private void hot(Server server, int round) throws IOException, InterruptedException {
    CpuTime before = server.cpuTime();
    Closed closed = checked(closedLoop.h2load(server, plan.seconds()));
    CpuTime used = server.cpuTime().since(before);
    keep(server, Metric.HOT_CPU, round, (double) used.micros() / closed.answers());
    keep(server, Metric.HOT_RATE, round, closed.perSecond());
  }

  private static double busyPercent(CpuTime used, Closed closed) {
    return 100 * used.micros() / (closed.seconds() * MICROS_PER_SECOND);
  }

  private static Closed checked(Closed closed) throws IOException {
    if (closed.errors() > 0 || closed.answers() == 0) {
      throw new IOException(closed.errors() + " errors, " + closed.answers() + " answers");
    }
    return closed;
  }

  private void fixed(Server server, int round) throws IOException {
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
    }
  }

  private static double micros(long nanos) {
    return nanos / NANOS_PER_MICRO;
  }

  private static void checked(Tally tally) throws IOException {
    if (tally.failed() + tally.denied() > 0) {
      throw new IOException(
          tally.failed() + " failed and " + tally.denied() + " denied of " + tally.answered());
    }
  }

  /** Units come back far too slowly to hide a denial: so much left says that there was none. */
  private void denials(Server server, int round) throws IOException {
    long least = sweep(server, Plan.IDENTIFIERS).leastRemaining();
    if (least >= 0) {
      keep(server, Metric.LEAST_REMAINING, round, (double) least);
    }
  }

  private static Tally sweep(Server server, int identifiers) throws IOException {
    try (var generator = new Generator(server.port(), server.peer().question(), Plan.CONNECTIONS)) {
      generator.sweep(identifiers, 1, MOST_SWEEP);
      checked(generator.tally());
      return generator.tally();
    }
  }
}
