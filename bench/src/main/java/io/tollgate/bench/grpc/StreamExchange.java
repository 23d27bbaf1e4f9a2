package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;

/**
 * Messages of one stream, which are answered under their ids in any order. Confined to one thread.
 */
final class StreamExchange implements Exchange, MessageReader.Sink {

  private static final int STREAM = 1;
  private static final int UNSEALED = -1;

  /** An id says its place in the lowest bits, and above how often the place was used. */
  private static final int PLACE_BITS = 8;

  /** The most that may be under way, and so many our server reads. */
  static final int MOST_DEPTH = 1 << PLACE_BITS;

  private static final int ID_TAG = 0x08;
  private static final int ANSWER_TAG = 0x12;

  private final Call call;
  private final RequestBlock block;
  private final Answers answers;
  private final AnswerBlocks blocks = new AnswerBlocks();
  private final MessageReader reader = new MessageReader();
  private final boolean careful;
  private final int depth;
  private final byte[] message;

  private final int[] ids;
  private final long[] begun;
  private final boolean[] asked;

  /** The places that are free, as a stack. */
  private final int[] free;

  private int frees;
  private boolean opened;
  private int frameAt = UNSEALED;
  private long nanos;

  StreamExchange(Call call, RequestBlock block, int depth, boolean careful, Answers answers) {
    if (depth > MOST_DEPTH) {
      throw new IllegalArgumentException(depth + " under way; it is at most " + MOST_DEPTH);
    }
    this.call = call;
    this.block = block;
    this.answers = answers;
    this.careful = careful;
    this.depth = depth;
    this.message = call.toBytes();
    this.ids = new int[depth];
    this.begun = new long[depth];
    this.asked = new boolean[depth];
    this.free = new int[depth];
    for (int place = 0; place < depth; place++) {
      ids[place] = Call.LEAST_ID | place;
      free[frees++] = place;
    }
  }

  @Override
  public boolean isFree() {
    return frees > 0;
  }

  @Override
  public int open() {
    return depth - frees;
  }

  @Override
  public int cost() {
    return message.length;
  }

  @Override
  public int mostBytes() {
    int most = depth * message.length;
    int frames = 2 + most / (Frames.MOST_PAYLOAD - message.length);
    return block.first().length + most + frames * Frames.HEADER;
  }

  /** Messages lie back to back in DATA frames, as many as fit. */
  @Override
  public void ask(ByteBuffer out, int identifier, long now) {
    if (!opened) {
      byte[] headers = block.first();
      Frames.putHeader(out, headers.length, Frames.HEADERS, Frames.END_HEADERS, STREAM);
      out.put(headers);
      opened = true;
    }
    if (frameAt != UNSEALED
        && out.position() - frameAt + message.length > Frames.HEADER + Frames.MOST_PAYLOAD) {
      seal(out);
    }
    if (frameAt == UNSEALED) {
      frameAt = out.position();
      Frames.putHeader(out, 0, Frames.DATA, 0, STREAM);
    }
    int place = free[--frees];
    int id = ids[place] + MOST_DEPTH;
    ids[place] = id < 2 * Call.LEAST_ID ? id : Call.LEAST_ID | place;
    begun[place] = now;
    asked[place] = true;
    int at = out.position();
    out.put(message);
    Call.number(out, at, ids[place]);
    call.name(out, at, identifier);
  }

  @Override
  public void seal(ByteBuffer out) {
    if (frameAt != UNSEALED) {
      int length = out.position() - frameAt - Frames.HEADER;
      out.put(frameAt, (byte) (length >> 16)).putShort(frameAt + 1, (short) length);
      frameAt = UNSEALED;
    }
  }

  @Override
  public void headers(int stream, byte[] bytes, int from, int to, boolean end, long now) {
    AnswerBlocks.Verdict verdict = blocks.read(bytes, from, to, end);
    if (end || verdict != AnswerBlocks.Verdict.BEGINS) {
      throw new IllegalStateException("the stream has ended: " + blocks.failure());
    }
  }

  @Override
  public void data(int stream, byte[] bytes, int from, int to, boolean end, long now) {
    nanos = now;
    reader.read(bytes, from, to, this);
    if (end) {
      throw new IllegalStateException("the stream has ended without a status");
    }
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    int idAt = from + 1;
    if (from == to || bytes[from] != ID_TAG) {
      throw new IllegalStateException("an answer without an id");
    }
    long id = Proto.varint(bytes, idAt, to);
    int place = (int) id & MOST_DEPTH - 1;
    if (place >= depth || !asked[place] || ids[place] != id) {
      throw new IllegalStateException("an answer to " + id + ", which was not asked");
    }
    asked[place] = false;
    free[frees++] = place;
    int at = Proto.afterVarint(bytes, idAt, to);
    if (at == to || bytes[at] != ANSWER_TAG) {
      answers.fail("an error for one message of the stream");
      return;
    }
    int begin = Proto.afterVarint(bytes, at + 1, to);
    boolean begins = to - begin >= 2 && bytes[begin] == 8;
    long first = begins ? bytes[begin + 1] : Proto.number(bytes, begin, to, 1);
    answers.count(first == 1, nanos - begun[place]);
    if (careful) {
      answers.remaining(call.remaining(bytes, begin, to));
    }
  }

  @Override
  public void reset(int stream, int code) {
    throw new IllegalStateException("the stream was ended: RST_STREAM with the code " + code);
  }
}
