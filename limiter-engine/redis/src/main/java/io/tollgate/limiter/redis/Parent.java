package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.store.CheckBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A counter as Redis had it when it was last heard of, judged at later times.
 *
 * <p>Times are counted from the sending of what was answered, so they are never behind Redis's.
 * Confined to one thread.
 */
final class Parent {

  /** As the store has it: a state so far ahead shows a clock that was stepped. */
  private static final long MOST_AHEAD_MICROS = 1_000_000;

  /** How long a denial may be repeated, as in a cache of denials. */
  private static final long MOST_AGE_NANOS = 250_000_000;

  private final Kernel kernel;
  private final CounterState scratch = new CounterState();
  private final CounterState heard = new CounterState();
  private boolean known;
  private boolean current;
  private long sentNanos;
  private long micros;
  private long epoch;

  Parent(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Takes note of an answer.
   *
   * @param question of one entry, with its answer
   * @param sent when it was sent
   * @param inEpoch of what is known of denials
   */
  void hear(CheckBuffer question, long sent, long inEpoch) {
    copy(question.state(0), heard);
    micros = question.nowMicros();
    sentNanos = sent;
    epoch = inEpoch;
    known = true;
    current = true;
  }

  /** Units may have come back since. */
  void outdate() {
    current = false;
  }

  /** Whether it was heard of a moment ago, and nothing has come back since. */
  boolean isCurrent(long nowNanos, long inEpoch) {
    return current && epoch == inEpoch && nowNanos - sentNanos < MOST_AGE_NANOS;
  }

  /** At least the time that Redis has; only when it was heard of. */
  long microsAt(long nowNanos) {
    return micros + Math.ceilDiv(nowNanos - sentNanos, 1_000);
  }

  /** Units that Redis has left at a time; all when it was never heard of. */
  long remaining(long atMicros) {
    return known ? kernel.remaining(scratch, load(scratch, null, atMicros)) : kernel.capacity();
  }

  /** As {@link #remaining}, now. */
  long remainingAt(long nowNanos) {
    return remaining(known ? microsAt(nowNanos) : 0);
  }

  /** Whether a cost would pass at a time if a hand had gone back. */
  boolean admits(long cost, @Nullable Hand hand, long atMicros) {
    return kernel.admits(scratch, load(scratch, hand, atMicros), cost);
  }

  /** Answers for an entry by this counter, as if a hand had gone back. */
  void report(CheckBuffer into, int entry, boolean admitted, @Nullable Hand hand, long atMicros) {
    CounterState state = new CounterState();
    long time = load(state, hand, atMicros);
    into.answer(atMicros, admitted);
    into.answer(entry, admitted, state, time, admitted);
  }

  /** Returns the time that counts. */
  private long load(CounterState into, @Nullable Hand hand, long atMicros) {
    copy(heard, into);
    long now = kernel.tick().ofMicros(atMicros);
    long time = kernel.advance(into, now, kernel.aheadTicks(MOST_AHEAD_MICROS));
    if (hand != null && hand.units > 0) {
      kernel.giveBack(into, time, hand.mark, hand.units);
    }
    return time;
  }

  private static void copy(CounterState from, CounterState to) {
    to.clear();
    to.time = from.time;
    to.used = from.used;
    to.previous = from.previous;
  }
}
