package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Alarm;

/** The time of one event loop of a host, with an origin of its own. */
final class HostAlarm implements Alarm {

  private static final long COARSE_NANOS = 400 * World.MILLI;

  private final World world;
  private final Host host;
  private final long origin;
  private final long step;
  private long lastSoon;

  HostAlarm(World world, Host host, long origin) {
    this(world, host, origin, 1);
  }

  private HostAlarm(World world, Host host, long origin, long step) {
    this.step = step;
    this.world = world;
    this.host = host;
    this.origin = origin;
  }

  /** The same, but its clock stands still most of the time. */
  HostAlarm coarse() {
    return new HostAlarm(world, host, origin, COARSE_NANOS);
  }

  @Override
  public long nanoTime() {
    return origin + world.now() - world.now() % step;
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
