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

  /** Told of steps that Redis has not carried out. */
  interface Troubles {

    /** It has refused one over keys of a slot, in these words. */
    void refused(int slot, String words);

    /** It has not answered one over keys of a slot. */
    void failed(int slot, Fault fault, Throwable why);
  }

  private final Routes routes;
  private final StepCodec codec;
  private final Troubles troubles;
  private final Runnable changed;

  /**
   * A settler over the ways to Redis.
   *
   * @param changed told before anybody hears that units may have come back
   */
  HoldSettler(Routes routes, StepCodec codec, Troubles troubles, Runnable changed) {
    this.routes = routes;
    this.codec = codec;
    this.troubles = troubles;
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
            id,
            settling,
            (outcome, answer) -> {
              changed.run();
              listener.accept(said.apply(outcome, answer));
            });
    if (routes.reaches(StepCodec.slot(id))) {
      one.begin();
    } else {
      one.end(Outcome.FAILED, NOTHING);
    }
  }

  private final class Settling implements Batcher.Listener {

    private final HoldId id;
    private final Function<byte[], Step> settling;
    private final BiConsumer<Outcome, byte[]> settled;
    private final long deadline = routes.deadline();
    private boolean read;

    Settling(HoldId id, Function<byte[], Step> settling, BiConsumer<Outcome, byte[]> settled) {
      this.id = id;
      this.settling = settling;
      this.settled = settled;
    }

    void begin() {
      List<byte[]> keys = List.of(codec.holdKey(id));
      routes.submit(new Step(Script.READ, StepCodec.slot(id), keys, NOTHING), deadline, this);
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
      routes.submitNext(step, deadline, this);
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
      troubles.refused(StepCodec.slot(id), words);
      end(Outcome.FAILED, NOTHING);
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      troubles.failed(StepCodec.slot(id), fault, why);
      end(Outcome.FAILED, NOTHING);
    }
  }
}
