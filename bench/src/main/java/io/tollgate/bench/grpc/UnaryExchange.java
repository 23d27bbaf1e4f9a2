package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Calls of one message and one answer, each a stream of HTTP/2. Confined to one thread. */
final class UnaryExchange implements Exchange, MessageReader.Sink {

  /** Places for each call under way, so that a slow one seldom stands where a new one belongs. */
  private static final int PLACES = 16;

  private static final int FREE = 0;

  private final Call call;
  private final RequestBlock block;
  private final Answers answers;
  private final AnswerBlocks blocks = new AnswerBlocks();
  private final boolean careful;
  private final int depth;

  /** Headers and data of all requests but the first, with zeros where they differ. */
  private final byte[] request;

  private final int messageAt;

  /** By place: the stream, when it was asked, how many messages came, whether they allow. */
  private final int[] streams;

  private final long[] begun;
  private final int[] messages;
  private final boolean[] allowed;
  private final @Nullable MessageReader[] readers;

  private int next = 1;
  private int open;
  private int readPlace;

  UnaryExchange(Call call, RequestBlock block, int depth, boolean careful, Answers answers) {
    this.call = call;
    this.block = block;
    this.answers = answers;
    this.careful = careful;
    this.depth = depth;
    byte[] headers = block.next();
    this.messageAt = Frames.HEADER + headers.length + Frames.HEADER;
    ByteBuffer out = ByteBuffer.allocate(messageAt + call.length());
    put(out, headers, 0);
    this.request = out.array();
    int places = Integer.highestOneBit(PLACES * depth - 1) * 2;
    this.streams = new int[places];
    this.begun = new long[places];
    this.messages = new int[places];
    this.allowed = new boolean[places];
    this.readers = new MessageReader[places];
  }

  private void put(ByteBuffer out, byte[] headers, int stream) {
    Frames.putHeader(out, headers.length, Frames.HEADERS, Frames.END_HEADERS, stream);
    out.put(headers);
    Frames.putHeader(out, call.length(), Frames.DATA, Frames.END_STREAM, stream);
    out.put(call.toBytes());
  }

  @Override
  public boolean isFree() {
    return open < depth && streams[place(next)] == FREE;
  }

  @Override
  public int open() {
    return open;
  }

  @Override
  public int cost() {
    return call.length();
  }

  @Override
  public int mostBytes() {
    return block.first().length + depth * request.length;
  }

  private int place(int stream) {
    return stream >>> 1 & streams.length - 1;
  }

  @Override
  public void ask(ByteBuffer out, int identifier, long nanos) {
    int stream = next;
    next += 2;
    if (next < 0) {
      throw new IllegalStateException("no more streams on this connection");
    }
    int at = out.position();
    if (stream == 1) {
      put(out, block.first(), stream);
    } else {
      out.put(request);
      out.putInt(at + Frames.HEADER - Integer.BYTES, stream);
      out.putInt(at + messageAt - Integer.BYTES, stream);
    }
    call.name(out, out.position() - call.length(), identifier);
    int place = place(stream);
    streams[place] = stream;
    begun[place] = nanos;
    messages[place] = 0;
    open++;
  }

  @Override
  public void seal(ByteBuffer out) {
    // Each call is whole by itself.
  }

  @Override
  public void headers(int stream, byte[] bytes, int from, int to, boolean end, long nanos) {
    AnswerBlocks.Verdict verdict = blocks.read(bytes, from, to, end);
    int place = of(stream);
    if (!end) {
      if (verdict != AnswerBlocks.Verdict.BEGINS) {
        // Its end must not make it good again.
        messages[place] = -1;
      }
      return;
    }
    if (verdict != AnswerBlocks.Verdict.OK) {
      fail(place, blocks.failure());
    } else if (messages[place] != 1 || isCut(place)) {
      fail(place, "OK after " + messages[place] + " messages");
    } else {
      free(place);
      answers.count(allowed[place], nanos - begun[place]);
    }
  }

  @Override
  public void data(int stream, byte[] bytes, int from, int to, boolean end, long nanos) {
    int place = of(stream);
    readPlace = place;
    MessageReader reader = readers[place];
    boolean whole =
        (reader == null || reader.isEmpty())
            && to - from >= MessageReader.PREFIX
            && bytes[from] == 0
            && Frames.intAt(bytes, from + 1) == to - from - MessageReader.PREFIX;
    if (whole) {
      message(bytes, from + MessageReader.PREFIX, to);
    } else {
      if (reader == null) {
        reader = new MessageReader();
        readers[place] = reader;
      }
      reader.read(bytes, from, to, this);
    }
    if (end) {
      fail(place, "ended without a status");
    }
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    boolean begins = to - from >= 2 && bytes[from] == 8;
    allowed[readPlace] = (begins ? bytes[from + 1] : Proto.number(bytes, from, to, 1)) == 1;
    if (messages[readPlace] >= 0) {
      messages[readPlace]++;
    }
    if (careful) {
      answers.remaining(call.remaining(bytes, from, to));
    }
  }

  @Override
  public void reset(int stream, int code) {
    // After its end a stream may still be reset (RFC 9113, section 8.1).
    if (streams[place(stream)] == stream) {
      fail(place(stream), "RST_STREAM with the code " + code);
    }
  }

  private int of(int stream) {
    int place = place(stream);
    if (stream == FREE || streams[place] != stream) {
      throw new IllegalStateException("an answer on the stream " + stream + ", which is not open");
    }
    return place;
  }

  private boolean isCut(int place) {
    MessageReader reader = readers[place];
    return reader != null && !reader.isEmpty();
  }

  private void fail(int place, String why) {
    free(place);
    readers[place] = null;
    answers.fail(why);
  }

  private void free(int place) {
    streams[place] = FREE;
    open--;
  }
}
