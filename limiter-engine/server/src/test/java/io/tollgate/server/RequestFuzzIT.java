package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.wire.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program under damaged requests. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class RequestFuzzIT {

  private static final int STREAMS = 300;

  /** One unit comes back after seven hours. */
  private static final String LIMITS =
      """
      version: 1
      namespaces:
        api_requests: {limits: [{name: m, algorithm: token_bucket, limit: 100, period: 30d}]}
      """;

  @TempDir Path folder;

  @Test
  void damagedStreamsLeaveARunningServerAndNothingInItsLog() throws Exception {
    long seed = Fuzz.seed(RequestFuzzIT.class);
    String file = Files.writeString(folder.resolve("limits.yaml"), LIMITS).toString();
    Map<String, String> ports = Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");
    try (var tollgate = TollgateProcess.start(folder, ports, "serve", "--limits", file)) {
      String listening = tollgate.line();
      Fuzz fuzz = new Fuzz(TollgateProcess.port(listening, "http"), seed);
      fuzz.run(0, STREAMS);
      assertTrue(fuzz.whole() > STREAMS / 20, "too few streams were whole: " + fuzz.whole());
      assertEquals(200, TollgateProcess.readiness(TollgateProcess.port(listening, "admin")));
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
      assertFalse(tollgate.err().contains("WARN"), tollgate.err());
      assertFalse(tollgate.err().contains("ERROR"), tollgate.err());
      assertFalse(tollgate.err().contains("Exception"), tollgate.err());
    }
  }
}
