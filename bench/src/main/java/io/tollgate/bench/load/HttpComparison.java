package io.tollgate.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The HTTP door against nginx and throttlecrab: interleaved rounds, each with fresh processes, one
 * peer at a time.
 */
public final class HttpComparison {

  private final Setting setting;
  private final Plan plan;
  private final Results results = new Results();

  private HttpComparison(Setting setting) {
    this.setting = setting;
    this.plan = setting.plan();
  }

  /** Runs the comparison, prints the report and leaves it in a file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Setting.run(args, setting -> new HttpComparison(setting).run());
  }

  private boolean run() throws IOException, InterruptedException {
    List<String> notes = new ArrayList<>(List.of(machine()));
    List<HttpPeer> peers = peers(notes);
    ClosedLoop closedLoop = new ClosedLoop(setting.folder(), setting.children(), Plan.CONNECTIONS);
    Round round = new Round(setting, closedLoop, results);
    for (int number = 0; number < plan.rounds(); number++) {
      for (HttpPeer peer : Setting.turns(peers, number)) {
        setting.progress(peer.name(), number);
        round.load(peer, number);
        round.memory(peer, number);
      }
    }
    for (int number = 0; number < Math.max(Plan.LEAST_STARTS, plan.rounds()); number++) {
      for (HttpPeer peer : Setting.turns(peers, number)) {
        round.start(peer, number);
      }
    }
    List<Report.Column> columns =
        peers.stream().map(peer -> new Report.Column(peer.name(), peer.asked())).toList();
    setting.publish(new Report(Report.Subject.HTTP, plan, columns, results).text(notes));
    return results.spread(peers.getFirst().name(), Metric.CPU).isPresent();
  }

  private String machine() throws IOException, InterruptedException {
    Machine machine = new Machine(setting.children());
    List<String> programs = new ArrayList<>();
    programs.add(machine.firstLine("nginx", "-v").replace("nginx version: ", ""));
    if (plan.throttlecrab().isPresent()) {
      programs.add(machine.firstLine(plan.throttlecrab().get().toString(), "--version"));
    }
    programs.add(machine.wrk());
    programs.add(machine.firstLine("h2load", "--version"));
    return machine.text(programs);
  }

  /** Ours first. It is started once, to see that it answers and how long its answers are. */
  private List<HttpPeer> peers(List<String> notes) throws IOException, InterruptedException {
    List<HttpPeer> peers = new ArrayList<>();
    Cores cores = setting.cores();
    TollgatePeer ours = new TollgatePeer(plan.launcher());
    try (Server server = Server.start(ours, setting.folder(), cores.server(), setting.children())) {
      notes.add(
          String.format(
              Locale.ROOT,
              "under load each server is pinned to core %s and the generator to core %s, so"
                  + " tollgate has %d event loop and nginx one worker; start and memory are"
                  + " measured unpinned, on cores %s",
              cores.server(),
              cores.generator(),
              server.threads("tollgate-http"),
              cores.all()));
      peers.add(ours);
      peers.add(new NginxPeer(server.bodyLength()));
    }
    plan.throttlecrab().ifPresent(program -> peers.add(new ThrottlecrabPeer(program)));
    if (plan.throttlecrab().isEmpty()) {
      notes.add("throttlecrab is not here: it is built with cargo, which is missing");
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "%,d identifiers in a shuffled order (seed %d); of a limit of 1 a minute with a burst"
                + " of %,d nothing is denied, but every state stays; h2load asks for one"
                + " identifier, whose limit is %,d a second",
            Plan.IDENTIFIERS,
            Order.SEED,
            Peer.BURST,
            Peer.HOT_PER_SECOND));
    notes.add(Machine.load());
    notes.add(Machine.launcherOptions());
    return peers;
  }
}
