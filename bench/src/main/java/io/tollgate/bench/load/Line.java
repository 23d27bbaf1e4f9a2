package io.tollgate.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection of the generator: sends questions, finds answers. Not safe for several threads.
 */
final class Line implements AutoCloseable {

  /** The most questions that are on their way at once. */
  static final int MOST_DEPTH = 16;

  private final SocketChannel channel;
  private final Question question;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocate(2 * AnswerReader.MOST_BYTES);
  private final AnswerReader reader;

  private int waiting;
  private long number;

  /** Connects, and registers with a selector whose key then holds this line. */
  Line(int port, Question question, Selector selector) throws IOException {
    this.question = question;
    this.reader = question.newReader();
    this.out = ByteBuffer.allocate(MOST_DEPTH * question.length());
    this.channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Adds a question to those that leave next. */
  void add(int identifier) {
    question.put(out, identifier);
    waiting++;
  }

  /** Sends what was added. */
  void send() throws IOException {
    out.flip();
    int length = out.remaining();
    // At most a few KiB on an idle connection: the system's buffer takes them whole.
    if (channel.write(out) != length) {
      throw new IOException("the system took less than " + length + " bytes of a request");
    }
    out.clear();
  }

  /** Remembers which number of a schedule was sent last. */
  void number(long sent) {
    this.number = sent;
  }

  /** The number of a schedule that was sent last. */
  long number() {
    return number;
  }

  /** Questions without an answer. */
  int waiting() {
    return waiting;
  }

  /**
   * Counts the answers that have arrived.
   *
   * @return how many
   * @throws IOException when the server has closed
   */
  int receive(Tally tally) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server closed a connection with " + waiting + " questions open");
    }
    byte[] bytes = in.array();
    int from = 0;
    int found = 0;
    int end = reader.read(bytes, from, in.position());
    while (end >= 0) {
      tally.count(reader);
      found++;
      from = end;
      end = reader.read(bytes, from, in.position());
    }
    in.flip().position(from);
    in.compact();
    waiting -= found;
    if (waiting < 0) {
      throw new IOException("more answers than questions");
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
