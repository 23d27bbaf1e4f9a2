package io.tollgate.limiter.redis.simulation;

import java.util.Arrays;

/** Numbers in the order in which they came, which only grow where they are instants. */
final class Longs {

  private long[] numbers = new long[16];
  private int size;

  void add(long number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  void dropLast() {
    size--;
  }

  long get(int i) {
    return numbers[i];
  }

  int size() {
    return size;
  }

  /** Of instants, how many come before another. */
  int before(long instant) {
    int least = 0;
    int most = size;
    while (least < most) {
      int middle = (least + most) >>> 1;
      if (numbers[middle] < instant) {
        least = middle + 1;
      } else {
        most = middle;
      }
    }
    return least;
  }

  /** Of instants, how many lie between two, both included. */
  int between(long from, long to) {
    return before(to + 1) - before(from);
  }
}
