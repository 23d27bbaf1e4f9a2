package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** The time of an event loop, which is the thread that it is confined to. */
record LoopAlarm(EventLoop loop) implements Alarm {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void soon(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void after(long nanos, Runnable task) {
    var _ = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }
}
