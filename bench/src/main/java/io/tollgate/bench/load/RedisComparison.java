package io.tollgate.bench.load;

import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Our server with counters in Redis beside what it would be without batches, beside our script
 * without it, and beside Bucket4j; or over a Cluster, and where all ask for one identifier, with
 * and without an allotment. Interleaved rounds, each with a fresh Redis.
 */
public final class RedisComparison {

  /** What {@link #main} is told to compare Clusters and hot keys instead. */
  private static final String SCALE = "scale";

  private final Setting setting;
  private final boolean scale;
  private final Results results = new Results();

  private RedisComparison(Setting setting, boolean scale) {
    this.setting = setting;
    this.scale = scale;
  }

  /** Runs the comparison, prints the report and leaves it in a file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean scale = args.length > 0 && args[0].equals(SCALE);
    String[] plan = scale ? Arrays.copyOfRange(args, 1, args.length) : args;
    Setting.run(plan, setting -> new RedisComparison(setting, scale).run());
  }

  /** A turn of one column. */
  private interface Turn {
    void run(RedisRound round, int number) throws InterruptedException;
  }

  private record Contender(String name, String asked, Turn turn) {}

  private boolean run() throws IOException, InterruptedException {
    List<Contender> contenders = contenders();
    List<String> notes = notes();
    ClosedLoop closedLoop = new ClosedLoop(setting.folder(), setting.children(), Plan.CONNECTIONS);
    RedisRound round = new RedisRound(setting, closedLoop, results);
    for (int number = 0; number < setting.plan().rounds(); number++) {
      for (Contender contender : Setting.turns(contenders, number)) {
        setting.progress(contender.name, number);
        contender.turn.run(round, number);
      }
    }
    List<Report.Column> columns =
        contenders.stream().map(one -> new Report.Column(one.name, one.asked)).toList();
    setting.publish(
        new Report(
                scale ? Report.Subject.SCALE : Report.Subject.REDIS,
                setting.plan(),
                columns,
                results)
            .text(notes));
    return results.spread(Sharing.SHIPPED.label(), Metric.CPU).isPresent();
  }

  /** Ours first. */
  private List<Contender> contenders() {
    List<Contender> contenders = new ArrayList<>();
    for (Sharing sharing : scale ? Sharing.SCALE : Sharing.BATCHES) {
      contenders.add(
          new Contender(
              sharing.label(),
              sharing.asked(setting.plan().launcher()),
              (round, number) -> round.shared(sharing, number)));
    }
    for (Direct direct : scale ? List.<Direct>of() : List.of(Direct.values())) {
      contenders.add(
          new Contender(
              direct.label(), direct.asked(), (round, number) -> round.direct(direct, number)));
    }
    return contenders;
  }

  private List<String> notes() throws IOException, InterruptedException {
    Machine machine = new Machine(setting.children());
    Cores cores = setting.cores();
    return List.of(
        machine.text(
            List.of(
                machine.firstLine("redis-server", "--version").replaceFirst(" sha=.*", ""),
                jar(Bucket4jLettuce.class),
                jar(RedisClient.class),
                machine.wrk())),
        String.format(
            Locale.ROOT,
            "our server is pinned to core %s, so it has one event loop; redis-server to core %s,"
                + " which it shares with the generator. Who asks Redis without HTTP does so from"
                + " core %s, and Redis has core %s for itself",
            cores.server(),
            cores.generator(),
            cores.server(),
            cores.generator()),
        String.format(
            Locale.ROOT,
            "%,d identifiers in a shuffled order (seed %d); of a limit of 1 a minute with a burst"
                + " of %,d nothing is denied, and every key lives. A key of the limit that expires"
                + " at once, %,d a second, is full again after a microsecond",
            Plan.IDENTIFIERS,
            Order.SEED,
            Peer.BURST,
            Peer.HOT_PER_SECOND),
        "a round in which our server decided a check without Redis is void",
        Machine.load(),
        Machine.launcherOptions());
  }

  private static String jar(Class<?> of) {
    Path path = Path.of(of.getProtectionDomain().getCodeSource().getLocation().getPath());
    return String.valueOf(path.getFileName());
  }
}
