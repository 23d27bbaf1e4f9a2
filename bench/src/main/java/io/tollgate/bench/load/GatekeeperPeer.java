package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our server behind an nginx that asks it.
 *
 * @param server the same by itself
 * @param adminPort where it says its metrics
 */
record GatekeeperPeer(TollgatePeer server, int adminPort) implements Peer {

  @Override
  public String name() {
    return server.name();
  }

  @Override
  public String asked() {
    return server.asked();
  }

  /** What it is asked until it answers; afterwards nginx asks. */
  @Override
  public Question question() {
    return server.question();
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    List<String> command = new ArrayList<>(server.command(folder, port, adminPort));
    command.addAll(List.of("--trusted-proxies", "127.0.0.1"));
    return command;
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return server.workers(started);
  }
}
