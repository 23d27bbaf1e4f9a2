package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers as they are shipped, which take units ahead of one counter in Redis. */
class AllotmentsIT {

  private static final int CHECKS = 300;
  private static final int LIMIT = 100_000;
  private static final Pattern REMAINING = Pattern.compile("\"remaining\":([0-9]+)");
  private static final String LIMITS =
      """
      version: 1
      namespaces:
        site:
          limits:
            - {name: all-together, algorithm: fixed_window, limit: 100000, period: 366d,
               per: namespace, allotment: {max: 200}}
      """;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private final List<TollgateProcess> open = new ArrayList<>();
  private final RedisServer redis = RedisServer.start();

  private record Instance(TollgateProcess process, int http, int admin) {}

  @AfterEach
  void close() {
    open.forEach(TollgateProcess::close);
    redis.close();
  }

  private Instance start() throws IOException {
    Path limits = Files.writeString(folder.resolve("limits.yaml"), LIMITS);
    Map<String, String> environment =
        Map.of("REDIS_ADDR", "127.0.0.1:" + redis.port, "REDIS_TIMEOUT_MS", "2000");
    TollgateProcess process =
        TollgateProcess.startShipped(
            folder,
            environment,
            "serve",
            "--http-port",
            "0",
            "--admin-port",
            "0",
            "--limits",
            limits.toString());
    open.add(process);
    String listening = process.line();
    return new Instance(
        process, TollgateProcess.port(listening, "http"), TollgateProcess.port(listening, "admin"));
  }

  private static String check(Instance by, int cost) throws IOException, InterruptedException {
    String body = "{\"identifier\":\"u\",\"namespace\":\"site\",\"cost\":" + cost + "}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + by.http + "/v1/check"))
            .POST(BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString()).body();
  }

  private static double metric(Instance of, String series)
      throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + of.admin + "/metrics");
    String text =
        CLIENT.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not in " + text));
  }

  @Test
  void twoServersSpendWhatTheyTookAndGiveBackTheRestWhenTheyStop() throws Exception {
    List<Instance> instances = List.of(start(), start());
    for (int i = 0; i < CHECKS; i++) {
      for (Instance instance : instances) {
        String decision = check(instance, 1);
        assertTrue(decision.contains("\"allowed\":true"), decision);
        assertTrue(decision.contains("\"error_bound\":"), decision);
        assertTrue(decision.contains("\"degraded\":false"), decision);
      }
    }
    for (Instance instance : instances) {
      assertTrue(metric(instance, "tollgate_allotment_units_total{event=\"taken\"}") >= CHECKS);
      assertEquals(CHECKS, metric(instance, "tollgate_allotment_units_total{event=\"spent\"}"));
      assertTrue(metric(instance, "tollgate_allotment_takes_total") < CHECKS);
      String bound = "tollgate_allotment_error_bound{limit=\"all-together\",namespace=\"site\"}";
      assertTrue(metric(instance, bound) >= 400, "at least a hand for each of two instances");
    }
    for (Instance instance : instances) {
      instance.process.terminate();
    }
    for (Instance instance : instances) {
      var _ = instance.process.exitCode();
    }
    Matcher remaining = REMAINING.matcher(check(start(), 0));
    assertTrue(remaining.find());
    assertEquals(LIMIT - 2 * CHECKS, Integer.parseInt(remaining.group(1)));
  }
}
