package io.tollgate.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.concurrency.AdaptiveConcurrency.InForce;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.redis.RedisStore;
import io.tollgate.limiter.store.StoreStats;
import io.tollgate.server.Exposition;
import io.tollgate.server.Markdown;
import io.tollgate.server.limits.LimitsState;
import io.tollgate.server.tls.TlsState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/metrics.md to what a scrape says, and the other way round. */
class MetricsDocTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([a-z]+) \\|([^|]*)\\| [^|]+ \\|$");
  private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");

  /** What the formats add to a histogram and a summary, beside what is documented. */
  private static final Set<String> OF_FORMAT = Set.of("le", "quantile");

  private static final LimitsState LIMITS =
      new LimitsState(true, Instant.EPOCH, Instant.EPOCH, 0, Optional.empty(), 0, 0, 0, 0);

  private static final TlsState TLS =
      new TlsState(true, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Optional.empty(), 0, 0);

  private static final RedisMetrics REDIS =
      new RedisMetrics(() -> new RedisStore.State(2, 2, 2, 1, ""));

  @Test
  void theTablesNameEveryMetricWithTypeAndLabelsAndNoOther() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Matcher row = ROW.matcher(Markdown.page("docs/metrics.md").text());
    while (row.find()) {
      Set<String> labels = new TreeSet<>();
      LABEL.matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
      documented.put(row.group(1), row.group(2) + " " + labels);
    }
    Map<String, String> real = new TreeMap<>();
    scrape()
        .families()
        .forEach((name, family) -> {
          Set<String> labels = new TreeSet<>(family.labelNames());
          labels.removeAll(OF_FORMAT);
          real.put(name, family.type() + " " + labels);
        });
    assertEquals(real, documented);
  }

  private static Exposition scrape() throws IOException {
    Metrics metrics =
        new Metrics(
            new Sources(
                "1",
                () -> Set.of("n"),
                () -> new StoreStats(0, 0, 0, 0, 0, 0),
                () -> LIMITS,
                () -> Optional.of(REDIS),
                _ -> Map.of("n", Map.of("site", 1L)),
                () -> List.of(new InForce("n", "callee", 1, 20, 20)),
                () -> Optional.of(TLS)),
            System::nanoTime);
    LoopMetrics loop = metrics.ofThisLoop();
    loop.decided(Verb.CHECK, "n", new Decision.Allowed(0, List.of(), -1, 0, false));
    loop.answered("/r", 200, LoopMetrics.NONE);
    loop.answeredRpc("Check", "OK", LoopMetrics.NONE);
    loop.answeredCommand("ping", "ok");
    loop.descriptor("n", "path=/login", "within_limit");
    loop.negativeHits("n", true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = metrics.scrape("", out);
    return Exposition.classic(out.toString(StandardCharsets.UTF_8));
  }
}
