package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one connection may still take for what it is doing.
 *
 * <p>One task per connection looks every ten seconds at most: no phase but the last is shorter, so
 * each is noticed on time, and a request costs no scheduling.
 */
final class Deadline implements Runnable {

  /** What a connection is doing. */
  enum Phase {
    /** Nothing. */
    IDLE(60),
    /** The head of a request is arriving. */
    HEAD(10),
    /** The body of a request is arriving. */
    BODY(30),
    /** The last answer has left; the client may still be sending. */
    LINGER(2);

    private final long nanos;

    Phase(long seconds) {
      this.nanos = TimeUnit.SECONDS.toNanos(seconds);
    }
  }

  private static final long LOOK_NANOS = Phase.HEAD.nanos;

  private final Channel channel;
  private final Connection connection;
  private @Nullable Future<?> task;
  private Phase phase = Phase.IDLE;
  private long atNanos;

  Deadline(Channel channel, Connection connection) {
    this.channel = channel;
    this.connection = connection;
  }

  void start() {
    begin(Phase.IDLE);
    look(LOOK_NANOS);
  }

  /** Begins a phase, or begins the same one anew. */
  void begin(Phase next) {
    phase = next;
    atNanos = channel.eventLoop().ticker().nanoTime() + next.nanos;
    if (next.nanos < LOOK_NANOS) {
      look(next.nanos);
    }
  }

  Phase phase() {
    return phase;
  }

  void stop() {
    Future<?> current = task;
    if (current != null) {
      current.cancel(false);
    }
  }

  private void look(long inNanos) {
    stop();
    task = channel.eventLoop().schedule(this, inNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    long left = atNanos - channel.eventLoop().ticker().nanoTime();
    if (left <= 0) {
      connection.expired(phase);
      // Whoever has been told may have begun another phase; one that is over looks no more.
      left = atNanos - channel.eventLoop().ticker().nanoTime();
    }
    if (left > 0 && channel.isActive()) {
      look(Math.min(left, LOOK_NANOS));
    }
  }
}
