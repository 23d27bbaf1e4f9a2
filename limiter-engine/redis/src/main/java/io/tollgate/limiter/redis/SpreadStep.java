package io.tollgate.limiter.redis;

import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store.Listener;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A verb over counters of several slots of a Cluster, which cannot be one step: slot by slot, the
 * one that leads to the others last. Where one denies, what the ones before have done is undone,
 * and the rest is asked only what it would say. Confined to one thread.
 */
final class SpreadStep {

  /** What is done in each slot. */
  interface Verb {

    /**
     * The question for a part.
     *
     * @param slot of the part
     * @param beside the slots of the others, for the one that leads to them; else empty
     */
    LongFunction<Step> question(CheckBuffer part, int slot, List<Integer> beside);

    /** Undoes what was done in a slot. */
    void undo(int slot);
  }

  private final Asking redis;
  private final StepCodec codec;
  private final CheckBuffer whole;
  private final List<int[]> parts;
  private final int home;
  private final Verb verb;
  private final Listener listener;
  private final Runnable otherwise;
  private final long deadline;
  private long expiresAt = Long.MAX_VALUE;
  private int at;

  /**
   * A verb that is about to be asked.
   *
   * @param parts entries by slot, where the last may have none
   * @param home the slot of the last part
   * @param otherwise decides what Redis has not answered
   */
  SpreadStep(
      Asking redis,
      StepCodec codec,
      CheckBuffer whole,
      List<int[]> parts,
      int home,
      Verb verb,
      Listener listener,
      Runnable otherwise) {
    this.redis = redis;
    this.codec = codec;
    this.whole = whole;
    this.parts = parts;
    this.home = home;
    this.verb = verb;
    this.listener = listener;
    this.otherwise = otherwise;
    this.deadline = redis.deadline();
  }

  void begin() {
    int[] entries = parts.get(at);
    CheckBuffer part = WideCheck.part(whole, entries);
    redis.ask(
        part,
        verb.question(part, slot(at), isLast() ? others() : List.of()),
        deadline,
        at > 0,
        new Asking.Told() {
          @Override
          public void answered(CheckBuffer said) {
            WideCheck.merge(whole, said, entries);
            if (said.degraded()) {
              away();
            } else if (said.allowed()) {
              done();
            } else {
              denied();
            }
          }

          @Override
          public void failed(boolean unknown) {
            away();
          }
        });
  }

  private boolean isLast() {
    return at == parts.size() - 1;
  }

  private int slot(int part) {
    return part == parts.size() - 1 ? home : codec.slot(whole, parts.get(part)[0], -1);
  }

  private List<Integer> others() {
    return parts.subList(0, parts.size() - 1).stream()
        .map(entries -> codec.slot(whole, entries[0], -1))
        .toList();
  }

  private void done() {
    expiresAt = Math.min(expiresAt, whole.expiresAtMicros());
    if (isLast()) {
      whole.answerExpiry(expiresAt);
      listener.decided(whole);
    } else {
      at++;
      begin();
    }
  }

  private void away() {
    undo();
    otherwise.run();
  }

  private void undo() {
    for (int i = 0; i < at; i++) {
      verb.undo(slot(i));
    }
  }

  private void denied() {
    undo();
    explainRest();
  }

  /** The answer lists every limit. */
  private void explainRest() {
    at++;
    if (at == parts.size()) {
      whole.answerExpiry(0);
      whole.deny();
      listener.decided(whole);
      return;
    }
    int[] entries = parts.get(at);
    if (entries.length == 0) {
      explainRest();
      return;
    }
    CheckBuffer part = WideCheck.part(whole, entries);
    part.explainOnly();
    redis.check(
        part,
        deadline,
        true,
        Asking.Told.of(
            said -> {
              WideCheck.merge(whole, said, entries);
              explainRest();
            },
            otherwise));
  }
}
