package io.tollgate.server.app;

import io.tollgate.server.settings.LogLevel;
import java.util.concurrent.TimeUnit;

/**
 * Tells an operator how Redis fares, once for all connections, and not more often than somebody can
 * read.
 */
final class RedisNotes {

  private static final long BETWEEN_REFUSALS_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String address;
  private final int connections;
  private int up;
  private boolean told;
  private long refusals;
  private long refusedAtNanos = System.nanoTime() - BETWEEN_REFUSALS_NANOS;

  RedisNotes(String address, int connections) {
    this.address = address;
    this.connections = connections;
  }

  /** A connection can be used, or not any more. */
  synchronized void up(boolean can, String why) {
    up += can ? 1 : -1;
    if (!can) {
      missing(why);
    } else if (up == connections && told) {
      told = false;
      Notes.say(LogLevel.INFO, "Redis at " + address + " can be used again");
    }
  }

  /** A connection cannot be used. */
  synchronized void missing(String why) {
    if (!told && up < connections) {
      told = true;
      warn(
          "Redis at "
              + address
              + " cannot be used: "
              + WrongSetting.without(address, why)
              + "; each limit is decided by its on_store_failure until it can");
    }
  }

  /** Redis answers, and refuses to write. */
  synchronized void refused(String words) {
    refusals++;
    long now = System.nanoTime();
    if (now - refusedAtNanos >= BETWEEN_REFUSALS_NANOS) {
      warn("Redis at " + address + " refuses to write: " + words + ", times: " + refusals);
      refusedAtNanos = now;
      refusals = 0;
    }
  }

  void warn(String text) {
    Notes.say(LogLevel.WARN, text);
  }
}
