package io.tollgate.server.http;

import java.util.ArrayDeque;

/**
 * The turns of long bodies on one connection: at most two are asked for more than the first window
 * at once, the others wait with what they have.
 */
final class H2LargeBodies {

  /** Two, so that one slow body does not stop all others. */
  private static final int MOST = 2;

  /** Bounded by the streams of the connection. */
  private final ArrayDeque<H2Stream> waiting = new ArrayDeque<>(0);

  private final ArrayDeque<H2Stream> growing = new ArrayDeque<>(MOST);

  /** Whether this body may grow now; else it will be told by {@link #next}. */
  boolean mayGrow(H2Stream stream) {
    if (growing.contains(stream)) {
      return true;
    }
    if (growing.size() < MOST) {
      growing.add(stream);
      return true;
    }
    if (!waiting.contains(stream)) {
      waiting.add(stream);
    }
    return false;
  }

  /** Forgets a body that is whole or gone. */
  void forget(H2Stream stream) {
    growing.remove(stream);
    waiting.remove(stream);
  }

  /** Whether a body that waited may grow now. */
  boolean hasNext() {
    return growing.size() < MOST && !waiting.isEmpty();
  }

  /** Lets the next body grow; there must be one. */
  H2Stream next() {
    H2Stream next = waiting.remove();
    growing.add(next);
    return next;
  }
}
