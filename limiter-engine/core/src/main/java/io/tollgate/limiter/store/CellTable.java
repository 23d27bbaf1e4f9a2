package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;

/**
 * An open-addressing table of cells in one {@code long[]}: key, state, and the number of the kernel
 * that wrote it.
 *
 * <p>A cell is {@code high, low, time, used} and for three-word states {@code previous}. Each
 * number of a state is below 2^53; the eleven bits above {@code time} and {@code used} hold the
 * kernel's number, so a bucket costs 32 bytes. Linear probing from a home given by multiplication,
 * so that the capacity is free to grow by a quarter. Guarded by its stripe's lock.
 */
final class CellTable {

  private static final int VALUE_BITS = 53;
  private static final long VALUE = (1L << VALUE_BITS) - 1;
  private static final int NUMBER_BITS = 64 - VALUE_BITS;
  private static final long NUMBER = (1L << NUMBER_BITS) - 1;

  /** At this load an absent key costs some 13 probes of neighbouring cells; growth is a quarter. */
  private static final int FULL_PERCENT = 80;

  /** Below this load a large table shrinks. */
  private static final int EMPTY_PERCENT = 25;

  private static final int SHRINK_FROM = 256;

  /** Cells of each table looked at when one must go. */
  private static final int EVICTION_SAMPLE = 8;

  private final int stride;
  private final int firstCapacity;
  private long[] cells = {};
  private int capacity;
  private int size;
  private int hand;

  /**
   * An empty table that allocates nothing yet.
   *
   * @param stride longs per cell: 4 or 5
   * @param firstCapacity differs from stripe to stripe, so that they do not all grow at once
   */
  CellTable(int stride, int firstCapacity) {
    this.stride = stride;
    this.firstCapacity = firstCapacity;
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  long bytes() {
    return 8L * cells.length;
  }

  private int home(long high) {
    return (int) Math.unsignedMultiplyHigh(high, capacity);
  }

  /** The offset of a key's cell, or −1. */
  int find(long high, long low) {
    if (size == 0) {
      return -1;
    }
    int offset = home(high) * stride;
    while (true) {
      long found = cells[offset];
      if (found == 0) {
        return -1;
      }
      if (found == high && cells[offset + 1] == low) {
        return offset;
      }
      offset += stride;
      if (offset == cells.length) {
        offset = 0;
      }
    }
  }

  /** Loads a cell's state and says which kernel wrote it. */
  Kernel read(int offset, CounterState state) {
    long time = cells[offset + 2];
    long used = cells[offset + 3];
    state.time = time & VALUE;
    state.used = used & VALUE;
    if (stride == 5) {
      state.previous = cells[offset + 4];
    }
    return Kernel.byNumber((int) ((time >>> VALUE_BITS) | ((used >>> VALUE_BITS) << NUMBER_BITS)));
  }

  void write(int offset, CounterState state, Kernel kernel) {
    long number = kernel.number();
    cells[offset + 2] = state.time | ((number & NUMBER) << VALUE_BITS);
    cells[offset + 3] = state.used | ((number >>> NUMBER_BITS) << VALUE_BITS);
    if (stride == 5) {
      cells[offset + 4] = state.previous;
    }
  }

  /** Makes a cell for an absent key and returns its offset. */
  int insert(long high, long low) {
    ensureRoom(1);
    int offset = place(cells, high);
    cells[offset] = high;
    cells[offset + 1] = low;
    size++;
    return offset;
  }

  private int place(long[] target, long high) {
    int offset = home(high) * stride;
    while (target[offset] != 0) {
      offset += stride;
      if (offset == target.length) {
        offset = 0;
      }
    }
    return offset;
  }

  /** Grows so that {@code more} keys fit; true when cells moved. */
  boolean ensureRoom(int more) {
    int needed = size + more;
    if (needed <= (long) capacity * FULL_PERCENT / 100) {
      return false;
    }
    int larger = Math.max(firstCapacity, capacity + capacity / 4);
    resize(Math.max(larger, needed * 5 / 4 + 1));
    return true;
  }

  private void resize(int newCapacity) {
    long[] old = cells;
    long[] fresh = new long[Math.multiplyExact(newCapacity, stride)];
    capacity = newCapacity;
    for (int offset = 0; offset < old.length; offset += stride) {
      if (old[offset] != 0) {
        System.arraycopy(old, offset, fresh, place(fresh, old[offset]), stride);
      }
    }
    cells = fresh;
    hand = 0;
  }

  /** Removes a cell and moves its followers back, so that no probe ends too early. */
  void remove(int offset) {
    int gap = offset / stride;
    int next = gap;
    while (true) {
      next = next + 1 == capacity ? 0 : next + 1;
      long high = cells[next * stride];
      if (high == 0) {
        break;
      }
      int home = home(high);
      boolean stays = gap <= next ? (gap < home && home <= next) : (gap < home || home <= next);
      if (!stays) {
        System.arraycopy(cells, next * stride, cells, gap * stride, stride);
        gap = next;
      }
    }
    cells[gap * stride] = 0;
    size--;
  }

  /** Drops up to {@code steps} cells that no longer differ from a fresh key; true when one went. */
  boolean sweep(long nowMicros, int steps, CounterState scratch) {
    int before = size;
    for (int i = 0; i < steps && size > 0; i++) {
      int offset = hand * stride;
      if (cells[offset] != 0 && idleInMicros(offset, nowMicros, scratch) <= 0) {
        remove(offset);
      } else {
        hand = hand + 1 == capacity ? 0 : hand + 1;
      }
    }
    boolean sparse = capacity >= SHRINK_FROM && size < (long) capacity * EMPTY_PERCENT / 100;
    if (sparse) {
      resize(capacity / 2);
    }
    return sparse || size != before;
  }

  /** Offers a few cells as what may be forgotten; the next call offers those that follow. */
  void offer(Victim victim, long nowMicros, CounterState scratch) {
    int seen = 0;
    while (seen < EVICTION_SAMPLE && seen < size) {
      int offset = hand * stride;
      if (cells[offset] != 0) {
        seen++;
        Kernel kernel = read(offset, scratch);
        long idleAt = kernel.tick().toMicros(kernel.idleAt(scratch));
        long now = kernel.advance(scratch, kernel.tick().ofMicros(nowMicros), Long.MAX_VALUE);
        victim.offer(this, offset, kernel.remaining(scratch, now), kernel.capacity(), idleAt);
      }
      hand = hand + 1 == capacity ? 0 : hand + 1;
    }
  }

  private long idleInMicros(int offset, long nowMicros, CounterState scratch) {
    Kernel kernel = read(offset, scratch);
    return kernel.tick().toMicros(kernel.idleAt(scratch)) - nowMicros;
  }

  /** Fails unless every key is found where its probe looks and the count is right; for tests. */
  void validate() {
    int found = 0;
    for (int offset = 0; offset < cells.length; offset += stride) {
      if (cells[offset] != 0) {
        found++;
        if (find(cells[offset], cells[offset + 1]) != offset) {
          throw new IllegalStateException("the cell at " + offset + " is not found by its key");
        }
      }
    }
    if (found != size) {
      throw new IllegalStateException(found + " cells in a table of size " + size);
    }
  }
}
