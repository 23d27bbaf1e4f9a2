package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Reads a hold, then settles it: whoever settles one knows its id only. Confined to one thread. */
final class HoldSettler {

  private static final byte[] NOTHING = {};

  /** Told of steps that Redis has not carried out. */
  interface Troubles {

    /** It has refused one over keys of a slot, in these words. */
    void refused(int slot, String words);

    /** It has not answered one. */
    void failed(Fault fault);
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

  /** Settles a reservation. */
  void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    settle(
        id,
        new Verb<>((part, hold) -> codec.commit(hold, part, actual), false, HoldAnswers::committed),
        listener);
  }

  /** Gives a lease a new time to live. */
  void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    settle(
        id,
        new Verb<>((part, hold) -> codec.renew(hold, part, ttlMicros), true, HoldAnswers::renewed),
        listener);
  }

  /** Ends a lease. */
  void release(HoldId id, Consumer<Release> listener) {
    settle(
        id,
        new Verb<>((part, hold) -> codec.release(hold, part), false, HoldAnswers::released),
        listener);
  }

  /**
   * How a hold is settled.
   *
   * @param step makes the step of a part of it out of the part's id and what is kept of it
   * @param whole whether a part that is over already ends the others
   * @param said makes the answer out of the script's: {@link Outcome#UNKNOWN} too when nothing is
   *     stored, {@link Outcome#FAILED} when nobody knows
   */
  private record Verb<T>(
      BiFunction<HoldId, KeptHold, Step> step,
      boolean whole,
      BiFunction<Outcome, byte[], T> said) {}

  private <T> void settle(HoldId id, Verb<T> verb, Consumer<T> listener) {
    Settling one =
        new Settling(
            id,
            verb,
            routes.deadline(),
            (outcome, answer) -> {
              changed.run();
              listener.accept(verb.said.apply(outcome, answer));
            });
    if (routes.reaches(StepCodec.slot(id))) {
      one.begin(false);
    } else {
      one.end(Outcome.FAILED, NOTHING);
    }
  }

  /** A hold, or a part of one that is kept in another slot. */
  private final class Settling implements Batcher.Listener {

    private final HoldId id;
    private final Verb<?> verb;
    private final long deadline;
    private final BiConsumer<Outcome, byte[]> settled;
    private boolean read;

    Settling(HoldId id, Verb<?> verb, long deadline, BiConsumer<Outcome, byte[]> settled) {
      this.id = id;
      this.verb = verb;
      this.deadline = deadline;
      this.settled = settled;
    }

    void begin(boolean next) {
      List<byte[]> keys = List.of(codec.holdKey(id));
      Step step = new Step(Script.READ, StepCodec.slot(id), keys, NOTHING);
      if (next) {
        routes.submitNext(step, deadline, this);
      } else {
        routes.submit(step, deadline, this);
      }
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
      KeptHold hold;
      Step step;
      try {
        hold = KeptHold.read(stored);
        step = verb.step.apply(id, hold);
      } catch (RuntimeException unreadable) {
        refused("a hold that cannot be read: " + unreadable.getMessage());
        return;
      }
      settleBeside(hold.beside().iterator(), step);
    }

    /** First, so that who is told of a failure and tries again finds what leads to them. */
    private void settleBeside(Iterator<Integer> beside, Step step) {
      if (!beside.hasNext()) {
        routes.submitNext(step, deadline, this);
        return;
      }
      HoldId part = StepCodec.inSlot(id, beside.next());
      new Settling(
              part,
              verb,
              deadline,
              (outcome, _) -> {
                if (outcome == Outcome.FAILED || (verb.whole && outcome != Outcome.DONE)) {
                  end(outcome, NOTHING);
                } else {
                  settleBeside(beside, step);
                }
              })
          .begin(true);
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
      troubles.failed(fault);
      end(Outcome.FAILED, NOTHING);
    }
  }
}
