package io.tollgate.bench.load;

/** Counts answers by what they say. Not safe for several threads. */
final class Tally {

  private long answered;
  private long denied;
  private long failed;
  private long leastRemaining = Long.MAX_VALUE;

  /** Counts the answer that a reader has just found. */
  void count(AnswerReader answer) {
    answered++;
    if (answer.failed()) {
      failed++;
      return;
    }
    if (answer.denied()) {
      denied++;
    }
    if (answer.remaining() != AnswerReader.UNSAID) {
      leastRemaining = Math.min(leastRemaining, answer.remaining());
    }
  }

  /** All answers. */
  long answered() {
    return answered;
  }

  /** Answers that decide, and do not say allowed. */
  long denied() {
    return denied;
  }

  /** Answers that decide nothing. */
  long failed() {
    return failed;
  }

  /** The least number of units left that an answer has said; -1 when none said one. */
  long leastRemaining() {
    return leastRemaining == Long.MAX_VALUE ? -1 : leastRemaining;
  }
}
