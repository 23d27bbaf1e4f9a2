package io.tollgate.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Sends damaged requests, each stream with an undamaged check behind it, and holds every answer
 * against {@link Oracle}.
 *
 * <p>The server must know a namespace {@code api_requests} of 100 units that do not come back while
 * this runs.
 */
public final class Fuzz {

  /** A hang shows as a failure after this time. */
  private static final int PATIENCE_MILLIS = 20_000;

  private static final int UNITS = 100;
  private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** One that has found nothing, so that what a change breaks is the change's. */
  private static final long SEED = 20260115;

  private final int port;
  private final long seed;
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private int whole;

  /** Asks the server at a port of this machine; the seed repeats every byte. */
  public Fuzz(int port, long seed) {
    this.port = port;
    this.seed = seed;
  }

  /**
   * The seed to run with, printed: {@code tollgate.seed}, or a fresh one when {@code tollgate.long}
   * asks to hunt, or always the same.
   */
  public static long seed(Class<?> test) {
    boolean hunting = Boolean.getBoolean("tollgate.long");
    long seed = Long.getLong("tollgate.seed", hunting ? System.nanoTime() : SEED);
    System.out.println(test.getSimpleName() + ": -Dtollgate.seed=" + seed);
    return seed;
  }

  /** Sends streams of these numbers, which name identifiers: none may be sent twice. */
  public void run(int from, int to) {
    for (int i = from; i < to; i++) {
      String bytes = stream(i);
      try {
        one(i, bytes);
      } catch (IOException | AssertionError e) {
        String where = "seed " + seed + ", stream " + i + ": ";
        throw new AssertionError(where + e.getMessage() + "\nsent: " + shown(bytes), e);
      }
    }
  }

  /** How often each status was answered; 0 stands for a close without an answer. */
  public Map<Integer, Integer> statuses() {
    return statuses;
  }

  /** How many streams left the check behind them whole, and got it answered. */
  public int whole() {
    return whole;
  }

  private static String shown(String bytes) {
    String cut = bytes.length() > 3_000 ? bytes.substring(0, 3_000) + "…" : bytes;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      out.append(c >= ' ' && c <= '~' ? Character.toString(c) : "\\x%02x".formatted((int) c));
      out.append(c == '\n' ? "\n" : "");
    }
    return out.toString();
  }

  private Random random(int stream) {
    return new Random(seed * 1_000_003 + stream);
  }

  private String stream(int i) {
    Random random = random(i);
    StringBuilder bytes = new StringBuilder();
    int requests = 1 + random.nextInt(3);
    for (int k = 0; k < requests; k++) {
      bytes.append(Requests.any(random, "f" + i + "." + k));
    }
    String other = Requests.any(random, "o" + i);
    return Damage.done(random, bytes.toString(), other) + Requests.check(mark(i), mark(i), 1);
  }

  private static String mark(int i) {
    return "mark" + i;
  }

  private void one(int i, String bytes) throws IOException {
    Reading reading = Reading.of(bytes);
    String text = exchange(bytes, reading.saysLast(), random(-i));
    List<Said> answers = List.of();
    if (bytes.startsWith(HTTP2)) {
      requireHttp2(text);
    } else {
      answers = Said.all(text, reading.requests());
      Oracle.require(reading, answers);
    }
    long marked = answers.stream().filter(said -> passed(said, i)).count();
    String peek = Requests.lastCheck("peek", mark(i), 0);
    String after = exchange(peek, false, random(i));
    String remaining = after.replaceAll("(?s).*\"remaining\":([0-9]+).*", "$1");
    if (marked > 1 || !remaining.equals(Long.toString(UNITS - marked))) {
      throw new AssertionError(marked + " answers to the check, after which: " + after);
    }
    whole += (int) marked;
    answers.forEach(said -> statuses.merge(said.status(), 1, Integer::sum));
    if (answers.isEmpty()) {
      statuses.merge(0, 1, Integer::sum);
    }
  }

  /** What follows the preface of HTTP/2 is no frame of it; the answer begins with one. */
  private static void requireHttp2(String text) {
    boolean settings = text.length() >= 9 && text.charAt(3) == 4;
    if (!settings || text.contains("HTTP/1.1")) {
      throw new AssertionError("should have been answered in HTTP/2: " + shown(text));
    }
  }

  private static boolean passed(Said said, int i) {
    return said.header("x-request-id").equals(mark(i))
        && said.status() == 200
        && said.body().startsWith("{\"allowed\":true,");
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /**
   * Sends a stream in pieces and an end, and reads to the end.
   *
   * @param mayReset whether something follows what says that it is the last: its sender has itself
   *     to blame
   */
  private String exchange(String text, boolean mayReset, Random random) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Socket socket = connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendWhatIsRead(socket, bytes, random));
      socket.getInputStream().transferTo(all);
      // A socket that is closed under its sender would show as a reset.
      sender.join();
    } catch (SocketException reset) {
      if (!mayReset) {
        throw reset;
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while sending");
    }
    return all.toString(ISO_8859_1);
  }

  private static void send(Socket socket, byte[] bytes, Random random) throws IOException {
    OutputStream out = socket.getOutputStream();
    int pieces = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1;
    int from = 0;
    for (int i = 1; i <= pieces; i++) {
      int to = i == pieces ? bytes.length : from + random.nextInt(bytes.length - from + 1);
      out.write(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    socket.shutdownOutput();
  }

  /** The server may close before it has all. */
  private static void sendWhatIsRead(Socket socket, byte[] bytes, Random random) {
    try {
      send(socket, bytes, random);
    } catch (IOException _) {
      // What it answered before tells whether it was right to.
    }
  }
}
