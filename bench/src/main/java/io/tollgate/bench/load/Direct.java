package io.tollgate.bench.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A way to ask Redis without HTTP before it, carried out by {@link DirectDriver}. */
enum Direct {
  /** Our script with one item a call; stands beside what is pipelined, since it is. */
  EVALSHA(
      "EVALSHA",
      "our own driver in the place of redis-benchmark, whose arguments end at the first NUL byte:"
          + " EVALSHA of check.lua with one item a call, keys and items the server's own, "
          + Plan.CONNECTIONS
          + " connections, "
          + Plan.DEPTH
          + " calls under way on each; no HTTP"),

  /** What users of Bucket4j do; stands beside what is not pipelined, with as many under way. */
  BUCKET4J(
      "Bucket4j",
      "an asynchronous proxy manager of bucket4j_jdk17-lettuce over one connection, a bucket of "
          + Peer.BURST
          + " refilled by 1 a minute for each identifier, "
          + Plan.CONNECTIONS
          + " checks under way; no HTTP, which is in its favour");

  private final String label;
  private final String asked;

  Direct(String label, String asked) {
    this.label = label;
    this.asked = asked;
  }

  /** What the report calls it. */
  String label() {
    return label;
  }

  /** What exactly is asked and configured. */
  String asked() {
    return asked;
  }

  /** How the driver is started, on the server's core. */
  List<String> command(Setting setting, Redis redis) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(List.of("taskset", "-c", setting.cores().server(), java.toString()));
    // A heap with room, which our launcher's flags do not give ours.
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DirectDriver.class.getName(), name().toLowerCase(Locale.ROOT)));
    for (long number :
        new long[] {
          redis.port(), redis.pid(), setting.plan().warmSeconds(), setting.plan().seconds()
        }) {
      command.add(Long.toString(number));
    }
    return command;
  }
}
