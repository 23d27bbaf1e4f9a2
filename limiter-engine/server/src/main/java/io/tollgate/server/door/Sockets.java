package io.tollgate.server.door;

import io.netty.channel.Channel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** What connections of every protocol do alike. */
public final class Sockets {

  private Sockets() {}

  /** Runs a task on the loop of a channel, which is told of its faults: nobody above is. */
  public static void onLoop(Channel channel, Runnable task, Consumer<Throwable> fail) {
    if (channel.eventLoop().inEventLoop()) {
      guarded(task, fail);
    } else {
      channel.eventLoop().execute(() -> guarded(task, fail));
    }
  }

  private static void guarded(Runnable task, Consumer<Throwable> fail) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fail.accept(e);
    }
  }

  /** Whether an event says that the client sends no more: by TCP, or by TLS within it. */
  public static boolean isEndOfInput(Object event) {
    return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
  }

  /** Whether the client or the way to it is at fault: it went away, or sent what is no TLS. */
  public static boolean isFaultOfClient(Throwable cause) {
    return cause instanceof IOException
        || (cause instanceof DecoderException && cause.getCause() instanceof SSLException);
  }

  /** Says that nothing more will come; whatever was written before leaves before. */
  public static void finishSending(Channel channel) {
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
