package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our server with its counters in Redis.
 *
 * @param server the same with counters in memory
 * @param sharing how it asks Redis
 * @param redisPort where Redis listens
 * @param adminPort where it says its metrics
 */
record SharedPeer(TollgatePeer server, Sharing sharing, int redisPort, int adminPort)
    implements Peer {

  @Override
  public String name() {
    return sharing.label();
  }

  @Override
  public String asked() {
    return sharing.asked(server.launcher());
  }

  @Override
  public Question question() {
    return sharing.isHot()
        ? Question.post(
            "/v1/check",
            "{\"identifier\":\""
                + HOT_IDENTIFIER
                + "\",\"namespace\":\""
                + sharing.namespace()
                + "\",\"endpoint\":\"GET /"
                + Question.SLOT
                + "\"}")
        : server.question();
  }

  /** The check of one of many identifiers whose state is as fresh again a microsecond later. */
  Question expiring() {
    return Question.post("/v1/check", TollgatePeer.body("user_" + Question.SLOT, "hot"));
  }

  @Override
  public List<String> command(Path folder, int port) throws IOException {
    List<String> command = new ArrayList<>(server.command(folder, port, adminPort));
    command.addAll(List.of("--redis-addr", "127.0.0.1:" + redisPort));
    if (sharing.redisServers() > 1) {
      command.addAll(List.of("--redis-mode", "cluster"));
    }
    command.addAll(List.of("--redis-timeout-ms", Integer.toString(sharing.timeoutMillis())));
    command.addAll(List.of("--redis-batch", Integer.toString(sharing.batch())));
    command.addAll(List.of("--redis-calls", Integer.toString(sharing.calls())));
    return command;
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return server.workers(started);
  }
}
