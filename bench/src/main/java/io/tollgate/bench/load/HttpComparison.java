package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The HTTP door against nginx and throttlecrab: interleaved rounds, each with fresh processes, one
 * peer at a time.
 *
 * <p>The arguments stand in {@link Plan}. Ends with 0 when it ran to its end, whatever was reached;
 * with 1 when nothing of our own server counted; with 2 when it could not begin.
 */
public final class HttpComparison {

  private final Plan plan;
  private final Cores cores;
  private final Children children;
  private final Path folder;
  private final Results results = new Results();

  private HttpComparison(Plan plan, Cores cores, Children children, Path folder) {
    this.plan = plan;
    this.cores = cores;
    this.children = children;
    this.folder = folder;
  }

  /** Runs the comparison, prints the report and leaves it in a file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Plan plan;
    Cores cores;
    try {
      plan = Plan.of(List.of(args));
      cores = Cores.ofThisProcess();
    } catch (IllegalArgumentException e) {
      System.err.println("tollgate: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("tollgate-bench-http");
    Children children = new Children(folder);
    Thread end =
        new Thread(() -> {
          children.close();
          remove(folder);
        });
    // Also when the run is interrupted from the keyboard.
    Runtime.getRuntime().addShutdownHook(end);
    System.exit(new HttpComparison(plan, cores, children, folder).run() ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    long self = ProcessHandle.current().pid();
    children.run(
        Duration.ofSeconds(10),
        List.of("taskset", "-a", "-c", "-p", cores.generator(), Long.toString(self)));
    List<String> notes = new ArrayList<>(List.of(new Machine(children).text(plan)));
    List<Peer> peers = peers(notes);
    Round round =
        new Round(
            plan,
            folder,
            cores,
            children,
            new ClosedLoop(folder, children, Plan.CONNECTIONS),
            results);
    for (int number = 0; number < plan.rounds(); number++) {
      for (Peer peer : turns(peers, number)) {
        progress(peer, number);
        round.load(peer, number);
        round.memory(peer, number);
      }
    }
    for (int number = 0; number < Math.max(Plan.LEAST_STARTS, plan.rounds()); number++) {
      for (Peer peer : turns(peers, number)) {
        round.start(peer, number);
      }
    }
    String report = new Report(plan, peers, results).text(notes);
    Files.createDirectories(plan.report().toAbsolutePath().getParent());
    Files.writeString(plan.report(), report);
    System.out.print(report);
    System.out.println("\nleft in " + plan.report());
    return results.spread(peers.getFirst().name(), Metric.CPU).isPresent();
  }

  /** Ours first. It is started once, to see that it answers and how long its answers are. */
  private List<Peer> peers(List<String> notes) throws IOException, InterruptedException {
    List<Peer> peers = new ArrayList<>();
    TollgatePeer ours = new TollgatePeer(plan.launcher());
    try (Server server = Server.start(ours, folder, cores.server(), children)) {
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
    String options = System.getenv().getOrDefault("JAVA_OPTS", "");
    notes.add("JAVA_OPTS of our launcher: " + (options.isEmpty() ? "none" : options));
    return peers;
  }

  /** Who begins changes from round to round. */
  private static List<Peer> turns(List<Peer> peers, int round) {
    List<Peer> turns = new ArrayList<>(peers);
    Collections.rotate(turns, -(round % turns.size()));
    return turns;
  }

  private void progress(Peer peer, int round) {
    System.err.printf(
        Locale.ROOT, "tollgate: round %d of %d, %s%n", round + 1, plan.rounds(), peer.name());
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
    } catch (IOException e) {
      System.err.println("tollgate: left behind " + folder + ": " + e.getMessage());
    }
  }
}
