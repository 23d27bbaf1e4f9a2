package io.tollgate.bench.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * throttlecrab's HTTP transport.
 *
 * @param program {@code throttlecrab-server}
 */
record ThrottlecrabPeer(Path program) implements HttpPeer {

  @Override
  public String name() {
    return "throttlecrab";
  }

  @Override
  public String asked() {
    return "POST /throttle "
        + body("user_" + Question.SLOT, BURST, 1, 60)
        + "; periodic store, its default";
  }

  @Override
  public Question question() {
    return Question.post("/throttle", body("user_" + Question.SLOT, BURST, 1, 60));
  }

  @Override
  public Hot hot() {
    return new Hot(
        "/throttle", Optional.of(body(HOT_IDENTIFIER, HOT_PER_SECOND, HOT_PER_SECOND, 1)));
  }

  private static String body(String key, int burst, int count, int seconds) {
    return String.format(
        Locale.ROOT,
        "{\"key\":\"%s\",\"max_burst\":%d,\"count_per_period\":%d,\"period\":%d,\"quantity\":1}",
        key,
        burst,
        count,
        seconds);
  }

  /** Without a host it would listen on all addresses. */
  @Override
  public List<String> command(Path folder, int port) {
    return List.of(
        program.toString(),
        "--http",
        "--http-host",
        "127.0.0.1",
        "--http-port",
        Integer.toString(port),
        "--log-level",
        "error");
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
