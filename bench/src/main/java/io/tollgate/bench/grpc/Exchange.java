package io.tollgate.bench.grpc;

import java.nio.ByteBuffer;

/** The questions of one connection that are under way. Confined to the generator's thread. */
sealed interface Exchange permits UnaryExchange, StreamExchange {

  /** Whether one more may be asked. */
  boolean isFree();

  /** Questions without an answer. */
  int open();

  /** Bytes of DATA that one question needs of the windows. */
  int cost();

  /** The most bytes that may be written between two calls of {@link #seal}. */
  int mostBytes();

  /** Writes a question. */
  void ask(ByteBuffer out, int identifier, long nanos);

  /** Ends what questions of the same write share. */
  void seal(ByteBuffer out);

  /** A whole header block. */
  void headers(int stream, byte[] bytes, int from, int to, boolean end, long nanos);

  /** A piece of messages. */
  void data(int stream, byte[] bytes, int from, int to, boolean end, long nanos);

  /** The server gives a stream up. */
  void reset(int stream, int code);
}
