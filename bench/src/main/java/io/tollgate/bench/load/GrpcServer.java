package io.tollgate.bench.load;

import io.tollgate.bench.grpc.Answers;
import io.tollgate.bench.grpc.GrpcGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A peer that runs and has answered a call. Not safe for several threads. */
final class GrpcServer implements AutoCloseable {

  private static final Duration MOST_ANSWER = Duration.ofSeconds(5);

  private final GrpcPeer peer;
  private final Children children;
  private final Launched launched;

  private GrpcServer(GrpcPeer peer, Children children, Launched launched) {
    this.peer = peer;
    this.children = children;
    this.launched = launched;
  }

  /**
   * Starts a peer in a folder of its own, and asks until it has answered one call.
   *
   * @throws IOException when it ends, denies, has no such limit, or does not answer in time
   */
  static GrpcServer start(GrpcPeer peer, Path folder, String cores, Children children)
      throws IOException {
    Launched launched = Launched.start(peer, folder, cores, children);
    GrpcServer server = new GrpcServer(peer, children, launched);
    try {
      launched.await(server::answers);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private boolean answers() throws IOException {
    Answers answers;
    try (var generator = new GrpcGenerator(launched.port(), peer.call(), 1, 1, true)) {
      generator.askOnce(new int[1], MOST_ANSWER);
      answers = generator.answers();
    } catch (IOException e) {
      // Nobody listens yet.
      return false;
    }
    if (answers.failed() == 0 && (answers.denied() > 0 || answers.leastRemaining() <= 0)) {
      throw new IOException(peer.name() + " has denied the first check, or knows no limit for it");
    }
    return answers.failed() == 0;
  }

  GrpcPeer peer() {
    return peer;
  }

  /** Where it answers on 127.0.0.1. */
  int port() {
    return launched.port();
  }

  /** How it was started. */
  String command() {
    return Launched.text(launched.command());
  }

  /** Processor time of those of its processes that answer calls. */
  CpuTime cpuTime() throws IOException {
    return launched.cpuTime();
  }

  @Override
  public void close() {
    children.end(launched.process());
  }
}
