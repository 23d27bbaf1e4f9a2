package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Alarm;

/** The time of one event loop of a host, with an origin of its own. */
final class HostAlarm implements Alarm {

  private final World world;
  private final Host host;
  private final long origin;
  private long lastSoon;

  HostAlarm(World world, Host host, long origin) {
    this.world = world;
    this.host = host;
    this.origin = origin;
  }

  @Override
  public long nanoTime() {
    return origin + world.now();
  }

  /** In the order in which they came, as a loop does it, a nanosecond apart. */
  @Override
  public void soon(Runnable task) {
    lastSoon = Math.max(world.now(), lastSoon) + 1;
    world.at(lastSoon, host, task);
  }

  @Override
  public void after(long nanos, Runnable task) {
    world.at(world.now() + nanos, host, task);
  }
}
