package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.Store.Listener;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The verbs of one lane that ask about limits but are no checks: one step, or in a Cluster one for
 * each slot. Confined to one thread.
 */
final class LaneVerbs {

  private final Asking redis;
  private final Routes routes;
  private final StepCodec codec;
  private final FailurePolicy policy;
  private final Observer observer;
  private final HoldSettler settler;

  LaneVerbs(
      Asking redis,
      Routes routes,
      StepCodec codec,
      FailurePolicy policy,
      Observer observer,
      HoldSettler settler) {
    this.redis = redis;
    this.routes = routes;
    this.codec = codec;
    this.policy = policy;
    this.observer = observer;
    this.settler = settler;
  }

  /** Makes the question for a part of a hold. */
  private interface Take {

    Step step(CheckBuffer part, long nowMicros, HoldId id, List<Integer> beside);
  }

  void reserve(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    take(
        b,
        id,
        (part, now, of, beside) -> codec.reserve(part, now, of, ttlMicros, beside),
        part -> settler.commit(part, 0, _ -> {}),
        listener,
        () -> {
          observer.degraded();
          policy.reserve(b, id, ttlMicros, listener);
        });
  }

  void acquire(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    take(
        b,
        id,
        (part, now, of, beside) -> codec.acquire(part, now, of, ttlMicros, beside),
        part -> settler.release(part, _ -> {}),
        listener,
        () -> {
          observer.degraded();
          policy.acquire(b, id, ttlMicros, listener);
        });
  }

  private void take(
      CheckBuffer b,
      HoldId id,
      Take take,
      Consumer<HoldId> undo,
      Listener listener,
      Runnable otherwise) {
    SpreadStep.Verb verb =
        new SpreadStep.Verb() {
          @Override
          public LongFunction<Step> question(CheckBuffer part, int slot, List<Integer> beside) {
            HoldId of = routes.oneSlot() ? StepCodec.inSlot(id, slot) : id;
            return now -> take.step(part, now, of, beside);
          }

          @Override
          public void undo(int slot) {
            undo.accept(StepCodec.inSlot(id, slot));
          }
        };
    ask(b, StepCodec.slot(id), verb, listener, otherwise);
  }

  void refund(CheckBuffer b, Listener listener) {
    change(b, (part, now) -> codec.refund(part, now), listener);
  }

  void reset(CheckBuffer b, boolean leasesToo, Listener listener) {
    change(b, (part, now) -> codec.reset(part, now, leasesToo), listener);
  }

  /** Makes the question for some counters. */
  private interface Change {

    Step step(CheckBuffer part, long nowMicros);
  }

  private void change(CheckBuffer b, Change change, Listener listener) {
    SpreadStep.Verb verb =
        new SpreadStep.Verb() {
          @Override
          public LongFunction<Step> question(CheckBuffer part, int slot, List<Integer> beside) {
            return now -> change.step(part, now);
          }

          @Override
          public void undo(int slot) {
            // What was given back in one slot stays so where another one cannot be reached.
          }
        };
    ask(b, codec.slot(b), verb, listener, () -> policy.refuse(b, listener));
  }

  private void ask(
      CheckBuffer b, int home, SpreadStep.Verb verb, Listener listener, Runnable otherwise) {
    if (!routes.isUp()) {
      otherwise.run();
      return;
    }
    if (routes.oneSlot()) {
      int[] all = new int[b.size()];
      Arrays.setAll(all, i -> i);
      List<int[]> parts = Owners.bySlot(codec, b, all, home);
      if (parts.size() > 1) {
        new SpreadStep(redis, codec, b, parts, home, verb, listener, otherwise).begin();
        return;
      }
    }
    redis.ask(
        b,
        verb.question(b, home, List.of()),
        redis.deadline(),
        false,
        Asking.Told.of(listener, otherwise));
  }
}
