package io.tollgate.bench.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One turn of one peer over Redis's protocol: a fresh process, all loads, all figures. */
final class RespRound {

  /** One at a time first, so that what is under way together finds a warm server. */
  static final List<Load> LOADS = List.of(Load.COMMANDS, Load.PIPELINED_COMMANDS);

  private final Setting setting;
  private final Plan plan;
  private final Results results;
  private final int[] order = Order.shuffled(Plan.IDENTIFIERS);
  private final Map<String, String> commands = new LinkedHashMap<>();

  RespRound(Setting setting, Results results) {
    this.setting = setting;
    this.plan = setting.plan();
    this.results = results;
  }

  /** How each was started first, by its name. */
  Map<String, String> commands() {
    return commands;
  }

  /** Measures a peer; when it has denied or failed once, nothing of it counts. */
  void turn(Peer peer, int number) throws InterruptedException {
    Round.guarded(results, peer.name(), number, "all of it", () -> measure(peer, number));
  }

  private void measure(Peer peer, int number) throws IOException {
    String core = setting.cores().server();
    try (Server server = Server.start(peer, setting.folder(), core, setting.children())) {
      commands.putIfAbsent(peer.name(), server.command());
      Results figures = new Results();
      int warm = plan.warmSeconds();
      for (Load load : LOADS) {
        Measured.closed(server, load, order, warm + plan.againSeconds(), plan.seconds())
            .keep(figures, peer.name(), load, number);
        warm = 0;
      }
      long least = Round.leastRemaining(server);
      figures.add(peer.name(), Metric.COMMANDS_LEAST_REMAINING, number, (double) least);
      results.addAll(figures);
    }
  }
}
