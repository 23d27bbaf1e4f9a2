package io.tollgate.bench.load;

import java.util.SplittableRandom;

/** The order in which identifiers are asked for. */
final class Order {

  /** The same in every run, so that rounds and peers see the same order. */
  static final long SEED = 42;

  private Order() {}

  /** All numbers from 0 to {@code identifiers} - 1 once, shuffled under {@link #SEED}. */
  static int[] shuffled(int identifiers) {
    int[] order = new int[identifiers];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < identifiers; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
