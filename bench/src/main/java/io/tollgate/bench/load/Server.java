package io.tollgate.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A peer that runs and has answered a check. Not safe for several threads. */
final class Server implements AutoCloseable {

  private static final int MOST_READ_MILLIS = 5_000;

  private final Peer peer;
  private final Children children;
  private final Launched launched;
  private long firstAnswerNanos;
  private int bodyLength;

  private Server(Peer peer, Children children, Launched launched) {
    this.peer = peer;
    this.children = children;
    this.launched = launched;
  }

  /**
   * Starts a peer in a folder of its own, and asks until it has answered one check.
   *
   * @param folder where its folder is made
   * @param cores where it may run, as {@code taskset -c} wants it
   * @throws IOException when it ends, refuses the check, or does not answer within 30 seconds
   */
  static Server start(Peer peer, Path folder, String cores, Children children) throws IOException {
    Launched launched = Launched.start(peer, folder, cores, children);
    Server server = new Server(peer, children, launched);
    try {
      launched.await(server::answers);
      server.firstAnswerNanos = System.nanoTime() - launched.begun();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Asks for identifier 0; false when nobody listens yet, or the answer is not 200 yet. */
  private boolean answers() throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(MOST_READ_MILLIS);
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      } catch (IOException e) {
        return false;
      }
      peer.prepare(port());
      ByteBuffer question = ByteBuffer.allocate(peer.question().length());
      peer.question().put(question, 0);
      socket.getOutputStream().write(question.array());
      byte[] bytes = new byte[AnswerReader.MOST_BYTES];
      AnswerReader reader = peer.question().newReader();
      int length = 0;
      while (reader.read(bytes, 0, length) < 0) {
        int read = socket.getInputStream().read(bytes, length, bytes.length - length);
        if (read <= 0) {
          throw new IOException(peer.name() + " closed before it had answered");
        }
        length += read;
      }
      Tally tally = new Tally();
      tally.count(reader);
      if (tally.denied() > 0) {
        throw new IOException(peer.name() + " denied the first check");
      }
      bodyLength = reader.length();
      return tally.failed() == 0;
    }
  }

  Peer peer() {
    return peer;
  }

  /** Where it answers checks on 127.0.0.1. */
  int port() {
    return launched.port();
  }

  /** From the moment before the process was started until the first check was answered. */
  long firstAnswerNanos() {
    return firstAnswerNanos;
  }

  /** Bytes of the first answer's body. */
  int bodyLength() {
    return bodyLength;
  }

  /** Processor time of those of its processes that answer checks. */
  CpuTime cpuTime() throws IOException {
    return launched.cpuTime();
  }

  /** How it was started. */
  String command() {
    return Launched.text(launched.command());
  }

  /** Memory of all its processes. */
  Memory memory() throws IOException {
    List<Long> pids = new ArrayList<>(List.of(launched.process().pid()));
    launched.process().descendants().map(ProcessHandle::pid).forEach(pids::add);
    return Memory.of(pids);
  }

  /** Threads whose name begins so. */
  long threads(String prefix) throws IOException {
    long count = 0;
    try (var tasks =
        Files.newDirectoryStream(Path.of("/proc/" + launched.process().pid() + "/task"))) {
      for (Path task : tasks) {
        count += Files.readString(task.resolve("comm")).startsWith(prefix) ? 1 : 0;
      }
    }
    return count;
  }

  @Override
  public void close() {
    children.end(launched.process());
  }
}
