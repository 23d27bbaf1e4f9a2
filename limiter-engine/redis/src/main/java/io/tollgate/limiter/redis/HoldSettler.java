package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads a hold, then settles it: whoever settles one knows its id only. Confined to one thread. */
final class HoldSettler {

  private static final byte[] NOTHING = {};

  private final Batcher batcher;
  private final Link link;
  private final StepCodec codec;
  private final Consumer<String> refusals;
  private final BiConsumer<Fault, Throwable> faults;
  private final Runnable changed;

  /**
   * A settler over a link.
   *
   * @param refusals told in which words Redis has refused a step
   * @param faults told of a step that Redis has not answered
   * @param changed told before anybody hears that units may have come back
   */
  HoldSettler(
      Batcher batcher,
      Link link,
      StepCodec codec,
      Consumer<String> refusals,
      BiConsumer<Fault, Throwable> faults,
      Runnable changed) {
    this.batcher = batcher;
    this.link = link;
    this.codec = codec;
    this.refusals = refusals;
    this.faults = faults;
    this.changed = changed;
  }

  /**
   * Settles a hold.
   *
   * @param settling makes the step out of what is stored
   * @param said makes the answer out of the script's: {@link Outcome#UNKNOWN} too when nothing is
   *     stored, {@link Outcome#FAILED} when nobody knows
   */
  <T> void settle(
      HoldId id,
      Function<byte[], Step> settling,
      BiFunction<Outcome, byte[], T> said,
      Consumer<T> listener) {
    Settling one =
        new Settling(
            settling,
            (outcome, answer) -> {
              changed.run();
              listener.accept(said.apply(outcome, answer));
            });
    if (link.isUp()) {
      one.begin(id);
    } else {
      one.end(Outcome.FAILED, NOTHING);
    }
  }

  private final class Settling implements Batcher.Listener {

    private final Function<byte[], Step> settling;
    private final BiConsumer<Outcome, byte[]> settled;
    private final long deadline = batcher.deadline();
    private boolean read;

    Settling(Function<byte[], Step> settling, BiConsumer<Outcome, byte[]> settled) {
      this.settling = settling;
      this.settled = settled;
    }

    void begin(HoldId id) {
      batcher.submit(new Step(Script.READ, List.of(codec.holdKey(id)), NOTHING), deadline, this);
    }

    void end(Outcome outcome, byte[] answer) {
      settled.accept(outcome, answer);
    }

    @Override
    public void answered(byte[] answer) {
      if (read) {
        settled(answer);
        return;
      }
      read = true;
      if (answer.length == 0) {
        end(Outcome.UNKNOWN, answer);
      } else {
        settleBy(answer);
      }
    }

    private void settleBy(byte[] stored) {
      Step step;
      try {
        step = settling.apply(stored);
      } catch (RuntimeException unreadable) {
        refused("a hold that cannot be read: " + unreadable.getMessage());
        return;
      }
      batcher.submitNext(step, deadline, this);
    }

    private void settled(byte[] answer) {
      Outcome outcome = StepCodec.outcome(answer);
      switch (outcome) {
        case UNKNOWN, SETTLED, EXPIRED, DONE -> end(outcome, answer);
        case FAILED -> refused(StepCodec.failure(answer));
        case ALLOWED, DENIED, OTHERWISE, OUTSIDE -> refused("a hold was answered " + outcome);
      }
    }

    private void refused(String words) {
      refusals.accept(words);
      end(Outcome.FAILED, NOTHING);
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      faults.accept(fault, why);
      end(Outcome.FAILED, NOTHING);
    }
  }
}
