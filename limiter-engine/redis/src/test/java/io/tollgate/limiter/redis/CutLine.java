package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line to a server on this machine, which a test makes slow or mute in one direction, or cuts.
 */
final class CutLine implements AutoCloseable {

  private final ServerSocket listener;
  private volatile int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean answersPass = true;
  private volatile boolean halvesNext;
  private volatile long delayMillis;

  final int port;

  CutLine(int target) {
    this();
    lead(target);
  }

  /** A line that leads nowhere yet. */
  CutLine() {
    try {
      listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = listener.getLocalPort();
    Thread.ofVirtual().start(this::accept);
  }

  /** From now on it leads to a server. */
  void lead(int to) {
    target = to;
  }

  /** What the server says is thrown away from now on: questions arrive, answers do not. */
  void swallowAnswers() {
    answersPass = false;
  }

  /** Each answer takes so much longer from now on, one after the other. */
  void delayAnswers(long millis) {
    delayMillis = millis;
  }

  /** Lets half of the next answer's bytes through and ends its connection. */
  void cutInNextAnswer() {
    halvesNext = true;
  }

  /** Whether no answer has come since it was to be cut. */
  boolean isAboutToCut() {
    return halvesNext;
  }

  /** Ends every connection; new ones are let through whole. */
  void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    answersPass = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pump(client, server, false));
        Thread.ofVirtual().start(() -> pump(server, client, true));
      }
    } catch (IOException _) {
      // Closed by the test.
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    byte[] bytes = new byte[8_192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        if (isAnswer && halvesNext) {
          out.write(bytes, 0, count / 2);
          halvesNext = false;
          return;
        }
        if (isAnswer) {
          Thread.sleep(delayMillis);
        }
        if (!isAnswer || answersPass) {
          out.write(bytes, 0, count);
        }
      }
    } catch (IOException | InterruptedException _) {
      // Cut by the test.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
