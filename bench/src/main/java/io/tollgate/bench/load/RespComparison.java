package io.tollgate.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The port for Redis clients against throttlecrab's and against a script in a redis-server:
 * interleaved rounds, each with a fresh process, one peer at a time.
 */
public final class RespComparison {

  private final Setting setting;
  private final Plan plan;
  private final Results results = new Results();

  private RespComparison(Setting setting) {
    this.setting = setting;
    this.plan = setting.plan();
  }

  /** Runs the comparison, prints the report and leaves it in a file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Setting.run(args, setting -> new RespComparison(setting).run());
  }

  /** A run in which one check has failed does not count. */
  private boolean run() throws IOException, InterruptedException {
    List<Peer> peers = peers();
    List<String> notes = notes();
    RespRound round = new RespRound(setting, results);
    for (int number = 0; number < plan.rounds(); number++) {
      for (Peer peer : Setting.turns(peers, number)) {
        setting.progress(peer.name(), number);
        round.turn(peer, number);
      }
    }
    round
        .commands()
        .forEach((name, command) -> notes.add("started for " + name + ": `" + command + "`"));
    List<Report.Column> columns =
        peers.stream().map(peer -> new Report.Column(peer.name(), peer.asked())).toList();
    setting.publish(new Report(Report.Subject.RESP, plan, columns, results).text(notes));
    return results.voids().isEmpty();
  }

  /** Ours first. */
  private List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    peers.add(new TollgateRespPeer(plan.launcher()));
    plan.throttlecrab().ifPresent(program -> peers.add(new ThrottlecrabRespPeer(program)));
    peers.add(ScriptPeer.ofResource());
    return peers;
  }

  private List<String> notes() throws IOException, InterruptedException {
    Machine machine = new Machine(setting.children());
    List<String> programs = new ArrayList<>();
    if (plan.throttlecrab().isPresent()) {
      programs.add(machine.firstLine(plan.throttlecrab().get().toString(), "--version"));
    }
    programs.add(machine.firstLine("redis-server", "--version").replaceFirst(" sha=.*", ""));
    List<String> notes = new ArrayList<>();
    notes.add(machine.text(programs));
    notes.add(
        String.format(
            Locale.ROOT,
            "each server is pinned to core %s, the generator, which is the same for all, to core"
                + " %s",
            setting.cores().server(),
            setting.cores().generator()));
    notes.add(
        String.format(
            Locale.ROOT,
            "%,d identifiers in a shuffled order (seed %d); of a limit of 1 a minute with a burst"
                + " of %,d nothing is denied, but every state stays; a turn in which a check failed"
                + " or was denied is void, and so is the run",
            Plan.IDENTIFIERS,
            Order.SEED,
            Peer.BURST));
    if (plan.throttlecrab().isEmpty()) {
      notes.add("throttlecrab is not here: it is built with cargo, which is missing");
    }
    notes.add(Machine.load());
    notes.add(Machine.launcherOptions());
    return notes;
  }
}
