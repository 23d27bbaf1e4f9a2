package io.tollgate.server.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Port;

/**
 * Stands between a socket and everything else on its connection, whatever that speaks: counts
 * connections, and notes when bytes have come and gone.
 */
final class Meter extends ChannelDuplexHandler {

  private final LoopMetrics metrics;
  private final Port port;

  /** Several reads may follow one another before anything is flushed. */
  private boolean reading;

  Meter(LoopMetrics metrics, Port port) {
    this.metrics = metrics;
    this.port = port;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    metrics.opened(port);
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    metrics.closed(port);
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (!reading) {
      reading = true;
      metrics.arrived();
    }
    ctx.fireChannelRead(bytes);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    metrics.flushed();
  }
}
