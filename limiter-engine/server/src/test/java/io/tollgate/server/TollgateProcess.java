package io.tollgate.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real program in a process of its own, in a foreign language and without our settings. */
public final class TollgateProcess implements AutoCloseable {

  /** A hang shows as a failure after this time. */
  private static final long PATIENCE_SECONDS = 60;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final BufferedReader out;
  private final Path err;

  private TollgateProcess(Process process, Path err) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.err = err;
  }

  /** Starts {@code tollgate} with arguments. */
  static TollgateProcess start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(folder, environment, command(Tollgate.class, arguments));
  }

  /** The command that runs a class as the program is run. */
  static List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Duser.language=tr", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    // A test library brings SLF4J without a backend, which says so; the product has none.
    command.add("-Dslf4j.internal.verbosity=ERROR");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts the launcher and the libraries as they are shipped, on this JVM's JDK. */
  public static TollgateProcess startShipped(
      Path folder, Map<String, String> environment, String... arguments) throws IOException {
    Path app = Path.of(System.getProperty("tollgate.root"), "limiter-engine/server/target/app");
    List<String> command = new ArrayList<>(List.of(app.resolve("bin/tollgate").toString()));
    command.addAll(List.of(arguments));
    Map<String, String> withJava = new HashMap<>(environment);
    withJava.put("JAVA_HOME", System.getProperty("java.home"));
    return start(folder, withJava, command);
  }

  /** Starts a command. */
  public static TollgateProcess start(
      Path folder, Map<String, String> environment, List<String> command) throws IOException {
    Path err = Files.createTempFile(folder, "stderr", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    // Of several servers only one can have the usual port.
    builder.environment().put("TOLLGATE_GRPC_PORT", "0");
    builder.environment().putAll(environment);
    return new TollgateProcess(builder.start(), err);
  }

  /** The next line of stdout. */
  public String line() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("stdout ended; stderr: " + err());
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("reading stdout", e);
    }
  }

  /** Everything that is left on stdout, until it ends. */
  public List<String> lines() {
    return out.lines().toList();
  }

  /** Everything on stderr so far. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  /** The exit code, when the program has ended by itself. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running after " + PATIENCE_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** The number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Sends SIGTERM; unlike the process's own way, leaves its streams readable. */
  public void terminate() {
    var _ = process.toHandle().destroy();
  }

  /** Ends it at once, as a crash does. */
  public void kill() {
    var _ = process.toHandle().destroyForcibly();
  }

  /**
   * Sends a signal by its name, such as {@code STOP}, which nobody can refuse.
   *
   * <p>After {@code STOP} no thread runs any more: the kernel stops one, which stops the others,
   * and on a busy machine these still answer in between.
   */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IllegalStateException("kill -" + name + " " + pid() + " has failed");
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (name.equals("STOP") && runs()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(pid() + " still runs after SIGSTOP");
      }
      Thread.onSpinWait();
    }
  }

  /** Whether a thread is not stopped, as Linux says; elsewhere nobody is asked. */
  private boolean runs() throws IOException {
    Path tasks = Path.of("/proc/" + pid() + "/task");
    if (!Files.exists(tasks)) {
      return false;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        // The state stands behind the name, which is in parentheses and may hold some.
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException endedMeanwhile) {
      return true;
    }
  }

  /** A port of the listening line. */
  public static int port(String listening, String door) {
    Matcher matcher = Pattern.compile("\"" + door + "\":([0-9]+)").matcher(listening);
    if (!matcher.find()) {
      throw new IllegalStateException("no port of " + door + " in " + listening);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** A check of {@code user_123}, as the documentation's curl sends it. */
  static HttpResponse<String> check(int port, String namespace, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/check"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"identifier\": \"user_123\", \"namespace\": \"" + namespace + "\"}"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The status of {@code /health/ready}. */
  static int readiness(int port) throws IOException, InterruptedException {
    URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
    return CLIENT
        .send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
