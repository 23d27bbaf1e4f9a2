package io.tollgate.limiter.oracle;

/**
 * The naive form of a limit: it remembers what was charged and knows whether a cost passes at a
 * tick. All other answers are searched for, never computed by a formula.
 */
abstract class Model {

  private final long capacity;

  Model(long capacity) {
    this.capacity = capacity;
  }

  /** Whether a cost of at least 1 passes at a tick if nothing more is charged until then. */
  abstract boolean admits(long tick, long cost);

  abstract void charge(long tick, long cost);

  /** The least wait until nothing used counts any more. */
  long resetAfter(long tick) {
    return leastWait(tick, capacity);
  }

  final long capacity() {
    return capacity;
  }

  final long remaining(long tick) {
    long passes = 0;
    long fails = capacity + 1;
    while (fails - passes > 1) {
      long middle = passes + (fails - passes) / 2;
      if (admits(tick, middle)) {
        passes = middle;
      } else {
        fails = middle;
      }
    }
    return passes;
  }

  /** The least wait after which a cost within the capacity passes. */
  final long leastWait(long tick, long cost) {
    if (admits(tick, cost)) {
      return 0;
    }
    long early = 0;
    long late = 1;
    while (!admits(tick + late, cost)) {
      early = late;
      late = Math.multiplyExact(late, 2);
    }
    while (late - early > 1) {
      long middle = early + (late - early) / 2;
      if (admits(tick + middle, cost)) {
        late = middle;
      } else {
        early = middle;
      }
    }
    return late;
  }
}
