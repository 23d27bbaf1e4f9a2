package io.tollgate.bench.load;

import java.nio.charset.StandardCharsets;

/** Counts answers by what they say. Not safe for several threads. */
final class Tally {

  private static final int OK = 200;
  private static final byte[] ALLOWED = "{\"allowed\":true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REMAINING = "\"remaining\":".getBytes(StandardCharsets.US_ASCII);

  private long answered;
  private long denied;
  private long failed;
  private long leastRemaining = Long.MAX_VALUE;

  /** Counts the answer that the reader has just found in these bytes. */
  void count(AnswerReader answer, byte[] bytes) {
    answered++;
    if (answer.status() != OK) {
      failed++;
      return;
    }
    int from = answer.bodyFrom();
    int to = answer.bodyTo();
    if (find(bytes, from, Math.min(to, from + ALLOWED.length), ALLOWED) < 0) {
      denied++;
    }
    int remaining = find(bytes, from, to, REMAINING);
    if (remaining >= 0) {
      leastRemaining = Math.min(leastRemaining, digits(bytes, remaining, to));
    }
  }

  /** All answers. */
  long answered() {
    return answered;
  }

  /** Answers of status 200 that do not say allowed. */
  long denied() {
    return denied;
  }

  /** Answers of any other status. */
  long failed() {
    return failed;
  }

  /** The least number of units left that an answer has said; -1 when none said one. */
  long leastRemaining() {
    return leastRemaining == Long.MAX_VALUE ? -1 : leastRemaining;
  }

  /** Where the text ends, or -1. */
  private static int find(byte[] bytes, int from, int to, byte[] text) {
    for (int i = from; i + text.length <= to; i++) {
      int same = 0;
      while (same < text.length && bytes[i + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return i + same;
      }
    }
    return -1;
  }

  /** The number that begins here; 0 when there is none, so that it is seen. */
  private static long digits(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }
}
