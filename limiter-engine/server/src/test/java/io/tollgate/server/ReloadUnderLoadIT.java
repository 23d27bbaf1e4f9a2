package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.wire.Pipeline;
import io.tollgate.server.wire.Said;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The real program whose limits file is replaced again and again while it answers checks. */
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class ReloadUnderLoadIT {

  private static final int CHANGES = 24;
  private static final int CONNECTIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Limits that nobody reaches here, by the names and numbers that answers show. */
  private static final List<String> FEW = List.of("few-a=1000000001", "few-b=1000000002");

  private static final List<String> MANY =
      List.of("many-a=2000000001", "many-b=2000000002", "many-c=2000000003");

  private static final Pattern IN_BODY =
      Pattern.compile("\"name\":\"([^\"]+)\",\"algorithm\":\"[a-z_]+\",\"limit\":([0-9]+)");
  private static final Pattern IN_POLICY = Pattern.compile("\"([^\"]+)\";q=([0-9]+)");

  @TempDir Path folder;

  /** What one connection sees, whose answers come in order. */
  private static final class Witness implements Consumer<Said> {

    private List<String> latest = FEW;
    private int changes;

    @Override
    public void accept(Said said) {
      List<String> limits = limits(IN_BODY, said.body());
      assertTrue(limits.equals(FEW) || limits.equals(MANY), () -> "half a change: " + said);
      assertEquals(limits, limits(IN_POLICY, said.header("ratelimit-policy")), said::toString);
      changes += limits.equals(latest) ? 0 : 1;
      latest = limits;
    }
  }

  private static List<String> limits(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(m -> m.group(1) + "=" + m.group(2)).toList();
  }

  private static String file(List<String> limits) {
    StringBuilder yaml = new StringBuilder("version: 1\nnamespaces:\n  api_requests:\n");
    yaml.append("    limits:\n");
    for (String limit : limits) {
      String[] parts = limit.split("=", -1);
      yaml.append("      - {name: ").append(parts[0]).append(", algorithm: fixed_window, limit: ");
      yaml.append(parts[1]).append(", period: 1d}\n");
    }
    return yaml.toString();
  }

  @Test
  void everyAnswerFitsOneVersionOfTheFileAsAWhole() throws Exception {
    Path file = Files.writeString(folder.resolve("limits.yaml"), file(FEW));
    Map<String, String> ports = Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");
    List<Witness> witnesses = new ArrayList<>();
    List<Pipeline> connections = new ArrayList<>();
    try (var tollgate =
        TollgateProcess.start(folder, ports, "serve", "--limits", file.toString())) {
      String listening = tollgate.line();
      int admin = TollgateProcess.port(listening, "admin");
      for (int i = 0; i < CONNECTIONS; i++) {
        witnesses.add(new Witness());
        int port = TollgateProcess.port(listening, "http");
        connections.add(new Pipeline(port, "user" + i, witnesses.getLast()));
      }
      for (int i = 1; i <= CHANGES; i++) {
        if (i % 4 == 0) {
          replace(file, file(FEW).replaceFirst("fixed_window", "fixed_widow"));
          awaitHealth(admin, "{\"valid\":false,");
        }
        long before = reloads(admin);
        replace(file, file(i % 2 == 0 ? FEW : MANY));
        await(() -> reloads(admin) == before + 1);
        awaitProgress(connections);
      }
      tollgate.terminate();
      for (Pipeline connection : connections) {
        assertTrue(connection.end() > CHANGES * Pipeline.MOST_OPEN, "too few answers");
      }
      witnesses.forEach(witness -> assertEquals(CHANGES, witness.changes));
      assertEquals(0, tollgate.exitCode());
    } finally {
      for (Pipeline connection : connections) {
        connection.close();
      }
    }
  }

  private void replace(Path file, String yaml) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), yaml);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** So that every connection has seen what is in force now. */
  private static void awaitProgress(List<Pipeline> connections) throws Exception {
    List<Long> before = connections.stream().map(Pipeline::answered).toList();
    for (int i = 0; i < connections.size(); i++) {
      Pipeline connection = connections.get(i);
      long enough = before.get(i) + 2 * Pipeline.MOST_OPEN;
      await(() -> connection.answered() >= enough);
    }
  }

  private static long reloads(int admin) throws IOException, InterruptedException {
    return (long)
        Exposition.classic(get(admin, "/metrics"))
            .value("tollgate_config_reloads_total", "result", "success");
  }

  private static void awaitHealth(int admin, String text) throws Exception {
    await(() -> get(admin, "/health").contains(text));
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - begun < PATIENCE.toNanos(), "nothing came of it");
      Thread.onSpinWait();
    }
  }
}
