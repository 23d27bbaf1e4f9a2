package io.tollgate.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A closed loop of a generator of ours, with the processor time that both sides used meanwhile.
 *
 * @param server that of the server's processes
 * @param generator that of this process
 */
record Measured(Timed timed, CpuTime server, CpuTime generator) {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What is done while time is taken. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Runs a load between two readings of the clocks. */
  static Measured of(Work<CpuTime> server, Work<Timed> load) throws IOException {
    List<Long> self = List.of(ProcessHandle.current().pid());
    CpuTime serverBefore = server.run();
    CpuTime selfBefore = CpuTime.of(self);
    Timed timed = load.run();
    CpuTime selfUsed = CpuTime.of(self).since(selfBefore);
    return new Measured(timed, server.run().since(serverBefore), selfUsed);
  }

  /**
   * By {@link Generator}, after as much unmeasured.
   *
   * @param order of the identifiers
   * @param warm seconds of the server's processor time before it counts
   * @param seconds for which it counts
   * @throws IOException when one answer is not a yes
   */
  static Measured closed(Server server, Load load, int[] order, int warm, int seconds)
      throws IOException {
    try (var generator =
        new Generator(server.port(), server.peer().question(), load.connections())) {
      warm(
          server::cpuTime,
          warm,
          () -> Round.checked(generator.closed(order, load.depth(), SECOND).closed()));
      Measured measured =
          of(
              server::cpuTime,
              () -> generator.closed(order, load.depth(), Duration.ofSeconds(seconds)));
      Round.checked(generator.tally());
      return measured;
    }
  }

  /** As {@link Round#warm}. */
  static void warm(Work<CpuTime> server, int seconds, Work<?> second) throws IOException {
    CpuTime before = server.run();
    for (int i = 0; i < Round.MOST_WARMING * seconds; i++) {
      var _ = second.run();
      if (server.run().since(before).micros() >= seconds * Round.MICROS_PER_SECOND) {
        return;
      }
    }
  }

  /** Keeps all figures in the rows of a load. */
  void keep(Results results, String name, Load load, int number) {
    Closed closed = timed.closed();
    Load.Rows rows = load.rows();
    results.add(name, rows.cpu(), number, (double) server.micros() / closed.answers());
    results.add(name, rows.system(), number, server.systemPercent());
    results.add(name, rows.rate(), number, closed.perSecond());
    results.add(name, rows.busy(), number, Round.busyPercent(server.micros(), closed));
    results.add(name, rows.p50(), number, timed.micros(50));
    results.add(name, rows.p99(), number, timed.micros(99));
    results.add(name, rows.generator(), number, (double) generator.micros() / closed.answers());
  }
}
