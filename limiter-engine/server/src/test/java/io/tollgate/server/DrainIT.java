package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.wire.Pipeline;
import io.tollgate.server.wire.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program stopped by SIGTERM in the middle of its work. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class DrainIT {

  private static final int CONNECTIONS = 16;
  private static final long ANSWERS_BEFORE = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What an orchestrator leaves a program by default before it kills it: Kubernetes 30 s. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final int UNITS = 100_000_000;

  /** Nothing comes back while this runs. */
  private static final String LIMITS =
      """
      version: 1
      namespaces:
        api_requests:
          limits:
            - {name: m, algorithm: fixed_window, limit: %d, period: 30d, align: first_call}
      """
          .formatted(UNITS);

  private static final Pattern REMAINING = Pattern.compile("\"remaining\":([0-9]+)");

  @TempDir Path folder;

  /** What was charged, by the units that it left: each check leaves a number of its own. */
  private final BitSet charged = new BitSet();

  private synchronized void note(Said said) {
    Matcher remaining = REMAINING.matcher(said.body());
    assertTrue(remaining.find(), said::body);
    int number = UNITS - Integer.parseInt(remaining.group(1));
    assertTrue(!charged.get(number), () -> "charged once for two answers: " + said);
    charged.set(number);
  }

  @Test
  void sigtermUnderLoadLosesNoAnswerAndEndsWith0InTime() throws Exception {
    String file = Files.writeString(folder.resolve("limits.yaml"), LIMITS).toString();
    Map<String, String> ports = Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");
    List<Pipeline> connections = new ArrayList<>();
    try (var tollgate = TollgateProcess.start(folder, ports, "serve", "--limits", file)) {
      int port = TollgateProcess.port(tollgate.line(), "http");
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(new Pipeline(port, "user", this::note));
      }
      await(connections);
      long begun = System.nanoTime();
      tollgate.terminate();
      long answered = 0;
      for (Pipeline connection : connections) {
        answered += connection.end();
      }
      assertEquals(0, tollgate.exitCode());
      assertTrue(System.nanoTime() - begun < GRACE.toNanos(), "it took too long");
      assertEquals(answered, charged.cardinality());
      assertEquals(answered, charged.length() - 1, "charged but not answered");
    } finally {
      for (Pipeline connection : connections) {
        connection.close();
      }
    }
  }

  private static void await(List<Pipeline> connections) {
    long begun = System.nanoTime();
    while (connections.stream().anyMatch(c -> c.answered() < ANSWERS_BEFORE)) {
      assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), "too few answers");
      Thread.onSpinWait();
    }
  }
}
