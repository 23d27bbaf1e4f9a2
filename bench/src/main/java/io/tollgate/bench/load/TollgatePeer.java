package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Our server, as it is shipped.
 *
 * @param launcher {@code bin/tollgate}
 */
record TollgatePeer(Path launcher) implements HttpPeer {

  private static final String LIMITS =
      """
      version: 1
      namespaces:
        bench:
          authz: {identity: [api_key]}
          limits:
            - {name: per-minute, algorithm: gcra, limit: 1, period: 1m, burst: BURST}
        hot:
          limits:
            - {name: per-second, algorithm: gcra, limit: HOT, period: 1s}
        edge:
          descriptors:
            - match: [{key: remote_address}]
              limits: [{name: per-hour, algorithm: fixed_window, limit: BURST, period: 1h}]
        hot-key:
          limits:
            - {name: one, algorithm: gcra, limit: 1, period: 1m, burst: 100000000}
        hot-key-allotted:
          limits:
            - {name: one, algorithm: gcra, limit: 1, period: 1m, burst: 100000000,
               allotment: {max: 10000}}
      """;

  @Override
  public String name() {
    return "tollgate";
  }

  @Override
  public String asked() {
    return "POST /v1/check {\"identifier\":\"user_"
        + Question.SLOT
        + "\",\"namespace\":\"bench\"}; gcra, 1 a minute, burst "
        + BURST
        + "; default headers; "
        + launcher;
  }

  @Override
  public Question question() {
    return Question.post("/v1/check", body("user_" + Question.SLOT, "bench"));
  }

  @Override
  public Hot hot() {
    return new Hot("/v1/check", Optional.of(body(HOT_IDENTIFIER, "hot")));
  }

  static String body(String identifier, String namespace) {
    return "{\"identifier\":\"" + identifier + "\",\"namespace\":\"" + namespace + "\"}";
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    return command(folder, port, 0);
  }

  /** The same, with the port of metrics and health; 0 for any. */
  List<String> command(Path folder, int port, int adminPort) throws IOException {
    return List.of(
        launcher.toString(),
        "serve",
        "--limits",
        limits(folder).toString(),
        "--http-port",
        Integer.toString(port),
        "--grpc-port",
        "off",
        "--admin-port",
        Integer.toString(adminPort));
  }

  /** Writes the limits of all benchmarks. */
  static Path limits(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("limits.yaml"),
        LIMITS
            .replace("BURST", Integer.toString(BURST))
            .replace("HOT", Integer.toString(HOT_PER_SECOND)));
  }

  /** The launcher becomes the server. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
