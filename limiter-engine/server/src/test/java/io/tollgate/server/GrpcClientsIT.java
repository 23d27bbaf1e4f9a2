package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clients that the gRPC project publishes for another language, and the server as shipped. */
@Timeout(120)
class GrpcClientsIT {

  @TempDir private Path folder;

  /** Where {@code tools/python-clients.sh} has put them. */
  private static String clients() {
    return Objects.requireNonNull(
        System.getProperty("tollgate.python.clients"),
        "make test fetches them, or: -Dtollgate.python.clients=$(tools/python-clients.sh)");
  }

  @Test
  void pythonAsksByNothingButWhatTheServerSaysOfItself() throws Exception {
    Path script =
        Path.of(Objects.requireNonNull(getClass().getResource("/grpc/client.py")).toURI());
    Map<String, String> free = Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");
    try (var server = TollgateProcess.startShipped(folder, free, "serve")) {
      int port = TollgateProcess.port(server.line(), "grpc");
      List<String> command = List.of("python3", script.toString(), Integer.toString(port));
      try (var python = TollgateProcess.start(folder, Map.of("PYTHONPATH", clients()), command)) {
        assertEquals(0, python.exitCode(), python.err());
        assertEquals(
            List.of(
                "health SERVING",
                "service envoy.service.ratelimit.v3.RateLimitService",
                "service grpc.health.v1.Health",
                "service grpc.reflection.v1.ServerReflection",
                "service grpc.reflection.v1alpha.ServerReflection",
                "service tollgate.limiter.v1.LimiterService",
                "check True 99 default",
                "refused INVALID_ARGUMENT namespace: is missing"),
            python.lines());
      }
    }
  }
}
