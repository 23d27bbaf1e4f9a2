package io.tollgate.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Asks Redis in a process of its own, so that what it uses can be told from what others use.
 *
 * <p>Arguments: evalsha or bucket4j, the port and the process of Redis, seconds of processor time
 * for warming up, seconds of the measurement. Prints what {@link Driven} reads.
 */
public final class DirectDriver {

  private DirectDriver() {}

  /** Warms up, measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Direct direct = Direct.valueOf(args[0].toUpperCase(Locale.ROOT));
    int port = Integer.parseInt(args[1]);
    List<Long> redis = List.of(Long.valueOf(args[2]));
    List<Long> own = List.of(ProcessHandle.current().pid());
    try (Asker asker = asker(direct, port)) {
      warm(asker, own, Integer.parseInt(args[3]));
      CpuTime ownBefore = CpuTime.of(own);
      CpuTime redisBefore = CpuTime.of(redis);
      Closed closed = asker.ask(Long.parseLong(args[4]) * Schedule.NANOS_PER_SECOND);
      CpuTime redisUsed = CpuTime.of(redis).since(redisBefore);
      CpuTime ownUsed = CpuTime.of(own).since(ownBefore);
      System.out.println(new Driven(closed, ownUsed, redisUsed).text());
    }
  }

  private static Asker asker(Direct direct, int port) throws IOException {
    return switch (direct) {
      case EVALSHA -> new ScriptAsker(port, Plan.CONNECTIONS, Plan.DEPTH);
      case BUCKET4J -> new BucketAsker(port, Plan.CONNECTIONS);
    };
  }

  /** As {@link Round} warms a server up. */
  private static void warm(Asker asker, List<Long> own, int seconds)
      throws IOException, InterruptedException {
    CpuTime before = CpuTime.of(own);
    for (int second = 0; second < Round.MOST_WARMING * seconds; second++) {
      Closed closed = asker.ask(Schedule.NANOS_PER_SECOND);
      if (closed.errors() > 0) {
        throw new IOException(closed.errors() + " errors while warming up");
      }
      if (CpuTime.of(own).since(before).micros() >= seconds * Round.MICROS_PER_SECOND) {
        return;
      }
    }
  }
}
