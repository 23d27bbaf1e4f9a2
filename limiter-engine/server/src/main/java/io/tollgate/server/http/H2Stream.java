package io.tollgate.server.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Stream;

/** One request of an HTTP/2 connection, until its stream is closed. */
final class H2Stream implements ChannelFutureListener {

  /** How far a request is; it only goes forward. */
  enum State {
    /** Its body is arriving. */
    ARRIVING,
    /** It is whole; earlier answers must leave first. */
    WAITING,
    /** Whoever answers it has been asked. */
    ASKED,
    /** Its answer is written; what still arrives is thrown away. */
    ANSWERED,
    /** Nobody waits for its answer any more. */
    CLOSED
  }

  final Http2Stream stream;
  final Exchange exchange;
  final Incoming incoming;
  final long bodyByNanos;
  private final H2Connection connection;
  State state = State.ARRIVING;

  /** Bytes of the body for which the client has no new room yet. */
  int held;

  /** Bytes of the answer that may still wait for the client. */
  int unsent;

  H2Stream(
      H2Connection connection,
      Http2Stream stream,
      Exchange exchange,
      Incoming incoming,
      long bodyByNanos) {
    this.connection = connection;
    this.stream = stream;
    this.exchange = exchange;
    this.incoming = incoming;
    this.bodyByNanos = bodyByNanos;
  }

  /** Its answer has left, or never will. */
  @Override
  public void operationComplete(ChannelFuture sent) {
    connection.left(this, sent.isSuccess());
  }
}
