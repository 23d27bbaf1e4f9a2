package io.tollgate.server.resp;

import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * The place of one answer among those of its connection, and the question that it waits for.
 * Confined to an event loop but for {@link #decided}.
 */
final class Asked implements Store.Listener {

  private final CheckBuffer buffer = new CheckBuffer();
  private volatile @Nullable RespConnection connection;
  private byte @Nullable [] kept;
  private long sinceNanos;

  /**
   * Makes it somebody's.
   *
   * @param arrivedNanos when the question was whole
   */
  void begin(RespConnection of, long arrivedNanos) {
    connection = of;
    kept = null;
    sinceNanos = arrivedNanos;
  }

  CheckBuffer buffer() {
    return buffer;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  @Override
  public void decided(CheckBuffer answered) {
    RespConnection to = connection;
    if (to != null) {
      to.decided(this, answered);
    }
  }

  /** Keeps an answer that must not leave yet. */
  void keep(byte[] answer) {
    kept = answer;
  }

  /** The answer that was kept; null while there is none. */
  byte @Nullable [] kept() {
    return kept;
  }

  /** Nobody waits for it any more. */
  void abandon() {
    connection = null;
    kept = null;
  }
}
