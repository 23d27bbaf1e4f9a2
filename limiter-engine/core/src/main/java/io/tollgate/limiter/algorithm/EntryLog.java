package io.tollgate.limiter.algorithm;

import java.util.Arrays;

/**
 * The entries of one sliding log, oldest first: when, and how much.
 *
 * <p>A ring over two arrays that double when full. Entries of the same tick are one entry. Bounded
 * by {@link #MAX_ENTRIES}; past it the newest entry takes what is added and moves to its time,
 * which only makes the log stricter.
 */
public final class EntryLog {

  /** Enough for the largest limit of a sliding log, each unit on its own. */
  static final int MAX_ENTRIES = 10_000;

  /** Far above every limit, and so small that the sum of all entries is exact. */
  private static final long MOST_PER_ENTRY = Exact.MAX / MAX_ENTRIES;

  private static final int FIRST_CAPACITY = 4;

  private long[] times = new long[FIRST_CAPACITY];
  private long[] costs = new long[FIRST_CAPACITY];
  private int head;
  private int size;
  private long sum;

  /** An empty log. */
  public EntryLog() {}

  /**
   * A log of some entries, oldest first.
   *
   * @param costs each at least 1
   */
  public static EntryLog of(long[] times, long[] costs) {
    EntryLog log = new EntryLog();
    if (times.length > 0) {
      log.times = times.clone();
      log.costs = costs.clone();
      log.size = times.length;
      log.sum = Arrays.stream(costs).sum();
    }
    return log;
  }

  /** A log with the same entries, apart from this one. */
  EntryLog copy() {
    EntryLog copy = new EntryLog();
    copy.times = times.clone();
    copy.costs = costs.clone();
    copy.head = head;
    copy.size = size;
    copy.sum = sum;
    return copy;
  }

  /** Σ of the costs of all entries. */
  long sum() {
    return sum;
  }

  /** When the newest entry was added; 0 when there is none. */
  public long newest() {
    return size == 0 ? 0 : times[at(size - 1)];
  }

  /** Bytes on the heap, near enough for a bound. */
  public long bytes() {
    return 96 + 16L * times.length;
  }

  private int at(int index) {
    return (head + index) % times.length;
  }

  void add(long time, long cost) {
    long added = Math.min(cost, MOST_PER_ENTRY);
    if (size > 0 && (times[at(size - 1)] == time || size == MAX_ENTRIES)) {
      int newest = at(size - 1);
      added = Math.min(added, MOST_PER_ENTRY - costs[newest]);
      times[newest] = time;
      costs[newest] += added;
      sum += added;
      return;
    }
    if (size == times.length) {
      grow();
    }
    int slot = at(size);
    times[slot] = time;
    costs[slot] = added;
    sum += added;
    size++;
  }

  private void grow() {
    int capacity = Math.min(2 * times.length, MAX_ENTRIES);
    long[] newTimes = new long[capacity];
    long[] newCosts = new long[capacity];
    for (int i = 0; i < size; i++) {
      newTimes[i] = times[at(i)];
      newCosts[i] = costs[at(i)];
    }
    times = newTimes;
    costs = newCosts;
    head = 0;
  }

  /** Drops the entries at or before {@code time}. */
  void dropUntil(long time) {
    while (size > 0 && times[head] <= time) {
      sum -= costs[head];
      head = at(1);
      size--;
    }
  }

  /** Moves every entry after {@code time} back to it. */
  void pullBackTo(long time) {
    long moved = 0;
    while (size > 0 && times[at(size - 1)] >= time) {
      moved += costs[at(size - 1)];
      sum -= costs[at(size - 1)];
      size--;
    }
    if (moved > 0) {
      add(time, moved);
    }
  }

  /** The time of the entry with which, oldest first, at least {@code units} are freed. */
  long timeThatFrees(long units) {
    long freed = 0;
    int index = 0;
    while (index < size - 1) {
      freed += costs[at(index)];
      if (freed >= units) {
        break;
      }
      index++;
    }
    return times[at(index)];
  }

  /** Takes units from the newest entries. */
  void takeNewest(long units) {
    long left = Math.min(units, sum);
    while (left > 0) {
      int newest = at(size - 1);
      long taken = Math.min(left, costs[newest]);
      costs[newest] -= taken;
      sum -= taken;
      left -= taken;
      dropEmptyNewest();
    }
  }

  /** The newest entry tells when the log is empty again, so it must count something. */
  private void dropEmptyNewest() {
    while (size > 0 && costs[at(size - 1)] == 0) {
      size--;
    }
  }

  /** Takes units from the entry added at {@code time}, if it is still there. */
  void takeAt(long time, long units) {
    for (int i = 0; i < size; i++) {
      int slot = at(i);
      if (times[slot] == time) {
        long taken = Math.min(units, costs[slot]);
        costs[slot] -= taken;
        sum -= taken;
        dropEmptyNewest();
        return;
      }
    }
  }
}
