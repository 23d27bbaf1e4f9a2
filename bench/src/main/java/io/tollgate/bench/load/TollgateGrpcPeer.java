package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Call;
import io.tollgate.bench.grpc.Proto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Our server over gRPC, as it is shipped.
 *
 * @param launcher {@code bin/tollgate}
 * @param method what is called
 * @param redisPort where Redis listens; with none counters are in memory
 * @param adminPort where it says its metrics; 0 for any
 */
record TollgateGrpcPeer(Path launcher, Method method, OptionalInt redisPort, int adminPort)
    implements GrpcPeer {

  static final String NAME = "tollgate";

  /** No call of a load waits so long: one that did would be decided without Redis. */
  private static final int REDIS_TIMEOUT_MILLIS = 1_000;

  /** What is called. */
  enum Method {
    /** One check in a call. */
    CHECK(
        "LimiterService/Check {identifier: user_#######, namespace: bench}; gcra, 1 a minute,"
            + " burst "
            + Peer.BURST),

    /** Many checks in one call. */
    CHECK_STREAM("LimiterService/CheckStream with the same check under an id"),

    /** Envoy's question. */
    SHOULD_RATE_LIMIT(
        "RateLimitService/ShouldRateLimit {domain: edge, descriptors: remote_address:"
            + " user_#######}; fixed_window, "
            + Peer.BURST
            + " an hour");

    private final String asked;

    Method(String asked) {
      this.asked = asked;
    }

    private Call call() {
      Proto check = new Proto().text(1, "user_" + Call.SLOT).text(2, "bench");
      return switch (this) {
        case CHECK -> Call.unary("/tollgate.limiter.v1.LimiterService/Check", check, 2);
        case CHECK_STREAM ->
            Call.streamed("/tollgate.limiter.v1.LimiterService/CheckStream", check, 2);
        case SHOULD_RATE_LIMIT -> RatelimitPeer.question("edge");
      };
    }
  }

  /** With counters in memory. */
  static TollgateGrpcPeer inMemory(Path launcher, Method method) {
    return new TollgateGrpcPeer(launcher, method, OptionalInt.empty(), 0);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return method.asked;
  }

  @Override
  public Call call() {
    return method.call();
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "serve"));
    command.addAll(List.of("--limits", TollgatePeer.limits(folder).toString()));
    command.addAll(List.of("--http-port", "0", "--grpc-port", Integer.toString(port)));
    command.addAll(List.of("--admin-port", Integer.toString(adminPort)));
    redisPort.ifPresent(redis -> {
      command.addAll(List.of("--redis-addr", "127.0.0.1:" + redis, "--redis-mode", "single"));
      command.addAll(List.of("--redis-timeout-ms", Integer.toString(REDIS_TIMEOUT_MILLIS)));
    });
    return command;
  }

  /** The launcher becomes the server. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
