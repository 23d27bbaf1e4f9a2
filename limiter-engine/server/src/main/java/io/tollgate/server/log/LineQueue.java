package io.tollgate.server.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a stream that may stand still, without letting those who log stand still too.
 *
 * <p>A thread of its own writes, each line in one piece. What waits is bounded; a line that finds
 * no room is dropped, and how many were is said as soon as there is room again. Thread-safe.
 */
final class LineQueue implements AutoCloseable {

  /** Thousands of lines; a heap of 32 MiB still has room for them. */
  private static final int MOST_BYTES = 1 << 20;

  /** A reader that is alive takes what waits within this time. */
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OutputStream out;
  private final LongFunction<String> dropNotice;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private long dropped;
  private boolean closed;

  /** Whether all that was taken is written; false while the thread is in the stream. */
  private boolean idle = true;

  private LineQueue(OutputStream out, LongFunction<String> dropNotice) {
    this.out = out;
    this.dropNotice = dropNotice;
  }

  /**
   * Starts the thread.
   *
   * @param out gets the lines; closed by nobody
   * @param dropNotice the line that says how many were dropped
   */
  static LineQueue start(OutputStream out, LongFunction<String> dropNotice) {
    LineQueue queue = new LineQueue(out, dropNotice);
    var _ = Thread.ofPlatform().daemon().name("tollgate-log").start(queue::run);
    return queue;
  }

  /** Takes a line, with its end; returns at once. After the close it is lost. */
  void add(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (waitingBytes + bytes.length > MOST_BYTES) {
        dropped++;
      } else {
        waiting.add(bytes);
        waitingBytes += bytes.length;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (byte[] line = next(); line != null; line = next()) {
        out.write(line, 0, line.length);
        out.flush();
      }
    } catch (InterruptedException | IOException e) {
      // Nobody reads stderr any more, and there is no other place to say so.
      shut();
    }
  }

  /** What is to be written next; null when there will be nothing more. */
  private byte @Nullable [] next() throws InterruptedException {
    lock.lock();
    try {
      idle = true;
      changed.signalAll();
      while (waiting.isEmpty() && dropped == 0 && !closed) {
        changed.await();
      }
      byte[] line = waiting.poll();
      if (line != null) {
        waitingBytes -= line.length;
      } else if (dropped > 0) {
        line = dropNotice.apply(dropped).getBytes(StandardCharsets.UTF_8);
        dropped = 0;
      }
      idle = line == null;
      return line;
    } finally {
      lock.unlock();
    }
  }

  private void shut() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      dropped = 0;
      idle = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more lines, and waits for those that it has; at most a second. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      long left = CLOSING_NANOS;
      while (!(waiting.isEmpty() && dropped == 0 && idle) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
