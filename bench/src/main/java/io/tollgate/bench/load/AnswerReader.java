package io.tollgate.bench.load;

/** Finds whole answers in bytes that arrive in pieces. Not safe for several threads. */
sealed interface AnswerReader permits HttpReader, RespReader {

  /** The longest answer that is read. */
  int MOST_BYTES = 40 * 1024;

  /** What {@link #remaining} says when the answer does not say it. */
  long UNSAID = -1;

  /**
   * Reads the answer that begins at {@code from}; what the others say is of the last whole one.
   *
   * @return where it ends, or -1 when not all of it is there yet
   * @throws IllegalStateException when it is none, or too long
   */
  int read(byte[] bytes, int from, int to);

  /** Whether it says that something went wrong, so that it decides nothing. */
  boolean failed();

  /** Whether it decides, and not for yes. */
  boolean denied();

  /** How many units it says are left, or {@link #UNSAID}. */
  long remaining();

  /** Bytes of its body; of all of it where a protocol knows no head. */
  int length();
}
