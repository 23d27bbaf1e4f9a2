package io.tollgate.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The native generators: they cost a server's core nothing and their own core less than ours. */
final class ClosedLoop {

  /** What a hung generator may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final String SCRIPT = "wrk.lua";

  private final Path folder;
  private final Children children;
  private final int connections;

  /** Puts the script for wrk into a folder. */
  ClosedLoop(Path folder, Children children, int connections) throws IOException {
    this.folder = folder;
    this.children = children;
    this.connections = connections;
    try (InputStream script = ClosedLoop.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IOException("the resource " + SCRIPT + " is missing");
      }
      Files.write(folder.resolve(SCRIPT), script.readAllBytes());
    }
  }

  /**
   * Asks with wrk for all identifiers in a shuffled order, again and again.
   *
   * @param depth questions on their way at once on each connection; {@code identifiers} is a
   *     multiple of it
   */
  Closed wrk(Server server, int depth, int identifiers, int seconds)
      throws IOException, InterruptedException {
    return wrk(server.port(), server.peer().question(), depth, identifiers, seconds);
  }

  /** As the other one, with another question than the peer's first. */
  Closed wrk(int port, Question question, int depth, int identifiers, int seconds)
      throws IOException, InterruptedException {
    Path before = Files.write(folder.resolve("before"), question.before());
    Path after = Files.write(folder.resolve("after"), question.after());
    List<String> command =
        List.of(
            "wrk",
            "-t1",
            "-c" + connections,
            "-d" + seconds + "s",
            "--timeout",
            "5s",
            "-s",
            folder.resolve(SCRIPT).toString(),
            "http://127.0.0.1:" + port + "/",
            "--",
            before.toString(),
            after.toString(),
            Integer.toString(identifiers),
            Integer.toString(depth),
            Long.toString(Order.SEED));
    return Closed.ofWrk(children.run(GRACE.plusSeconds(seconds), command));
  }

  /** Asks with h2load, over HTTP/1.1, for one identifier only. */
  Closed h2load(int port, HttpPeer.Hot hot, int seconds) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("h2load", "--h1", "-t1", "-c" + connections, "-D" + seconds));
    if (hot.body().isPresent()) {
      Path body = Files.writeString(folder.resolve("body"), hot.body().get());
      command.addAll(List.of("-d", body.toString(), "-H", "Content-Type: application/json"));
    }
    command.add("http://127.0.0.1:" + port + hot.path());
    return Closed.ofH2load(children.run(GRACE.plusSeconds(seconds), command));
  }
}
