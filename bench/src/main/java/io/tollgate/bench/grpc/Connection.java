package io.tollgate.bench.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection of the generator: sends questions, finds answers. Confined to one thread. */
final class Connection implements AutoCloseable {

  /** Room for four of the largest frames. */
  private static final int IN = 4 * (Frames.HEADER + Frames.MOST_PAYLOAD);

  /** Room for what is said beside questions: the preface, and acknowledgements of one read. */
  private static final int CONTROL = 8 * 1024;

  private static final int PING_PAYLOAD = 8;
  private static final int SETTING = 6;

  private final SocketChannel channel;
  private final Exchange exchange;
  private final Windows windows;
  private final ByteBuffer out;
  private final ByteBuffer in = ByteBuffer.allocate(IN);
  private final int depth;
  private final int tableSize;
  private boolean ready;

  /**
   * Connects without TLS, and registers with a selector whose key then holds this connection.
   *
   * @param depth questions under way at once
   * @param careful whether units that are left are looked at
   */
  Connection(int port, Call call, int depth, boolean careful, Answers answers, Selector selector)
      throws IOException {
    RequestBlock block = new RequestBlock(call.path(), "127.0.0.1:" + port);
    this.depth = call.streamed() ? 1 : depth;
    this.tableSize = block.tableSize();
    this.exchange =
        call.streamed()
            ? new StreamExchange(call, block, depth, careful, answers)
            : new UnaryExchange(call, block, depth, careful, answers);
    this.windows = new Windows(call.streamed());
    this.out = ByteBuffer.allocate(CONTROL + exchange.mostBytes());
    this.channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
    Frames.putPreface(out, Windows.OURS);
    send();
  }

  /** Whether the server has said its settings. */
  boolean isReady() {
    return ready;
  }

  /** Questions without an answer. */
  int open() {
    return exchange.open();
  }

  /** Writes questions as long as there are some, and as may be under way. */
  void ask(Questions questions, long nanos) {
    int cost = exchange.cost();
    while (ready && exchange.isFree() && windows.has(cost) && questions.hasNext()) {
      windows.use(cost);
      exchange.ask(out, questions.next(), nanos);
    }
    exchange.seal(out);
  }

  /** Sends what was written. */
  void send() throws IOException {
    if (out.position() == 0) {
      return;
    }
    out.flip();
    int length = out.remaining();
    // At most some 20 KiB, of which the server has read what it has answered.
    if (channel.write(out) != length) {
      throw new IOException("the system took less than " + length + " bytes of a request");
    }
    out.clear();
  }

  /**
   * Reads the answers that have arrived.
   *
   * @throws IOException when the server has closed, or ends the connection
   */
  void receive() throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server closed a connection with " + open() + " questions open");
    }
    read(System.nanoTime());
  }

  private void read(long nanos) throws IOException {
    byte[] bytes = in.array();
    int at = 0;
    int to = in.position();
    while (to - at >= Frames.HEADER) {
      int length = Frames.lengthAt(bytes, at);
      if (length > Frames.MOST_PAYLOAD) {
        throw new IOException("a frame of " + length + " bytes");
      }
      int end = at + Frames.HEADER + length;
      if (end > to) {
        break;
      }
      frame(bytes, at, end, nanos);
      at = end;
    }
    in.flip().position(at);
    in.compact();
  }

  private void frame(byte[] bytes, int at, int to, long nanos) throws IOException {
    int flags = bytes[at + 4];
    int stream = Frames.intAt(bytes, at + 5) & Integer.MAX_VALUE;
    int from = at + Frames.HEADER;
    switch (bytes[at + 3]) {
      case Frames.DATA -> {
        refuse(flags, Frames.PADDED);
        boolean end = (flags & Frames.END_STREAM) != 0;
        exchange.data(stream, bytes, from, to, end, nanos);
        windows.took(to - from, out);
      }
      case Frames.HEADERS -> {
        refuse(flags, Frames.PADDED | Frames.PRIORITISED);
        refuse(~flags, Frames.END_HEADERS);
        boolean end = (flags & Frames.END_STREAM) != 0;
        exchange.headers(stream, bytes, from, to, end, nanos);
      }
      case Frames.RST_STREAM -> exchange.reset(stream, Frames.intAt(bytes, from));
      case Frames.SETTINGS -> settings(bytes, from, to, flags);
      case Frames.PING -> ping(bytes, from, flags);
      case Frames.GOAWAY -> throw goAway(bytes, from, to);
      case Frames.WINDOW_UPDATE -> windows.more(stream, Frames.intAt(bytes, from));
      case Frames.PRIORITY -> {
        // Advice that nobody needs here.
      }
      default -> throw new IOException("a frame of the type " + bytes[at + 3]);
    }
  }

  /** No server here pads or cuts headers; what is not expected is not guessed at. */
  private static void refuse(int flags, int refused) throws IOException {
    if ((flags & refused) != 0) {
      throw new IOException("a frame with the flags " + (flags & refused));
    }
  }

  private void settings(byte[] bytes, int from, int to, int flags) throws IOException {
    if ((flags & Frames.ACK) != 0) {
      return;
    }
    for (int at = from; at < to; at += SETTING) {
      int value = Frames.intAt(bytes, at + 2);
      switch (bytes[at] << 8 | bytes[at + 1]) {
        case Frames.HEADER_TABLE_SIZE -> atLeast("bytes of headers", value, tableSize);
        case Frames.MAX_CONCURRENT_STREAMS -> atLeast("streams", value, depth);
        case Frames.INITIAL_WINDOW_SIZE -> windows.initial(value);
        default -> {
          // Push is off, and what we send is small.
        }
      }
    }
    Frames.putHeader(out, 0, Frames.SETTINGS, Frames.ACK, 0);
    ready = true;
  }

  private static void atLeast(String what, int value, int least) throws IOException {
    if (Integer.compareUnsigned(value, least) < 0) {
      throw new IOException(
          "the server takes " + value + " " + what + " at once; needed are " + least);
    }
  }

  private void ping(byte[] bytes, int from, int flags) {
    if ((flags & Frames.ACK) == 0) {
      Frames.putHeader(out, PING_PAYLOAD, Frames.PING, Frames.ACK, 0);
      out.put(bytes, from, PING_PAYLOAD);
    }
  }

  private IOException goAway(byte[] bytes, int from, int to) {
    int debug = from + 2 * Integer.BYTES;
    return new IOException(
        "the server ends a connection with "
            + open()
            + " questions open: GOAWAY with the code "
            + Frames.intAt(bytes, from + Integer.BYTES)
            + " "
            + new String(bytes, debug, to - debug, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
