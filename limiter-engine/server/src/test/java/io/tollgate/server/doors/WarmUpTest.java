package io.tollgate.server.doors;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.door.Traffic;
import io.tollgate.server.door.WarmUp;
import io.tollgate.server.grpc.GrpcWarmUp;
import io.tollgate.server.http.HttpDoor;
import io.tollgate.server.http.HttpWarmUp;
import io.tollgate.server.resp.RespDoor;
import io.tollgate.server.resp.RespWarmUp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls that a server makes to itself. */
@Timeout(60)
class WarmUpTest {

  @TempDir private Path folder;

  private OneServer server() throws IOException {
    Path file = folder.resolve("limits.yaml");
    Files.writeString(file, "version: 1\nnamespaces:\n  n: {limits: []}\n");
    return new OneServer(file);
  }

  private static boolean grpc(OneServer server) {
    return WarmUp.begin("gRPC", limiter -> GrpcWarmUp.call(limiter, server.sources)).await();
  }

  private static boolean http(OneServer server) {
    return WarmUp.begin("HTTP", limiter -> HttpWarmUp.call(server.parts(limiter))).await();
  }

  private static boolean resp(OneServer server) {
    return WarmUp.begin(
            "RESP",
            limiter -> {
              HttpDoor.Parts own = server.parts(limiter);
              return RespWarmUp.call(
                  new RespDoor.Parts(limiter, own.realm(), own.metrics(), new Traffic(1)));
            })
        .await();
  }

  @Test
  void everyCallIsAnsweredAndNoneIsCounted() throws IOException {
    try (OneServer server = server()) {
      assertTrue(grpc(server));
      assertTrue(http(server));
      assertTrue(resp(server));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var _ = server.metrics.scrape("", out);
      String scrape = out.toString(StandardCharsets.UTF_8);
      for (String family : List.of("checks", "grpc_requests", "http_requests", "resp_commands")) {
        assertFalse(scrape.contains("tollgate_" + family + "_total{"), scrape);
      }
    }
  }

  @Test
  void twoAtOnceAreNotInEachOthersWay() throws IOException {
    try (OneServer server = server()) {
      WarmUp one = WarmUp.begin("one", limiter -> GrpcWarmUp.call(limiter, server.sources));
      WarmUp two = WarmUp.begin("two", limiter -> GrpcWarmUp.call(limiter, server.sources));
      assertTrue(one.await());
      assertTrue(two.await());
    }
  }

  @Test
  void oneThatFailsSaysSoAndNothingElse() {
    assertFalse(
        WarmUp.begin(
                "nothing",
                _ -> {
                  throw new IOException("to be seen in the log");
                })
            .await());
  }
}
