package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.H2Stream.State;
import io.tollgate.server.http.Route.Target;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one HTTP/2 connection: puts them together and hands them on.
 *
 * <p>What is not asked yet because earlier answers have not left counts against the client's
 * window, so that a client which does not read cannot make us hold more.
 */
final class H2Streams extends Http2FrameAdapter {

  /** Answers that wait for a client to read, and the one that goes beyond. */
  private static final int MOST_UNSENT = 1024 * 1024;

  /** A client changes its settings once or twice; each change touches every stream. */
  private static final int MOST_SETTINGS = 100;

  private final H2Connection connection;
  private final Channel channel;
  private final Door door;
  private final Loop loop;
  private final AnswerWriter writer;
  private final Calls calls;
  private final Http2Connection.PropertyKey key;
  private final HeadFields fields = new HeadFields();
  private final H2LargeBodies large = new H2LargeBodies();

  /** Bounded by the streams of the connection. */
  private final ArrayDeque<H2Stream> waiting = new ArrayDeque<>(0);

  private int arriving;
  private int unsent;
  private int settings;
  private boolean waking;

  H2Streams(H2Connection connection, Channel channel, Door door) {
    this.connection = connection;
    this.channel = channel;
    this.door = door;
    this.loop = Loop.current();
    this.writer = new AnswerWriter(connection, loop, door);
    this.calls = new Calls(door, loop, writer);
    this.key = connection.connection().newKey();
    connection
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(Http2Stream stream) {
                closed(stream);
              }
            });
  }

  /** Whether the client has said what it can do, as it must first. */
  boolean begun() {
    return settings > 0;
  }

  AnswerWriter writer() {
    return writer;
  }

  /** The request of a stream; null when the stream has none. */
  @Nullable H2Stream of(int id) {
    Http2Stream stream = connection.connection().stream(id);
    return stream == null ? null : stream.getProperty(key);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings changed)
      throws Http2Exception {
    if (++settings > MOST_SETTINGS) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "settings were changed more than %d times", MOST_SETTINGS);
    }
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    connection.part();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(ctx, id, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
    H2Stream begun = of(id);
    if (begun == null) {
      open(connection.connection().stream(id), headers, end);
    } else if (end && begun.state == State.ARRIVING) {
      // Trailers say nothing that matters here; Netty refuses those that do not end the stream.
      whole(begun, Unpooled.EMPTY_BUFFER);
    }
  }

  private void open(Http2Stream stream, Http2Headers headers, boolean end) {
    connection.deadline().active();
    fields.read(headers.iterator());
    H2Stream opened = open(stream);
    boolean admitted = admit(headers, opened);
    if (end) {
      whole(opened, Unpooled.EMPTY_BUFFER);
    } else if (!admitted
        && (fields.expectsContinue() || opened.incoming.exceeds(fields.contentLength()))) {
      refuse(opened, opened.incoming.tooLong());
    } else if (fields.expectsContinue()) {
      connection.sendContinue(opened);
    }
  }

  private H2Stream open(Http2Stream stream) {
    Exchange exchange = loop.exchange();
    exchange.begin(connection, loop.ids().orNew(fields.requestId(), door.clock().millis()));
    exchange.stream(stream.id());
    long bodyBy = connection.deadline().now() + H2Deadline.BODY_NANOS;
    H2Stream opened =
        new H2Stream(connection, stream, exchange, new Incoming(channel.alloc()), bodyBy);
    stream.setProperty(key, opened);
    arriving++;
    return opened;
  }

  private boolean admit(Http2Headers headers, H2Stream opened) {
    Exchange exchange = opened.exchange;
    try {
      H2Head head = H2Head.read(headers, fields);
      if (head.method().equals(HttpMethod.HEAD)) {
        exchange.makeBodyless();
      }
      exchange.note(head.method(), fields.prefers("status", "decision"), fields.accept());
      Target to = Admission.route(exchange, head.target(), fields, door);
      if (exchange.gateway()) {
        exchange.gatewayHead(AuthzHead.read(headers.iterator(), channel.remoteAddress()));
      }
      opened.incoming.begin(exchange, to);
      return true;
    } catch (RefusedException e) {
      opened.incoming.beginRefused(exchange, e.problem());
      return false;
    }
  }

  @Override
  public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
    int count = data.readableBytes() + padding;
    H2Stream to = of(id);
    if (to == null || to.state != State.ARRIVING) {
      return count;
    }
    to.held += count;
    if (!to.incoming.take(data)) {
      refuse(to, to.incoming.tooLong());
    } else if (end) {
      whole(to, data);
    } else {
      to.incoming.keep(data);
    }
    return mayGiveBack(to) ? takeHeld(to) : 0;
  }

  private boolean mayGiveBack(H2Stream to) {
    return switch (to.state) {
      case ARRIVING -> to.held > H2Bounds.WINDOW / 2 && large.mayGrow(to);
      case WAITING -> false;
      case ASKED, ANSWERED, CLOSED -> true;
    };
  }

  private static int takeHeld(H2Stream of) {
    int held = of.held;
    of.held = 0;
    return held;
  }

  /** Asks now, unless earlier answers must leave first. */
  private void whole(H2Stream whole, ByteBuf lastPart) {
    arriving--;
    if (unsent < MOST_UNSENT && waiting.isEmpty()) {
      ask(whole, lastPart);
    } else {
      whole.state = State.WAITING;
      whole.incoming.keep(lastPart);
      waiting.add(whole);
    }
  }

  private void ask(H2Stream whole, ByteBuf lastPart) {
    whole.state = State.ASKED;
    try {
      whole.incoming.answer(whole.exchange, lastPart, calls, writer);
    } finally {
      whole.incoming.end();
      forgetBody(whole);
    }
  }

  /** Answers a request that is not read to its end. */
  private void refuse(H2Stream refused, Problem problem) {
    arriving--;
    refused.state = State.ASKED;
    refused.incoming.end();
    forgetBody(refused);
    writer.problem(refused.exchange, problem);
  }

  /** Answers a request whose head was longer than the parser takes. */
  void refuseHead(Http2Stream stream) {
    fields.clear();
    refuse(
        open(stream),
        Problem.of(ErrorCode.HEADERS_TOO_LARGE, "the headers are longer than 16 KiB"));
  }

  private void forgetBody(H2Stream of) {
    large.forget(of);
    while (large.hasNext()) {
      giveBack(large.next());
    }
  }

  private void giveBack(H2Stream to) {
    connection.giveBack(to.stream, takeHeld(to));
  }

  /** Notes that an answer is written, but may have to wait for the client. */
  void answered(H2Stream by, int bytes) {
    by.state = State.ANSWERED;
    by.unsent = bytes;
    unsent += bytes;
    loop.giveBack(by.exchange);
  }

  /** An answer has left, or never will. */
  void left(H2Stream by) {
    unsent -= by.unsent;
    by.unsent = 0;
    if (!waiting.isEmpty() && !waking) {
      waking = true;
      // Not from within the write that has just succeeded.
      channel.eventLoop().execute(this::wake);
    }
  }

  private void wake() {
    waking = false;
    while (!waiting.isEmpty() && unsent < MOST_UNSENT) {
      H2Stream next = waiting.remove();
      if (next.state == State.WAITING) {
        ask(next, Unpooled.EMPTY_BUFFER);
        giveBack(next);
      }
    }
    connection.flush();
  }

  /**
   * Refuses every request whose body took too long.
   *
   * @return when to look again, {@link Long#MAX_VALUE} for never
   */
  long expireBodies(long now) {
    long[] next = {Long.MAX_VALUE};
    forEach(stream -> next[0] = Math.min(next[0], expireBody(stream, now)));
    return next[0];
  }

  private void forEach(Consumer<H2Stream> action) {
    try {
      connection
          .connection()
          .forEachActiveStream(stream -> {
            H2Stream request = stream.getProperty(key);
            if (request != null) {
              action.accept(request);
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new IllegalStateException("looking at the streams", e);
    }
  }

  private long expireBody(H2Stream stream, long now) {
    if (stream.state != State.ARRIVING) {
      return Long.MAX_VALUE;
    }
    if (now < stream.bodyByNanos) {
      return stream.bodyByNanos;
    }
    refuse(
        stream,
        Problem.of(ErrorCode.REQUEST_TIMEOUT, "the body of the request took longer than 30 s"));
    return Long.MAX_VALUE;
  }

  /** Ends every request whose body will never be whole: the client sends no more. */
  void giveUpArriving() {
    forEach(stream -> {
      if (stream.state == State.ARRIVING) {
        stream.stream.close();
      }
    });
  }

  /** Whether the body of a request is arriving. */
  boolean anyArriving() {
    return arriving > 0;
  }

  private void closed(Http2Stream stream) {
    H2Stream gone = stream.removeProperty(key);
    if (gone != null) {
      State was = gone.state;
      gone.state = State.CLOSED;
      gone.incoming.end();
      forgetBody(gone);
      switch (was) {
        case ARRIVING -> {
          arriving--;
          loop.giveBack(gone.exchange);
        }
        case WAITING -> loop.giveBack(gone.exchange);
        // A store may still answer it, so nobody else may have it.
        case ASKED -> gone.exchange.abandon();
        case ANSWERED, CLOSED -> {}
      }
    }
    connection.streamClosed();
  }
}
