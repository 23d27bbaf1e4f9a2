package io.tollgate.server.http;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long an HTTP/2 connection may still take for what it is doing.
 *
 * <p>Looks every ten seconds at most, as {@link Deadline} does; what is shorter is looked for by
 * itself.
 */
final class H2Deadline implements Runnable {

  /** From the head of a request to the end of its body. */
  static final long BODY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_NANOS = FRAME_NANOS;

  /** So that clients behind a balancer spread anew, and what a connection gathered ends. */
  private static final long AGE_NANOS = TimeUnit.MINUTES.toNanos(30);

  /** A client that does not answer the ping behind our first GOAWAY. */
  private static final long PART_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long NEVER = Long.MAX_VALUE;

  private final Channel channel;
  private final H2Connection connection;
  private final long startNanos;
  private @Nullable Future<?> task;
  private long idleAt;
  private long frameAt;
  private long ageAt = AGE_NANOS;
  private long partAt = NEVER;
  private long shutAt = NEVER;

  H2Deadline(Channel channel, H2Connection connection) {
    this.channel = channel;
    this.connection = connection;
    this.startNanos = channel.eventLoop().ticker().nanoTime();
    this.idleAt = IDLE_NANOS;
    this.frameAt = FRAME_NANOS;
  }

  /** Nanoseconds since the connection began. */
  long now() {
    return channel.eventLoop().ticker().nanoTime() - startNanos;
  }

  void start() {
    look(LOOK_NANOS);
  }

  /** A request has arrived, or an answer has left. */
  void active() {
    idleAt = now() + IDLE_NANOS;
  }

  /**
   * Notes whether the client is in the middle of a frame; before its settings are here it counts as
   * that.
   *
   * @param another whether it is another frame than before
   */
  void inFrame(boolean is, boolean another) {
    if (!is) {
      frameAt = NEVER;
    } else if (another || frameAt == NEVER) {
      frameAt = now() + FRAME_NANOS;
    }
  }

  /** The first GOAWAY has left; the second follows soon. */
  void parting() {
    ageAt = NEVER;
    partAt = now() + PART_NANOS;
    look(PART_NANOS);
  }

  /** The second GOAWAY has left. */
  void parted() {
    ageAt = NEVER;
    partAt = NEVER;
  }

  /** The connection has ended but for what the client has not read. */
  void lingering() {
    shutAt = now() + LINGER_NANOS;
    look(LINGER_NANOS);
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
    long now = now();
    if (now >= shutAt) {
      connection.shut();
      return;
    }
    if (shutAt == NEVER) {
      judge(now);
    }
    long next = shutAt;
    if (shutAt == NEVER) {
      next = Math.min(Math.min(idleAt, frameAt), Math.min(ageAt, partAt));
      next = Math.min(next, connection.streams().expireBodies(now));
    }
    if (channel.isActive()) {
      look(Math.clamp(next - now, 1, LOOK_NANOS));
    }
  }

  private void judge(long now) {
    if (now >= idleAt) {
      connection.expired("nothing was asked or read for 60 s");
    } else if (now >= frameAt) {
      connection.expired("a frame took longer than 10 s");
    } else if (now >= partAt) {
      connection.part();
    } else if (now >= ageAt) {
      connection.drain();
    }
  }
}
