package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.Sockets;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2: writes answers to their streams, ends when it must.
 *
 * <p>Everything happens on the connection's event loop, without a hand-over.
 */
final class H2Connection extends Http2ConnectionHandler implements Caller {

  private static final System.Logger LOG = System.getLogger(H2Connection.class.getName());

  /** Content of the ping whose answer says that the client has read our first GOAWAY. */
  private static final long PARTING = 0x70617274696e6721L;

  private final Channel channel;
  private final H2Deadline deadline;
  private final H2Streams streams;
  private @Nullable ChannelHandlerContext context;

  /** Bytes that have arrived and are not part of a whole frame, as of the last look. */
  private long unread;

  private boolean reading;

  /** Whether everything is flushed when the loop has done what it is at. */
  private boolean flushesSoon;

  private boolean inputClosed;
  private boolean draining;
  private boolean parted;
  private boolean closing;

  H2Connection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Channel channel,
      Door door) {
    super(decoder, encoder, settings, true);
    this.channel = channel;
    this.deadline = new H2Deadline(channel, this);
    this.streams = new H2Streams(this, channel, door);
  }

  H2Streams streams() {
    return streams;
  }

  H2Deadline deadline() {
    return deadline;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "not in a pipeline");
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    context = ctx;
    Http2LocalFlowController room = connection().local().flowController();
    Http2Stream whole = connection().connectionStream();
    room.incrementWindowSize(whole, H2Bounds.CONNECTION_WINDOW - room.windowSize(whole));
    ctx.flush();
    deadline.start();
  }

  @Override
  public AnswerWriter writer() {
    return streams.writer();
  }

  @Override
  public void onLoop(Runnable task) {
    Sockets.onLoop(channel, task, this::fail);
  }

  /** Answers of other streams do not wait for this one: there is no last one. */
  @Override
  public void mayEndWith(Exchange exchange) {}

  /** Nothing ends: what waits for a client to read it is bounded, however often it asks. */
  @Override
  public void endWith(Exchange exchange) {}

  @Override
  public void complete(Exchange exchange, Bytes head, Bytes body) {
    H2Stream to = streams.of(exchange.stream());
    if (to == null) {
      return;
    }
    int id = exchange.stream();
    int length = body.length();
    ChannelPromise sent = context().newPromise().addListener(to);
    streams.answered(to, length);
    write(id, H2Answer.head(head), length == 0, length == 0 ? sent : context().newPromise());
    if (length > 0) {
      ByteBuf data = channel.alloc().ioBuffer(length);
      body.copyTo(data);
      var _ = encoder().writeData(context(), id, data, 0, true, sent);
    }
    flushUnlessReading();
  }

  /** Asks for the body that a client has announced. */
  void sendContinue(H2Stream to) {
    write(to.stream.id(), H2Answer.CONTINUE, false, context().newPromise());
  }

  private void write(int id, Http2Headers head, boolean last, ChannelPromise sent) {
    var _ = encoder().writeHeaders(context(), id, head, 0, last, sent);
  }

  /** An answer has left, or never will. */
  void left(H2Stream by, boolean sent) {
    streams.left(by);
    if (!sent) {
      return;
    }
    deadline.active();
    if (by.stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
      // RFC 9113 8.1: the answer is whole, so the rest of the request need not come.
      int id = by.stream.id();
      var _ = resetStream(context(), id, Http2Error.NO_ERROR.code(), context().newPromise());
      flushUnlessReading();
    }
  }

  /** Lets a client send as many bytes of a body as have been taken from it. */
  void giveBack(Http2Stream stream, int bytes) {
    try {
      connection().local().flowController().consumeBytes(stream, bytes);
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
  }

  /** A store that answers later answers many at once: they share a flush. */
  private void flushUnlessReading() {
    if (!reading && !flushesSoon) {
      flushesSoon = true;
      channel
          .eventLoop()
          .execute(() -> {
            flushesSoon = false;
            flush();
          });
    }
  }

  void flush() {
    flush(context());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    reading = true;
    if (message instanceof ByteBuf bytes) {
      unread += bytes.readableBytes();
    }
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    long left = actualReadableBytes();
    boolean inFrame = !streams.begun() || (left > 0 && !streams.anyArriving());
    deadline.inFrame(inFrame, left < unread);
    unread = left;
    super.channelReadComplete(ctx);
  }

  /** A stream has ended in whatever way. */
  void streamClosed() {
    if ((parted || inputClosed) && connection().numActiveStreams() == 0) {
      end(Http2Error.NO_ERROR, "");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    super.userEventTriggered(ctx, event);
    if (!Sockets.isEndOfInput(event)) {
      return;
    }
    if (closing) {
      shut();
      return;
    }
    inputClosed = true;
    streams.giveUpArriving();
    streamClosed();
  }

  /**
   * Ends the connection when all that was asked is answered. First it says that it will: what the
   * client has sent until it reads that is answered too.
   */
  void drain() {
    if (draining || closing) {
      return;
    }
    draining = true;
    deadline.parting();
    sayGoodbye(Integer.MAX_VALUE);
    var _ = encoder().writePing(context(), false, PARTING, context().newPromise());
    flush();
  }

  /** Takes no more requests: the client has read that the connection ends, or had its time to. */
  void part() {
    if (!draining || parted || closing) {
      return;
    }
    parted = true;
    deadline.parted();
    sayGoodbye(connection().remote().lastStreamCreated());
    flush();
    streamClosed();
  }

  private void sayGoodbye(int lastStream) {
    long code = Http2Error.NO_ERROR.code();
    var _ = goAway(context(), lastStream, code, Unpooled.EMPTY_BUFFER, context().newPromise());
  }

  /** The client has taken too long for something. */
  void expired(String why) {
    end(Http2Error.NO_ERROR, why);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2) {
    if (http2 == null) {
      fail(cause);
    } else {
      end(http2.error(), String.valueOf(http2.getMessage()));
    }
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    boolean tooLong =
        error instanceof Http2Exception.HeaderListSizeException size && size.duringDecode();
    if (!tooLong || connection().stream(error.streamId()) != null) {
      super.onStreamError(ctx, outbound, cause, error);
      return;
    }
    try {
      streams.refuseHead(connection().remote().createStream(error.streamId(), true));
    } catch (Http2Exception e) {
      onError(ctx, outbound, e);
    }
  }

  /** Says why, then ends; what still comes is thrown away, so that the client can read it. */
  private void end(Http2Error error, String why) {
    if (closing) {
      return;
    }
    closing = true;
    deadline.lingering();
    ChannelHandlerContext ctx = context();
    // Netty's own way would close at once, which could destroy what was sent before.
    var _ =
        encoder()
            .frameWriter()
            .writeGoAway(
                ctx,
                connection().remote().lastStreamCreated(),
                error.code(),
                ByteBufUtil.writeUtf8(ctx.alloc(), why),
                ctx.newPromise())
            .addListener((ChannelFuture sent) -> goneAway(sent.isSuccess()));
    flush();
  }

  private void goneAway(boolean successfully) {
    if (successfully && !inputClosed) {
      Sockets.finishSending(channel);
    } else {
      shut();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    closing = true;
    deadline.stop();
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    onError(ctx, false, cause);
  }

  private void fail(Throwable cause) {
    if (Sockets.isFaultOfClient(cause)) {
      LOG.log(Level.DEBUG, "a client went away", cause);
      shut();
    } else {
      LOG.log(Level.ERROR, "a connection failed", cause);
      end(Http2Error.INTERNAL_ERROR, "the fault is logged");
    }
  }

  void shut() {
    var _ = channel.close();
  }
}
