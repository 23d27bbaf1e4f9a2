package io.tollgate.server.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A real Envoy that serves one configuration on a port of its own. */
final class EnvoyProcess implements AutoCloseable {

  /** It starts in about 20 ms; a machine with other work is given this. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final Pattern LISTENER = Pattern.compile("::127\\.0\\.0\\.1:([0-9]+)\\s");

  private final Process process;
  private final Path log;
  private final int port;

  private EnvoyProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts with a configuration that has one listener and admin, and waits for both. */
  static EnvoyProcess start(Path folder, String configuration) throws Exception {
    Path work = Files.createTempDirectory(folder, "envoy");
    Path file = Files.writeString(work.resolve("envoy.yaml"), configuration);
    Path admin = work.resolve("admin");
    Path log = work.resolve("log");
    Process process =
        new ProcessBuilder(
                binary().toString(),
                "--config-path",
                file.toString(),
                "--admin-address-path",
                admin.toString(),
                // Two Envoys with the same number would take each other's shared memory.
                "--use-dynamic-base-id",
                "--concurrency",
                "1",
                "--log-level",
                "info")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new EnvoyProcess(process, log, awaitPort(process, admin, log));
    } catch (Exception | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Path binary() {
    @Nullable String path = System.getProperty("tollgate.envoy");
    if (path == null || !Files.isExecutable(Path.of(path))) {
      throw new IllegalStateException(
          "no Envoy at "
              + path
              + "; make test fetches one, or: -Dtollgate.envoy=$(tools/envoy.sh)");
    }
    return Path.of(path);
  }

  /** It chooses both ports by itself, and says that of admin in a file, that of the other there. */
  private static int awaitPort(Process process, Path admin, Path log) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < end && process.isAlive()) {
        String address = Files.exists(admin) ? Files.readString(admin).strip() : "";
        if (!address.isEmpty() && isReady(client, address)) {
          Matcher listener = LISTENER.matcher(get(client, address, "/listeners").body());
          if (listener.find()) {
            return Integer.parseInt(listener.group(1));
          }
        }
        Thread.onSpinWait();
      }
    }
    throw new IllegalStateException("Envoy does not listen; its log: " + Files.readString(log));
  }

  private static boolean isReady(HttpClient client, String address) throws InterruptedException {
    try {
      return get(client, address, "/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static HttpResponse<String> get(HttpClient client, String address, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Where its listener is, on 127.0.0.1. */
  int port() {
    return port;
  }

  /** Everything that it has logged. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
