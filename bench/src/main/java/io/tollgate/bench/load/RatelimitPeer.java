package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Call;
import io.tollgate.bench.grpc.Proto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Envoy's own rate limit service over Redis.
 *
 * @param program {@code service_cmd}
 * @param redisPort where Redis listens
 */
record RatelimitPeer(Path program, int redisPort) implements GrpcPeer {

  static final String NAME = "Envoy ratelimit";

  /** Its manual recommends 150 to 500 µs; without it each command is a write of its own. */
  private static final String PIPELINE_WINDOW = "150us";

  private static final String DOMAIN = "edge";

  private static final String CONFIGURATION =
      """
      domain: DOMAIN
      descriptors:
        - key: remote_address
          rate_limit: {unit: hour, requests_per_unit: BURST}
      """;

  /** Envoy's question; an answer's remaining units stand in the status of the first descriptor. */
  static Call question(String domain) {
    Proto entry = new Proto().text(1, "remote_address").text(2, "user_" + Call.SLOT);
    Proto request = new Proto().text(1, domain).message(2, new Proto().message(1, entry));
    return Call.unary(
        "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", request, 2, 3);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return "RateLimitService/ShouldRateLimit {domain: "
        + DOMAIN
        + ", descriptors: remote_address: user_#######}; "
        + Peer.BURST
        + " an hour; REDIS_PIPELINE_WINDOW="
        + PIPELINE_WINDOW
        + ", the rest its default";
  }

  @Override
  public Call call() {
    return question(DOMAIN);
  }

  /** Without hosts it would listen on all addresses; statsd and a watched folder it has not. */
  @Override
  public List<String> command(Path folder, int port) throws IOException {
    Path config = Files.createDirectories(folder.resolve("ratelimit/config"));
    Files.writeString(
        config.resolve("edge.yaml"),
        CONFIGURATION.replace("DOMAIN", DOMAIN).replace("BURST", Integer.toString(Peer.BURST)));
    List<String> command = new ArrayList<>(List.of("env", "USE_STATSD=false", "LOG_LEVEL=error"));
    command.addAll(List.of("HOST=127.0.0.1", "PORT=" + FreePort.find()));
    command.addAll(List.of("DEBUG_HOST=127.0.0.1", "DEBUG_PORT=" + FreePort.find()));
    command.addAll(List.of("GRPC_HOST=127.0.0.1", "GRPC_PORT=" + port));
    command.addAll(List.of("REDIS_SOCKET_TYPE=tcp", "REDIS_URL=127.0.0.1:" + redisPort));
    command.add("REDIS_PIPELINE_WINDOW=" + PIPELINE_WINDOW);
    command.addAll(List.of("RUNTIME_ROOT=" + folder, "RUNTIME_SUBDIRECTORY=ratelimit"));
    command.addAll(List.of("RUNTIME_WATCH_ROOT=false", program.toString()));
    return command;
  }

  /** env becomes the server. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
