package io.tollgate.bench.load;

import io.tollgate.limiter.redis.StepCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One connection to Redis that sends calls of our script. Not safe for several threads. */
final class ScriptLine implements AutoCloseable {

  /** More than {@link Plan#DEPTH} calls or answers take. */
  private static final int MOST_BYTES = 16 * 1024;

  /** One item's answer with one limit: code and time, then marks and four numbers. */
  private static final int SAID = 1 + 7 + 1 + 4 * 7;

  private static final byte[] HEAD = ascii("*1\r\n$" + SAID + "\r\n");
  private static final int ANSWER = HEAD.length + SAID + 2;
  private static final int SHA1_DIGITS = 40;

  private final SocketChannel channel;
  private final ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
  private final ByteBuffer in = ByteBuffer.allocate(MOST_BYTES);
  private int waiting;
  private long answers;
  private long denied;

  /** Connects, and registers with a selector whose key then holds this line. */
  ScriptLine(int port, Selector selector) throws IOException {
    this.channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** The bytes of a text of plain signs. */
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A command as Redis reads it. */
  static byte[] command(byte[]... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("*" + words.length + "\r\n"));
    for (byte[] word : words) {
      out.writeBytes(ascii("$" + word.length + "\r\n"));
      out.writeBytes(word);
      out.writeBytes(ascii("\r\n"));
    }
    return out.toByteArray();
  }

  /**
   * Makes Redis know a script.
   *
   * @param sha1 the name that Redis must give it
   */
  static void load(int port, String script, String sha1) throws IOException {
    byte[] text = ascii(script);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(command(ascii("SCRIPT"), ascii("LOAD"), text));
      String wanted = "$" + SHA1_DIGITS + "\r\n" + sha1 + "\r\n";
      byte[] said = socket.getInputStream().readNBytes(wanted.length());
      if (!Arrays.equals(said, ascii(wanted))) {
        throw new IOException("SCRIPT LOAD: " + new String(said, StandardCharsets.UTF_8));
      }
    }
  }

  /** Adds a call to those that leave next. */
  void add(byte[] call) {
    out.put(call);
    waiting++;
  }

  /** Sends what was added. */
  void send() throws IOException {
    out.flip();
    int length = out.remaining();
    // A few KiB on an idle connection: the system's buffer takes them whole.
    if (channel.write(out) != length) {
      throw new IOException("the system took less than " + length + " bytes of calls");
    }
    out.clear();
  }

  /**
   * Counts the answers that have arrived.
   *
   * @return how many calls have none yet
   * @throws IOException when Redis has closed, or says something else
   */
  int receive() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("Redis closed a connection with " + waiting + " calls open");
    }
    in.flip();
    if (in.hasRemaining() && in.get(in.position()) != HEAD[0]) {
      throw new IOException("Redis: " + StandardCharsets.UTF_8.decode(in));
    }
    while (in.remaining() >= ANSWER) {
      int from = in.position();
      int said = from + HEAD.length;
      if (!Arrays.equals(in.array(), from, said, HEAD, 0, HEAD.length)) {
        throw new IOException("Redis: " + StandardCharsets.ISO_8859_1.decode(in));
      }
      byte[] code = {in.get(said)};
      denied += StepCodec.outcome(code) == StepCodec.Outcome.ALLOWED ? 0 : 1;
      answers++;
      waiting--;
      in.position(from + ANSWER);
    }
    in.compact();
    return waiting;
  }

  /** All answers so far. */
  long answers() {
    return answers;
  }

  /** Those that do not say allowed. */
  long denied() {
    return denied;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
