package io.tollgate.server.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Port;
import java.util.List;

/** A listening socket that closes at once what is one connection too many, and counts the rest. */
final class BoundedListener extends NioServerSocketChannel {

  private final Traffic traffic;
  private final Metrics metrics;

  BoundedListener(Traffic traffic, Metrics metrics) {
    this.traffic = traffic;
    this.metrics = metrics;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int before = accepted.size();
    int count = super.doReadMessages(accepted);
    for (int i = accepted.size() - 1; i >= before; i--) {
      Channel channel = (Channel) accepted.get(i);
      if (!traffic.admit(channel, true)) {
        // It is on no event loop yet.
        accepted.remove(i);
        metrics.ofThisLoop().refused(Port.GRPC);
        channel.unsafe().closeForcibly();
      } else {
        metrics.ofThisLoop().opened(Port.GRPC);
        channel.closeFuture().addListener(_ -> closed());
      }
    }
    return count;
  }

  /** On the connection's loop. */
  private void closed() {
    LoopMetrics loop = metrics.ofThisLoop();
    loop.closed(Port.GRPC);
  }
}
