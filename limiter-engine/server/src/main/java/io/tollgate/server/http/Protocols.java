package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/** Sets up a connection for the protocol that its client speaks. */
final class Protocols {

  private Protocols() {}

  /**
   * The client speaks HTTP/1.1.
   *
   * @param orHttp2 whether it may still turn out to speak HTTP/2, by its first bytes
   */
  static void http1(Channel channel, Door door, boolean orHttp2) {
    RequestDecoder decoder = orHttp2 ? new RequestDecoder(door) : new RequestDecoder();
    channel.pipeline().addLast(decoder, new Connection(channel, door, decoder));
  }

  /** The client speaks HTTP/2. */
  static void http2(Channel channel, Door door) {
    channel.pipeline().addLast(H2Bounds.connection(channel, door));
  }

  /** The client has begun with the preface of HTTP/2; what it sent goes on to the new handler. */
  static void switchToHttp2(ChannelHandlerContext decoder, Door door) {
    ChannelPipeline pipeline = decoder.pipeline();
    pipeline.addAfter(decoder.name(), null, H2Bounds.connection(decoder.channel(), door));
    pipeline.remove(Connection.class);
    pipeline.remove(decoder.handler());
  }

  /** Lets the client's last answers leave; runs on the connection's event loop. */
  static void drain(Channel channel) {
    Connection one = channel.pipeline().get(Connection.class);
    H2Connection two = channel.pipeline().get(H2Connection.class);
    if (one != null) {
      one.drain();
    } else if (two != null) {
      two.drain();
    } else {
      // Still shaking hands: nothing was asked.
      var _ = channel.close();
    }
  }
}
