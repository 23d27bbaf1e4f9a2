package io.tollgate.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A connection that sends checks without waiting for answers, until the server closes it.
 *
 * <p>Fails when an answer is not whole, not the next one's, or not 200, when something follows a
 * close, and when the connection ends by a reset.
 */
public final class Pipeline implements AutoCloseable {

  /** A hang shows as a failure after this time. */
  private static final int PATIENCE_SECONDS = 30;

  /** The most checks that wait for answers, so that an answer is never an old one. */
  public static final int MOST_OPEN = 200;

  /** Several requests in most segments, so that some are cut anywhere. */
  private static final int BURST = 50;

  private final Socket socket;
  private final String identifier;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final Semaphore room = new Semaphore(MOST_OPEN);
  private final Thread sender;
  private final FutureTask<Long> reading;

  /**
   * Begins to send.
   *
   * @param port of this machine
   * @param identifier whom to check in the namespace {@code api_requests}
   * @param each gets every answer, in a thread of this connection
   */
  public Pipeline(int port, String identifier, Consumer<Said> each) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.identifier = identifier;
    socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
    reading = new FutureTask<>(() -> read(new BufferedInputStream(socket.getInputStream()), each));
    sender = Thread.ofPlatform().daemon().start(this::send);
    var _ = Thread.ofPlatform().daemon().start(reading);
  }

  /** How many checks have been answered so far. */
  public long answered() {
    return answered.get();
  }

  /** How many checks had been answered when the server closed. */
  public long end() throws InterruptedException, TimeoutException {
    try {
      return reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(
          identifier + " after " + answered + " answers of " + sent + " checks", e.getCause());
    }
  }

  private void send() {
    try {
      while (true) {
        room.acquire(BURST);
        StringBuilder burst = new StringBuilder();
        for (int i = 0; i < BURST; i++) {
          burst.append(Requests.check(id(sent.get() + i), identifier, 1));
        }
        socket.getOutputStream().write(burst.toString().getBytes(ISO_8859_1));
        sent.addAndGet(BURST);
      }
    } catch (IOException | InterruptedException _) {
      // The server has closed; what it answered before is judged where it is read.
    }
  }

  private String id(long number) {
    return identifier + "." + number;
  }

  private long read(InputStream in, Consumer<Said> each) throws IOException {
    boolean closed = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      Said said = said(line, in);
      boolean own = said.header("x-request-id").equals(id(answered.get()));
      if (closed || !own || said.status() != 200) {
        throw new AssertionError("instead of the answer " + answered + ": " + said);
      }
      closed = said.closes();
      answered.incrementAndGet();
      room.release();
      each.accept(said);
    }
    close();
    return answered.get();
  }

  private static Said said(String statusLine, InputStream in) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the connection ends inside of an answer");
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    return new Said(status, headers, new String(body, ISO_8859_1));
  }

  /** A line without its end; empty at the end of the connection too, if that is between lines. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 && line.size() > 0) {
        throw new EOFException("the connection ends inside of a line");
      } else if (b < 0) {
        break;
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    sender.interrupt();
    socket.close();
  }
}
