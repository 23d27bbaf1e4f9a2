package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Our server's port for Redis clients, with counters in memory. Its limits come with the questions.
 *
 * @param launcher {@code bin/tollgate}
 */
record TollgateRespPeer(Path launcher) implements Peer {

  static final String NAME = "tollgate";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return "CL.THROTTLE user_#######" + RespNumbers.text() + "; counters in memory; " + launcher;
  }

  @Override
  public Question question() {
    return RespNumbers.question(0, "CL.THROTTLE", "user_" + Question.SLOT);
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    return List.of(
        launcher.toString(),
        "serve",
        "--limits",
        TollgatePeer.limits(folder).toString(),
        "--http-port",
        "0",
        "--grpc-port",
        "off",
        "--admin-port",
        "0",
        "--resp-port",
        Integer.toString(port));
  }

  /** The launcher becomes the server. */
  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
