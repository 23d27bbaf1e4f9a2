package io.tollgate.server.door;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The threads that carry all connections: one for each processor. */
public final class EventLoops implements AutoCloseable {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          Runtime.getRuntime().availableProcessors(),
          new DefaultThreadFactory("tollgate-http"),
          NioIoHandler.newFactory());

  /** Loops that start with the first thing they have to do. */
  public EventLoops() {}

  public EventLoopGroup group() {
    return group;
  }

  /** Each of them. */
  public List<EventLoop> all() {
    List<EventLoop> loops = new ArrayList<>();
    group.forEach(loop -> loops.add((EventLoop) loop));
    return List.copyOf(loops);
  }

  /** Ends them; takes at most a few seconds. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
