package io.tollgate.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * nginx that asks our server for each request against nginx that limits by itself, and nginx that
 * does not: interleaved rounds, each with fresh processes, one at a time.
 */
public final class AuthzComparison {

  private final Setting setting;
  private final Plan plan;
  private final Results results = new Results();

  private AuthzComparison(Setting setting) {
    this.setting = setting;
    this.plan = setting.plan();
  }

  /** Runs the comparison, prints the report and leaves it in a file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Setting.run(args, setting -> new AuthzComparison(setting).run());
  }

  /** A run in which one request was refused, or passed unasked, does not count. */
  private boolean run() throws IOException, InterruptedException {
    List<Gate> gates = List.of(Gate.values());
    List<String> notes = notes();
    ClosedLoop closedLoop = new ClosedLoop(setting.folder(), setting.children(), Plan.CONNECTIONS);
    AuthzRound round = new AuthzRound(setting, closedLoop, results);
    for (int number = 0; number < plan.rounds(); number++) {
      for (Gate gate : Setting.turns(gates, number)) {
        setting.progress(gate.label(), number);
        round.turn(gate, number);
      }
    }
    round
        .commands()
        .forEach((name, command) -> notes.add("started for " + name + ": `" + command + "`"));
    List<Report.Column> columns =
        Arrays.stream(Gate.values())
            .map(gate -> new Report.Column(gate.label(), gate.asked()))
            .toList();
    setting.publish(new Report(Report.Subject.AUTHZ, plan, columns, results).text(notes));
    return results.voids().isEmpty();
  }

  private List<String> notes() throws IOException, InterruptedException {
    Machine machine = new Machine(setting.children());
    List<String> notes = new ArrayList<>();
    notes.add(
        machine.text(
            List.of(
                machine.firstLine("nginx", "-v").replace("nginx version: ", ""), machine.wrk())));
    notes.add(
        String.format(
            Locale.ROOT,
            "nginx has one worker, pinned to core %s, which tollgate shares; the generator has core"
                + " %s",
            setting.cores().server(),
            setting.cores().generator()));
    notes.add(
        String.format(
            Locale.ROOT,
            "GET /check, a static file of nginx, with an X-API-Key, one of %,d in a shuffled order;"
                + " nothing is denied; a turn in which a request was refused, or passed without an"
                + " answer of tollgate, is void, and so is the run",
            Plan.IDENTIFIERS));
    notes.add(Machine.load());
    notes.add(Machine.launcherOptions());
    return notes;
  }
}
