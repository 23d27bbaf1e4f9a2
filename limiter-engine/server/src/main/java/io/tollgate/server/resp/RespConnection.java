package io.tollgate.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.server.door.Sockets;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Port;
import io.tollgate.server.metrics.Verb;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads commands, hands them on, ends when it must.
 *
 * <p>Everything happens on the connection's event loop, without a hand-over.
 */
final class RespConnection extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(RespConnection.class.getName());

  /** How often a connection is looked at; it ends at the first look after its time. */
  private static final long LOOK_SECONDS = 10;

  /** A pool may keep a connection for long, but not one whose client is gone. */
  private static final int MOST_IDLE_LOOKS = 60;

  /** A command is on its way for at most 40 s. */
  private static final int MOST_COMMAND_LOOKS = 3;

  /** Under which name bytes are counted that are no command. */
  private static final String NO_COMMAND = "none";

  private final Channel channel;
  private final Behind behind;
  private final LoopMetrics metrics;
  private final Loop loop = Loop.current();
  private final CommandReader reader = new CommandReader();
  private final Replies replies;
  private final Session session;

  /** What has arrived and is not read; null while there is nothing. */
  private @Nullable ByteBuf in;

  private @Nullable ScheduledFuture<?> looks;

  /** Whether a read is under way, at whose end everything is flushed at once. */
  private boolean reading;

  /** Whether everything is flushed when the loop has done what it is at. */
  private boolean sendsSoon;

  /** Whether what still arrives is thrown away. */
  private boolean deaf;

  /** Whether the connection ends when what was asked is answered. */
  private boolean ending;

  /** Whether the client has not finished what it was sending when it was sent away. */
  private boolean mayStillSend;

  private boolean inputClosed;
  private boolean closing;
  private boolean opened;
  private int idleLooks;
  private int commandLooks;

  RespConnection(Channel channel, Behind behind) {
    this.channel = channel;
    this.behind = behind;
    this.metrics = behind.metrics().ofThisLoop();
    this.replies = new Replies(channel, loop);
    this.session = behind.newSession();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    opened = true;
    metrics.opened(Port.RESP);
    looks =
        channel
            .eventLoop()
            .scheduleAtFixedRate(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deaf = true;
    closing = true;
    if (opened) {
      metrics.closed(Port.RESP);
    }
    if (looks != null) {
      var _ = looks.cancel(false);
    }
    forgetInput();
    replies.abandon();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (deaf) {
      bytes.release();
      return;
    }
    if (!reading) {
      reading = true;
      metrics.arrived();
    }
    idleLooks = 0;
    in =
        in == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), in, bytes);
    readOn();
  }

  /** Reads commands while there is room for their answers. */
  private void readOn() {
    ByteBuf bytes = in;
    while (bytes != null && !deaf && hasRoom()) {
      try {
        if (!reader.read(bytes, session.known())) {
          if (inputClosed) {
            // What has begun will never be whole.
            forgetInput();
          }
          break;
        }
        commandLooks = 0;
        execute(reader.arguments());
      } catch (ProtocolException e) {
        refuse(e);
      }
    }
    if (deaf || (in != null && !in.isReadable())) {
      forgetInput();
    } else if (in != null) {
      in.discardSomeReadBytes();
    }
  }

  private void forgetInput() {
    ByteBuf rest = in;
    in = null;
    if (rest != null) {
      rest.release();
    }
  }

  private boolean hasRoom() {
    if (!channel.isWritable()) {
      replies.flush();
      metrics.flushed();
    }
    return channel.isWritable() && !replies.full();
  }

  private void execute(Arguments words) {
    if (words.is(0, "post") || words.is(0, "host:")) {
      // A web page can make a browser send this to a port of the same machine.
      LOG.log(Level.DEBUG, "a client speaks HTTP to the RESP port; it is closed");
      metrics.answeredCommand(NO_COMMAND, "http");
      deaf = true;
      shut();
      return;
    }
    Command command = Command.of(words, 0);
    RespWriter out = loop.writer();
    out.begin(session.resp3());
    if (!session.known() && (command == null || !command.forStrangers())) {
      Commands.stranger(out);
    } else if (command == null) {
      Commands.unknown(words, out);
    } else if (!command.takes(words.count())) {
      Commands.wrongNumber(command, out);
    } else if (command == Command.CL_THROTTLE) {
      ask(words);
      return;
    } else {
      behind.commands().answer(command, words, session, out);
    }
    out.count(metrics, command == null ? Command.UNKNOWN : command.word());
    replies.add(out.bytes());
    if (command == Command.QUIT) {
      ending = true;
      deaf = true;
    }
  }

  private void ask(Arguments words) {
    Asked asked = loop.asked();
    asked.begin(this, metrics.arrivedNanos());
    replies.open(asked);
    try {
      behind.throttle().ask(words, asked.buffer(), asked);
    } catch (InvalidRequestException refused) {
      RespWriter out = loop.writer();
      out.begin(session.resp3());
      Throttle.refuse(out, refused);
      told(asked, out);
    }
  }

  /** The answer to a question is there; called by the store, on whatever thread. */
  void decided(Asked asked, CheckBuffer answered) {
    Sockets.onLoop(channel, () -> tell(asked, answered), this::fail);
  }

  private void tell(Asked asked, CheckBuffer answered) {
    if (channel.isActive()) {
      Decision decision = answered.decision();
      metrics.decided(Verb.CHECK, behind.throttle().namespace(), decision);
      RespWriter out = loop.writer();
      out.begin(session.resp3());
      Throttle.answer(out, decision);
      metrics.leaves(Verb.CHECK, asked.sinceNanos());
      told(asked, out);
    }
  }

  private void told(Asked asked, RespWriter out) {
    out.count(metrics, Command.CL_THROTTLE.word());
    replies.answered(asked, out.bytes());
    if (!reading) {
      sendSoon();
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
      try {
        resume();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }

  /** Goes on with what has arrived, since there may be room again. */
  private void resume() {
    reading = true;
    readOn();
    reading = false;
    send();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    send();
  }

  private void send() {
    if ((ending || inputClosed) && replies.idle() && in == null) {
      end();
      return;
    }
    replies.flush();
    metrics.flushed();
    steer();
  }

  /** Stops reading from a client that does not read, or is too far ahead of its answers. */
  private void steer() {
    boolean read = closing || (channel.isWritable() && !replies.full());
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!reading && !closing) {
      sendSoon();
    }
  }

  /** Says that the bytes are no commands, after which nothing more can be read. */
  private void refuse(ProtocolException e) {
    RespWriter out = loop.writer();
    out.begin(session.resp3());
    out.error("ERR", "Protocol error: " + e.text());
    metrics.answeredCommand(NO_COMMAND, "protocol_error");
    replies.add(out.bytes());
    deaf = true;
    ending = true;
    mayStillSend = true;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && !done.isSuccess()) {
      metrics.handshakeFailed(Port.RESP);
      LOG.log(Level.DEBUG, "a handshake failed", done.cause());
      shut();
    } else if (Sockets.isEndOfInput(event)) {
      inputClosed = true;
      if (closing) {
        shut();
      } else {
        resume();
      }
    }
  }

  /** Ends the connection when what is under way is answered; the client knows nothing of it. */
  void drain() {
    deaf = true;
    ending = true;
    mayStillSend = true;
    forgetInput();
    send();
  }

  private void end() {
    if (closing) {
      return;
    }
    closing = true;
    deaf = true;
    idleLooks = 0;
    metrics.flushed();
    replies.flushLast().addListener((ChannelFuture sent) -> sent(sent.isSuccess()));
    steer();
  }

  /** Closing while the client sends would reset the connection and could destroy the answer. */
  private void sent(boolean successfully) {
    if (successfully && mayStillSend && !inputClosed) {
      Sockets.finishSending(channel);
    } else {
      shut();
    }
  }

  /** Ends what has lasted too long: an unfinished login, an unfinished command, idleness. */
  private void look() {
    idleLooks++;
    boolean begun = reader.begun() || (in != null && channel.config().isAutoRead());
    commandLooks = begun ? commandLooks + 1 : 0;
    boolean slow = !session.known() || commandLooks > MOST_COMMAND_LOOKS;
    if (closing || slow || idleLooks > MOST_IDLE_LOOKS) {
      shut();
    }
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
