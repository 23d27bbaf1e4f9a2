package io.tollgate.limiter.redis;

import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.function.LongFunction;

/** How the parts of a lane ask Redis, and what they do where it is away; confined to its thread. */
interface Asking {

  /** What becomes of a question; exactly one of the two is called, once. */
  interface Told {

    /** Redis has answered, or said what nobody understands: then the answer is degraded. */
    void answered(CheckBuffer question);

    /**
     * Redis has said nothing.
     *
     * @param unknown whether it may have been carried out all the same
     */
    void failed(boolean unknown);

    /** Tells the answer, or carries on otherwise where Redis has said nothing. */
    static Told of(Store.Listener listener, Runnable otherwise) {
      return new Told() {
        @Override
        public void answered(CheckBuffer question) {
          listener.decided(question);
        }

        @Override
        public void failed(boolean unknown) {
          otherwise.run();
        }
      };
    }
  }

  /** Whether Redis can be used. */
  boolean isUp();

  /** When a question that is asked now will have been answered, on the lane's clock. */
  long deadline();

  /**
   * Asks for any step.
   *
   * @param step makes it, with what this machine takes the time of Redis to be
   * @param deadline by which there is an answer
   * @param follows whether it follows from another answer: then before all that wait
   */
  void ask(
      CheckBuffer question, LongFunction<Step> step, long deadline, boolean follows, Told told);

  /**
   * Asks whether a check may pass.
   *
   * @param deadline by which there is an answer
   * @param follows whether it follows from another answer: then before all that wait
   */
  void check(CheckBuffer question, long deadline, boolean follows, Told told);

  /**
   * Gives back what single charges have left, and answers the state after it.
   *
   * @param marks of each charge
   * @param deadline by which it is told
   */
  void giveBack(CheckBuffer question, long[] marks, long deadline, Told told);

  /** As {@link #check}, but where Redis says nothing, each limit's policy decides. */
  default void decide(
      CheckBuffer question, long deadline, boolean follows, Store.Listener listener) {
    check(question, deadline, follows, Told.of(listener, () -> decideAlone(question, listener)));
  }

  /** Has each limit's policy decide a check. */
  void decideAlone(CheckBuffer question, Store.Listener listener);
}
