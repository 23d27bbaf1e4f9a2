package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** How a connection's own half ends. */
final class Sockets {

  private Sockets() {}

  /** Says that nothing more will come; whatever was written before leaves before. */
  static void finishSending(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      shutdownOutput(channel);
    } else {
      // A client of TLS takes an end without this for a cut.
      tls.closeOutbound().addListener(_ -> shutdownOutput(channel));
    }
  }

  private static void shutdownOutput(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    } else {
      var _ = channel.close();
    }
  }
}
