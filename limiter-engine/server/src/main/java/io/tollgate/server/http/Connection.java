package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.door.Sockets;
import io.tollgate.server.http.Deadline.Phase;
import io.tollgate.server.http.Route.Target;
import java.lang.System.Logger.Level;

/**
 * One connection: puts requests together, hands them on, ends when it must.
 *
 * <p>Everything happens on the connection's event loop, without a hand-over.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Caller {

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final Door door;
  private final RequestDecoder decoder;
  private final Loop loop;
  private final Answers answers;
  private final AnswerWriter writer;
  private final Calls calls;
  private final Deadline deadline;
  private final Incoming incoming;
  private final HeadFields fields = new HeadFields();

  /** Whether a read is under way, at whose end everything is flushed at once. */
  private boolean reading;

  /** Whether everything is flushed when the loop has done what it is at. */
  private boolean sendsSoon;

  /** Whether a head has arrived since the deadline was looked at. */
  private boolean progressed;

  /** Whether what still arrives is thrown away. */
  private boolean deaf;

  /** Whether the client has not finished what it was sending when it was refused. */
  private boolean mayStillSend;

  private boolean inputClosed;
  private boolean draining;
  private boolean closing;

  Connection(Channel channel, Door door, RequestDecoder decoder) {
    this.channel = channel;
    this.door = door;
    this.decoder = decoder;
    this.loop = Loop.current();
    this.answers = new Answers(channel, loop);
    this.writer = new AnswerWriter(this, loop, door);
    this.calls = new Calls(door, loop, writer);
    this.deadline = new Deadline(channel, this);
    this.incoming = new Incoming(channel.alloc());
  }

  @Override
  public AnswerWriter writer() {
    return writer;
  }

  @Override
  public void onLoop(Runnable task) {
    Sockets.onLoop(channel, task, this::fail);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (channel.isActive()) {
      deadline.start();
    }
  }

  /** The client speaks another protocol: this was never its connection. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadline.stop();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline.start();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    try {
      if (!deaf && message instanceof HttpRequest request) {
        head(request);
      }
      if (!deaf && message instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpRequest request) {
    progressed = true;
    fields.read(request.headers());
    Exchange exchange = open();
    Problem broken = Admission.framing(request, fields);
    if (broken != null) {
      refuse(exchange, broken);
      return;
    }
    boolean modern = request.protocolVersion().minorVersion() > 0;
    if (request.method().equals(HttpMethod.HEAD)) {
      exchange.makeBodyless();
    }
    if (!Admission.keepsAlive(request, fields)) {
      exchange.makeLast();
    } else if (!modern) {
      exchange.makeSayKeepAlive();
    }
    boolean waits = modern && fields.expectsContinue();
    boolean admitted = admit(request, exchange);
    if (!admitted && (waits || incoming.exceeds(fields.contentLength()))) {
      refuse(exchange, incoming.tooLong());
    } else if (waits) {
      answers.continueFor(exchange);
    }
  }

  private Exchange open() {
    Exchange exchange = loop.exchange();
    exchange.begin(this, loop.ids().orNew(fields.requestId(), door.clock().millis()));
    answers.open(exchange);
    return exchange;
  }

  private boolean admit(HttpRequest request, Exchange exchange) {
    try {
      exchange.note(request.method(), fields.prefers("status", "decision"), fields.accept());
      Target to = Admission.route(exchange, request.uri(), fields, door);
      if (exchange.gateway()) {
        exchange.gatewayHead(
            AuthzHead.read(request.headers().iteratorCharSequence(), channel.remoteAddress()));
      }
      incoming.begin(exchange, to);
      return true;
    } catch (RefusedException e) {
      incoming.beginRefused(exchange, e.problem());
      return false;
    }
  }

  private void content(HttpContent content) {
    Exchange exchange = incoming.exchange();
    if (exchange == null) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      refuse(exchange, Admission.unreadableBody(content.decoderResult().cause()));
      return;
    }
    ByteBuf part = content.content();
    if (!incoming.take(part)) {
      refuse(exchange, incoming.tooLong());
    } else if (content instanceof LastHttpContent) {
      deaf = exchange.last();
      try {
        incoming.answer(exchange, part, calls, writer);
      } finally {
        incoming.end();
      }
    } else {
      incoming.keep(part);
    }
  }

  /** Answers a request that is not read to its end, after which nothing more can be read. */
  private void refuse(Exchange exchange, Problem problem) {
    incoming.end();
    endWith(exchange);
    writer.problem(exchange, problem);
  }

  @Override
  public void endWith(Exchange exchange) {
    deaf = true;
    mayStillSend = true;
    exchange.makeLast();
  }

  @Override
  public void mayEndWith(Exchange exchange) {
    if (draining && answers.newest(exchange)) {
      exchange.makeLast();
      deaf = true;
    }
  }

  @Override
  public void complete(Exchange exchange, Bytes head, Bytes body) {
    answers.complete(exchange, head, body);
    if (!reading) {
      sendSoon();
    } else if (!channel.isWritable()) {
      channel.flush();
    }
  }

  /** A store that answers later answers many at once: they share a flush. */
  private void sendSoon() {
    if (!sendsSoon) {
      sendsSoon = true;
      channel.eventLoop().execute(this::sendNow);
    }
  }

  private void sendNow() {
    sendsSoon = false;
    if (!reading) {
      send();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    send();
    if (!closing) {
      settle();
    }
  }

  private void send() {
    if (answers.ended() || (inputClosed && answers.idle())) {
      end();
    } else {
      answers.flush();
      steer();
    }
  }

  private void settle() {
    boolean begun = decoder.begun() && !deaf;
    Phase next = incoming.exchange() != null ? Phase.BODY : begun ? Phase.HEAD : Phase.IDLE;
    if (progressed || next == Phase.IDLE || next != deadline.phase()) {
      deadline.begin(next);
    }
    progressed = false;
  }

  /** Stops reading from a client that does not read, or is too far ahead of its answers. */
  private void steer() {
    boolean read = closing || (channel.isWritable() && !answers.full());
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!closing) {
      deadline.begin(deadline.phase());
    }
    steer();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!Sockets.isEndOfInput(event)) {
      return;
    }
    inputClosed = true;
    deaf = true;
    if (deadline.phase() == Phase.LINGER) {
      shut();
      return;
    }
    Exchange cut = incoming.exchange();
    if (cut != null) {
      incoming.end();
      answers.withdraw(cut);
    }
    send();
  }

  /** The deadline has passed. */
  void expired(Phase phase) {
    switch (phase) {
      case IDLE, LINGER -> shut();
      case HEAD -> {
        fields.clear();
        refuse(open(), late("the head of the request took longer than 10 s"));
      }
      case BODY -> {
        Exchange slow = incoming.exchange();
        if (slow != null) {
          refuse(slow, late("the body of the request took longer than 30 s"));
        }
      }
    }
  }

  private static Problem late(String what) {
    return Problem.of(ErrorCode.REQUEST_TIMEOUT, what);
  }

  /** Ends the connection when what is under way is answered; the client knows nothing of it. */
  void drain() {
    draining = true;
    mayStillSend = true;
    if (answers.idle() && !decoder.begun()) {
      end();
    }
  }

  private void end() {
    if (closing) {
      return;
    }
    closing = true;
    deaf = true;
    deadline.begin(Phase.IDLE);
    answers.flushLast().addListener((ChannelFuture sent) -> sent(sent.isSuccess()));
    steer();
  }

  /** Closing while the client sends would reset the connection and could destroy the answer. */
  private void sent(boolean successfully) {
    if (successfully && mayStillSend && !inputClosed) {
      deadline.begin(Phase.LINGER);
      Sockets.finishSending(channel);
    } else {
      shut();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deaf = true;
    closing = true;
    deadline.stop();
    incoming.end();
    answers.abandon();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable cause) {
    if (Sockets.isFaultOfClient(cause)) {
      LOG.log(Level.DEBUG, "a client went away", cause);
    } else {
      LOG.log(Level.ERROR, "a connection failed", cause);
    }
    shut();
  }

  private void shut() {
    var _ = channel.close();
  }
}
