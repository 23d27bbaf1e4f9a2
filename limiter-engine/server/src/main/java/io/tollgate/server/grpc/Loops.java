package io.tollgate.server.grpc;

import io.netty.util.concurrent.FastThreadLocal;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.server.door.Bytes;
import java.time.InstantSource;
import java.util.ArrayDeque;

/** What calls of one event loop share: spare questions, and the writer of answers. */
final class Loops {

  /** Spare questions hold arrays of some 1.5 KB each. */
  private static final int MOST_SPARE = 256;

  /** Confined to its thread. */
  static final class Loop {

    private final ArrayDeque<CheckBuffer> spare = new ArrayDeque<>();
    private final Messages messages;
    private final Bytes headers = new Bytes();

    private Loop(InstantSource clock) {
      this.messages = new Messages(clock);
    }

    CheckBuffer buffer() {
      CheckBuffer buffer = spare.pollLast();
      return buffer == null ? new CheckBuffer() : buffer;
    }

    /** Takes back a question that was answered. */
    void giveBack(CheckBuffer buffer) {
      if (spare.size() < MOST_SPARE) {
        spare.addLast(buffer);
      }
    }

    /** Where header lines are put together; what it holds is nobody's. */
    Bytes headers() {
      return headers;
    }

    Messages messages() {
      return messages;
    }
  }

  private final FastThreadLocal<Loop> ofThread;

  Loops(InstantSource clock) {
    this.ofThread =
        new FastThreadLocal<>() {
          @Override
          protected Loop initialValue() {
            return new Loop(clock);
          }
        };
  }

  Loop ofThisThread() {
    return ofThread.get();
  }
}
