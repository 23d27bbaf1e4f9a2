package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tollgate.server.door.Sockets;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the handshake of TLS, then sets up the protocol that both sides agreed on.
 *
 * <p>Strangers can make a handshake fail as often as they like, so that is counted, and logged at
 * debug only.
 */
final class Handshake extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(Handshake.class.getName());

  /** The time for a head, which it comes before. */
  private static final long MOST_MILLIS = TimeUnit.SECONDS.toMillis(10);

  private final SslHandler tls;
  private final Door door;

  private Handshake(SslHandler tls, Door door) {
    this.tls = tls;
    this.door = door;
  }

  /** The client speaks TLS, or is sent away. */
  static void await(Channel channel, SslContext context, Door door) {
    SslHandler tls = context.newHandler(channel.alloc());
    tls.setHandshakeTimeoutMillis(MOST_MILLIS);
    channel.pipeline().addLast(tls, new Handshake(tls, door));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        agreed(ctx);
      } else {
        failed(ctx, done.cause());
      }
    } else if (Sockets.isEndOfInput(event)) {
      var _ = ctx.close();
    }
  }

  /** A client that names no protocol speaks HTTP/1.1 (RFC 9113 3.2). */
  private void agreed(ChannelHandlerContext ctx) {
    if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
      Protocols.http2(ctx.channel(), door);
    } else {
      Protocols.http1(ctx.channel(), door, false);
    }
    ctx.pipeline().remove(this);
  }

  private void failed(ChannelHandlerContext ctx, Throwable cause) {
    door.metrics().ofThisLoop().handshakeFailed(door.port());
    LOG.log(Level.DEBUG, "a handshake failed", cause);
    // Behind the alert that says why, when there is one.
    var _ = ctx.close();
  }

  /** The same that was told as an event. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
