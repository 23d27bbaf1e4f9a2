package io.tollgate.bench.load;

import java.nio.file.Path;
import java.util.List;

/**
 * throttlecrab's transport for Redis clients, which says 1 for yes where redis-cell says 0.
 *
 * @param program {@code throttlecrab-server}
 */
record ThrottlecrabRespPeer(Path program) implements Peer {

  static final String NAME = "throttlecrab";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return "THROTTLE user_#######" + RespNumbers.text() + "; periodic store, its default";
  }

  @Override
  public Question question() {
    return RespNumbers.question(1, "THROTTLE", "user_" + Question.SLOT);
  }

  /** Without a host it would listen on all addresses. */
  @Override
  public List<String> command(Path folder, int port) {
    return List.of(
        program.toString(),
        "--redis",
        "--redis-host",
        "127.0.0.1",
        "--redis-port",
        Integer.toString(port),
        "--log-level",
        "error");
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
