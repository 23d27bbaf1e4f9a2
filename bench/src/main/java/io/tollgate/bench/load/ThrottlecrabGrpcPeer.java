package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Call;
import io.tollgate.bench.grpc.Proto;
import java.nio.file.Path;
import java.util.List;

/**
 * throttlecrab's gRPC transport.
 *
 * @param program {@code throttlecrab-server}
 */
record ThrottlecrabGrpcPeer(Path program) implements GrpcPeer {

  static final String NAME = "throttlecrab";

  private static final int PERIOD_SECONDS = 60;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return "RateLimiter/Throttle {key: user_#######, max_burst: "
        + Peer.BURST
        + ", count_per_period: 1, period: "
        + PERIOD_SECONDS
        + ", quantity: 1}; periodic store, its default";
  }

  @Override
  public Call call() {
    Proto request =
        new Proto()
            .text(1, "user_" + Call.SLOT)
            .number(2, Peer.BURST)
            .number(3, 1)
            .number(4, PERIOD_SECONDS)
            .number(5, 1);
    return Call.unary("/throttlecrab.RateLimiter/Throttle", request, 3);
  }

  /** Without a host it would listen on all addresses. */
  @Override
  public List<String> command(Path folder, int port) {
    return List.of(
        program.toString(),
        "--grpc",
        "--grpc-host",
        "127.0.0.1",
        "--grpc-port",
        Integer.toString(port),
        "--log-level",
        "error");
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
