package io.tollgate.server.door;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of a door's ports together, and bounds them. Thread-safe. */
public final class Traffic {

  /** Beyond the bound on the operator's port: who asks how a full server fares must be answered. */
  private static final int RESERVED = 100;

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  public Traffic(int most) {
    this.most = most;
  }

  /**
   * Whether there is room for a connection, which is then counted until it is closed.
   *
   * @param checks whether it is one of the port of checks
   */
  public boolean admit(Channel channel, boolean checks) {
    int room = checks ? most : most + RESERVED;
    if (open.incrementAndGet() > room) {
      open.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    return true;
  }

  /** How many there are now. */
  public int open() {
    return open.get();
  }
}
