package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.Markdown;
import io.tollgate.server.TollgateProcess;
import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tollgate with a recipe's limits, and the recipe's server, as its page starts them.
 *
 * <p>Tests of a class share one Tollgate, one after the other: each has a server of its own, and
 * users whom no other test has. One that ends Tollgate need not start it again.
 */
final class Recipe implements AutoCloseable {

  /** Far above what the programs wait for, far below what nobody would wait for. */
  static final Duration MOST = Duration.ofSeconds(5);

  /** How long a slow machine may take. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** For servers whose Tollgate goes away: four times the default, as a machine may be slow. */
  static final String SOON = "--timeout=1";

  /** So many questions make a Tollgate that has just started answer in time. */
  private static final int WARMING = 50;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final String name;
  private final Path limits;
  private final int tollgatePort;

  /** Whose Tollgate it is: this one's own, or that of the recipe that is shared. */
  private final Recipe owner;

  /** Behind the names of users. */
  private final String suffix;

  // Of the owner alone.
  private @Nullable TollgateProcess tollgate;
  private boolean answers;
  private int shares;

  private @Nullable TollgateProcess server;
  private int port;

  private Recipe(Path folder, String name, Path limits) throws Exception {
    this.folder = folder;
    this.name = name;
    this.limits = limits;
    this.owner = this;
    this.suffix = "";
    TollgateProcess started = serve(0);
    this.tollgate = started;
    this.tollgatePort = TollgateProcess.port(started.line(), "http");
    warm();
    this.answers = true;
  }

  private Recipe(Path folder, Recipe shared, String suffix) {
    this.folder = folder;
    this.name = shared.name;
    this.limits = shared.limits;
    this.owner = shared;
    this.suffix = suffix;
    this.tollgatePort = shared.tollgatePort;
  }

  /** Starts a recipe with the limits that it ships, and with arguments for its server. */
  static Recipe start(Path folder, String name, String... arguments) throws Exception {
    return toShare(folder, name).with(arguments);
  }

  /** Starts it with another text in one place of its limits. */
  static Recipe changed(Path folder, String name, String old, String other, String... arguments)
      throws Exception {
    return toShare(folder, name, old, other).with(arguments);
  }

  /** Starts Tollgate alone, for tests that {@link #share} it. */
  static Recipe toShare(Path folder, String name) throws Exception {
    return new Recipe(folder, name, file(name, "limits.yaml"));
  }

  /** The same with another text in one place of its limits. */
  static Recipe toShare(Path folder, String name, String old, String other) throws Exception {
    String text = Files.readString(file(name, "limits.yaml"));
    assertTrue(text.contains(old), () -> "no '" + old + "' in " + text);
    Path changed = Files.writeString(folder.resolve("limits.yaml"), text.replace(old, other));
    return new Recipe(folder, name, changed);
  }

  /** Starts one more server of the recipe; Tollgate stays when it ends. */
  Recipe share(Path folder, String... arguments) throws Exception {
    return beside(folder).with(arguments);
  }

  /** The same, whose server has yet to be started. */
  Recipe beside(Path folder) throws Exception {
    if (!answers) {
      stopTollgate();
      startTollgate();
    }
    shares++;
    return new Recipe(folder, this, "-" + shares);
  }

  private Recipe with(String... arguments) throws IOException {
    startServer(arguments);
    return this;
  }

  /** A user of that name whom no other test has. */
  String user(String name) {
    return name + suffix;
  }

  private void warm() throws IOException, InterruptedException {
    for (int i = 0; i < WARMING; i++) {
      for (String verb : List.of("check", "leases", "reservations")) {
        var _ = ask("/v1/" + verb, "{\"identifier\":\"nobody\",\"namespace\":\"nothing\"}");
      }
    }
  }

  private static Path file(String name, String file) {
    return Path.of(System.getProperty("tollgate.root"), "recipes", name, file);
  }

  private TollgateProcess serve(int httpPort) throws IOException {
    Map<String, String> environment =
        Map.of(
            "TOLLGATE_HTTP_PORT",
            String.valueOf(httpPort),
            "TOLLGATE_ADMIN_PORT",
            "0",
            "TOLLGATE_GRPC_PORT",
            "off",
            "TOLLGATE_DATA_DIR",
            folder.resolve("data").toString());
    return TollgateProcess.startShipped(
        folder, environment, "serve", "--limits", limits.toString());
  }

  private TollgateProcess python(String file, String... arguments) throws IOException {
    String libraries =
        Objects.requireNonNull(
            System.getProperty("tollgate.python.clients"),
            "make test fetches them, or: -Dtollgate.python.clients=$(tools/python-clients.sh)");
    List<String> command = new ArrayList<>(List.of("python3", file(name, file).toString()));
    command.addAll(List.of(arguments));
    return TollgateProcess.start(
        folder, Map.of("PYTHONPATH", libraries, "PYTHONDONTWRITEBYTECODE", "1"), command);
  }

  /** Starts the recipe's server, which asks the Tollgate of this recipe; ends the one before. */
  void startServer(String... arguments) throws IOException {
    if (server != null) {
      server.close();
    }
    List<String> all = new ArrayList<>(List.of("--port", "0"));
    all.addAll(List.of("--tollgate", "http://127.0.0.1:" + tollgatePort));
    // A machine may be slow; where it matters, a shorter time is among the arguments.
    all.addAll(List.of("--timeout", "10"));
    all.addAll(List.of(arguments));
    server = python("server.py", all.toArray(String[]::new));
    port = Integer.parseInt(server.line().replaceAll("listening on port ([0-9]+)", "$1"));
  }

  /** The process of the recipe's server. */
  TollgateProcess server() {
    return Objects.requireNonNull(server);
  }

  /** Where the recipe's server listens. */
  int port() {
    return port;
  }

  /** Lets Tollgate do nothing any more, as a machine without memory does. */
  void hangTollgate() throws IOException, InterruptedException {
    owner.answers = false;
    Objects.requireNonNull(owner.tollgate).signal("STOP");
  }

  /** Ends Tollgate as a crash does. */
  void stopTollgate() throws InterruptedException {
    owner.answers = false;
    TollgateProcess ends = Objects.requireNonNull(owner.tollgate);
    ends.kill();
    var _ = ends.exitCode();
  }

  /** Starts it anew, where it was; it knows nothing of what was counted before. */
  void startTollgate() throws IOException, InterruptedException {
    TollgateProcess started = owner.serve(tollgatePort);
    owner.tollgate = started;
    assertEquals(tollgatePort, TollgateProcess.port(started.line(), "http"));
    warm();
    owner.answers = true;
  }

  /** Starts the recipe's client against its server. */
  TollgateProcess client(String scheme, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(scheme + "://127.0.0.1:" + port));
    all.addAll(List.of(arguments));
    return python("client.py", all.toArray(String[]::new));
  }

  /** Runs the client, and holds what it prints to what the recipe's page shows of it. */
  List<String> printsWhatItsPageShows(String scheme) throws Exception {
    return printsWhatItsPageShows(scheme, 0);
  }

  /** The same for one of the texts that the page shows; answers what was printed. */
  List<String> printsWhatItsPageShows(String scheme, int text) throws Exception {
    try (TollgateProcess run = client(scheme)) {
      List<String> lines = run.lines();
      assertEquals(0, run.exitCode(), run.err());
      assertEquals("", run.err());
      List<String> texts =
          Markdown.page("recipes/" + name + "/README.md").blocks().stream()
              .filter(block -> block.language().equals("text"))
              .map(Markdown.Block::text)
              .toList();
      List<String> page = texts.get(text).lines().toList();
      assertEquals(shape(page), shape(lines), () -> String.join("\n", lines));
      return lines;
    }
  }

  /**
   * Lines in order, but for numbers, which are times, or steps that differ from one SQLite to
   * another, and for the room that these take.
   */
  private static List<String> shape(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceAll("[0-9]+(\\.[0-9]+)?", "0").replaceAll(" +", " "))
        .toList();
  }

  /** What Tollgate answers to a call. */
  Tree ask(String path, String body) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + tollgatePort + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(MOST.multipliedBy(10));
    return Tree.json(
        client
            .send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body());
  }

  /** What this recipe's Ann has left. */
  long remaining(String path, String namespace) throws IOException, InterruptedException {
    return remaining(path, namespace, user("ann"));
  }

  /** What an identifier has left. */
  long remaining(String path, String namespace, String identifier)
      throws IOException, InterruptedException {
    Tree peeked = peek(path, namespace, identifier);
    return (Long) Objects.requireNonNull(peeked.at("remaining").value());
  }

  /** What an identifier is answered that takes nothing. */
  Tree peek(String path, String namespace, String identifier)
      throws IOException, InterruptedException {
    return ask(
        path,
        "{\"identifier\":\"%s\",\"namespace\":\"%s\",\"cost\":0}".formatted(identifier, namespace));
  }

  /** Waits until something is so, not for ever. */
  static void await(String what, Callable<Boolean> so) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!so.call()) {
      assertTrue(System.nanoTime() < end, () -> "not within half a minute: " + what);
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    client.close();
    if (tollgate != null) {
      tollgate.close();
    }
    if (server != null) {
      server.close();
    }
  }
}
