package io.tollgate.server.resp;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;

/** What all connections of one event loop share: the writer of answers, spare questions. */
final class Loop {

  private static final FastThreadLocal<Loop> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected Loop initialValue() {
          return new Loop();
        }
      };

  /** Spare questions hold arrays of some 1.5 KB each. */
  private static final int MOST_SPARE = 256;

  private final ArrayDeque<Asked> spare = new ArrayDeque<>();
  private final RespWriter writer = new RespWriter();

  private Loop() {}

  /** The loop of the calling thread. */
  static Loop current() {
    return OF_THREAD.get();
  }

  RespWriter writer() {
    return writer;
  }

  Asked asked() {
    Asked asked = spare.pollLast();
    return asked == null ? new Asked() : asked;
  }

  /** Takes back one that was answered. */
  void giveBack(Asked asked) {
    asked.abandon();
    if (spare.size() < MOST_SPARE) {
      spare.addLast(asked);
    }
  }
}
