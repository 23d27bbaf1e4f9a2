package io.tollgate.limiter.redis;

import io.tollgate.limiter.store.CheckBuffer;

/**
 * Who decides parts of a check by themselves before the rest of it is asked, since they cannot be
 * one step with it; confined to one thread.
 */
interface Ahead {

  /** What was charged for a part; exactly one of the two is called, once. */
  interface Taken {

    /** Where nothing was charged. */
    Taken NOTHING =
        new Taken() {
          @Override
          public void spend() {}

          @Override
          public void putBack() {}
        };

    /** The check has passed. */
    void spend();

    /** The check has not passed, by another part of it. */
    void putBack();
  }

  /** What becomes of a part; exactly one of the three is called, once, maybe at once. */
  interface Taker {

    /** Each limit of it that can deny admits; its entries hold the answer. */
    void granted(Taken taken);

    /** A limit of it denies, and nothing was charged; its entries hold the answer. */
    void denied();

    /** The store is away. */
    void away();
  }

  /** The entries of each part that is to be taken ahead, in this order; none: no part is. */
  int[][] parts(CheckBuffer check);

  /**
   * Takes a part.
   *
   * @param part one of {@link #parts}
   * @param deadline by which there is an answer, on the lane's clock
   */
  void take(CheckBuffer check, int[] part, long deadline, Taker taker);
}
