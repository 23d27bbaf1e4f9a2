package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The gRPC door against throttlecrab's and our own HTTP, and over Redis against Envoy's rate limit
 * service: interleaved rounds, each with fresh processes, one peer at a time.
 */
public final class GrpcComparison {

  private final Setting setting;
  private final Plan plan;
  private final Optional<Path> ratelimit;
  private final Results results = new Results();

  private GrpcComparison(Setting setting, Optional<Path> ratelimit) {
    this.setting = setting;
    this.plan = setting.plan();
    this.ratelimit = ratelimit;
  }

  /**
   * Runs the comparison, prints the report and leaves it in a file. The last argument is the
   * program of Envoy's rate limit service, or {@code -}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int last = Math.max(0, args.length - 1);
    Optional<Path> ratelimit =
        Arrays.stream(args, last, args.length)
            .filter(path -> !path.equals("-"))
            .map(Path::of)
            .findFirst();
    Setting.run(Arrays.copyOf(args, last), setting -> new GrpcComparison(setting, ratelimit).run());
  }

  /** A turn of one peer. */
  private interface Turn {
    void run(GrpcRound round, int number) throws InterruptedException;
  }

  private record Contender(String name, Turn turn) {}

  /** A run in which one call has failed does not count. */
  private boolean run() throws IOException, InterruptedException {
    List<String> notes = notes();
    List<Contender> contenders = contenders();
    GrpcRound round = new GrpcRound(setting, results);
    for (int number = 0; number < plan.rounds(); number++) {
      for (Contender contender : Setting.turns(contenders, number)) {
        setting.progress(contender.name, number);
        contender.turn.run(round, number);
      }
    }
    round
        .commands()
        .forEach((what, command) -> notes.add("started for " + what + ": `" + command + "`"));
    setting.publish(new Report(Report.Subject.GRPC, plan, columns(), results).text(notes));
    return results.voids().isEmpty();
  }

  private List<Contender> contenders() {
    Path launcher = plan.launcher();
    GrpcPeer calls = TollgateGrpcPeer.inMemory(launcher, TollgateGrpcPeer.Method.CHECK);
    GrpcPeer stream = TollgateGrpcPeer.inMemory(launcher, TollgateGrpcPeer.Method.CHECK_STREAM);
    TollgatePeer http = new TollgatePeer(launcher);
    List<Contender> all = new ArrayList<>();
    all.add(new Contender("tollgate, calls", (round, number) -> round.calls(calls, number)));
    plan.throttlecrab()
        .map(ThrottlecrabGrpcPeer::new)
        .ifPresent(peer ->
            all.add(new Contender(peer.name(), (round, number) -> round.calls(peer, number))));
    all.add(new Contender("tollgate, stream", (round, number) -> round.stream(stream, number)));
    all.add(new Contender(GrpcRound.HTTP, (round, number) -> round.http(http, number)));
    all.add(new Contender("tollgate, over Redis", (round, number) -> round.ours(launcher, number)));
    ratelimit.ifPresent(program ->
        all.add(
            new Contender(RatelimitPeer.NAME, (round, number) -> round.theirs(program, number))));
    return all;
  }

  private List<Report.Column> columns() {
    StringBuilder ours = new StringBuilder();
    for (TollgateGrpcPeer.Method method : TollgateGrpcPeer.Method.values()) {
      ours.append(TollgateGrpcPeer.inMemory(plan.launcher(), method).asked()).append("; ");
    }
    List<Report.Column> columns = new ArrayList<>();
    columns.add(new Report.Column(TollgateGrpcPeer.NAME, ours.append("as shipped").toString()));
    columns.add(
        new Report.Column(
            GrpcRound.HTTP,
            new TollgatePeer(plan.launcher()).asked() + "; asked by our generator for HTTP"));
    plan.throttlecrab()
        .map(ThrottlecrabGrpcPeer::new)
        .ifPresent(peer -> columns.add(new Report.Column(peer.name(), peer.asked())));
    ratelimit
        .map(program -> new RatelimitPeer(program, 0))
        .ifPresent(peer -> columns.add(new Report.Column(peer.name(), peer.asked())));
    return columns;
  }

  private List<String> notes() throws IOException, InterruptedException {
    Machine machine = new Machine(setting.children());
    Cores cores = setting.cores();
    List<String> programs = new ArrayList<>();
    if (plan.throttlecrab().isPresent()) {
      programs.add(machine.firstLine(plan.throttlecrab().get().toString(), "--version"));
    }
    ratelimit.ifPresent(program -> programs.add(program.getName(program.getNameCount() - 2) + ""));
    programs.add(machine.firstLine("redis-server", "--version").replaceFirst(" sha=.*", ""));
    List<String> notes = new ArrayList<>();
    notes.add(machine.text(programs));
    notes.add(
        String.format(
            Locale.ROOT,
            "each server is pinned to core %s, over Redis together with its redis-server; the"
                + " generator to core %s",
            cores.server(),
            cores.generator()));
    notes.add(
        String.format(
            Locale.ROOT,
            "%,d identifiers in a shuffled order (seed %d), nothing is denied; a turn in which a"
                + " call failed or was denied is void, and so is the run",
            Plan.IDENTIFIERS,
            Order.SEED));
    if (plan.throttlecrab().isEmpty()) {
      notes.add("throttlecrab is not here: it is built with cargo, which is missing");
    }
    if (ratelimit.isEmpty()) {
      notes.add("Envoy ratelimit is not here: it is built with go, which is missing");
    }
    notes.add(Machine.load());
    notes.add(Machine.launcherOptions());
    return notes;
  }
}
