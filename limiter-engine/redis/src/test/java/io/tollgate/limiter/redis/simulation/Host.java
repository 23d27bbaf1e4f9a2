package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;

/** A process: it lives or does not, and may be stopped for a while. */
final class Host {

  private record Pause(long from, long to) {}

  private final World world;
  private final List<Pause> pauses = new ArrayList<>();
  private boolean alive = true;
  private long resumesAt;

  Host(World world) {
    this.world = world;
  }

  boolean isAlive() {
    return alive;
  }

  /** Ends it: nothing that it had before it happens any more. */
  void kill() {
    alive = false;
  }

  /** Stops it from now on, while everything else goes on. */
  void pause(long nanos) {
    resumesAt = Math.max(resumesAt, world.now() + nanos);
    pauses.add(new Pause(world.now(), resumesAt));
  }

  /** Before it nothing happens here. */
  long resumesAt() {
    return resumesAt;
  }

  /** For how long at most it stood still in all. */
  long paused() {
    return pausedBetween(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** For how long at most it stood still between two instants. */
  long pausedBetween(long from, long to) {
    long sum = 0;
    for (Pause pause : pauses) {
      sum += Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from));
    }
    return sum;
  }
}
