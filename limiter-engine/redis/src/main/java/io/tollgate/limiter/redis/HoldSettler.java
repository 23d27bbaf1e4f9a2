package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads a hold, then settles it: whoever settles one knows its id only. Confined to one thread. */
final class HoldSettler {

  private static final byte[] NOTHING = {};

  /** What becomes of a hold; one of the two is called, once. */
  interface Settled {

    /** The script's answer; {@link Outcome#UNKNOWN} too when nothing is stored. */
    void told(Outcome outcome, byte[] answer);

    /** Nobody knows. */
    void unavailable();
  }

  private final Batcher batcher;
  private final Link link;
  private final StepCodec codec;
  private final Consumer<String> refusals;
  private final BiConsumer<Fault, Throwable> faults;

  /**
   * A settler over a link.
   *
   * @param refusals told in which words Redis has refused a step
   * @param faults told of a step that Redis has not answered
   */
  HoldSettler(
      Batcher batcher,
      Link link,
      StepCodec codec,
      Consumer<String> refusals,
      BiConsumer<Fault, Throwable> faults) {
    this.batcher = batcher;
    this.link = link;
    this.codec = codec;
    this.refusals = refusals;
    this.faults = faults;
  }

  /**
   * Settles a hold.
   *
   * @param settling makes the step out of what is stored
   */
  void settle(HoldId id, Function<byte[], Step> settling, Settled settled) {
    if (link.isUp()) {
      new Settling(settling, settled).begin(id);
    } else {
      settled.unavailable();
    }
  }

  private final class Settling implements Batcher.Listener {

    private final Function<byte[], Step> settling;
    private final Settled settled;
    private final long deadline = batcher.deadline();
    private boolean read;

    Settling(Function<byte[], Step> settling, Settled settled) {
      this.settling = settling;
      this.settled = settled;
    }

    void begin(HoldId id) {
      batcher.submit(new Step(Script.READ, List.of(codec.holdKey(id)), NOTHING), deadline, this);
    }

    @Override
    public void answered(byte[] answer) {
      if (read) {
        settled(answer);
        return;
      }
      read = true;
      if (answer.length == 0) {
        settled.told(Outcome.UNKNOWN, answer);
      } else {
        batcher.submitNext(settling.apply(answer), deadline, this);
      }
    }

    private void settled(byte[] answer) {
      Outcome outcome = StepCodec.outcome(answer);
      switch (outcome) {
        case UNKNOWN, SETTLED, EXPIRED, DONE -> settled.told(outcome, answer);
        case FAILED -> {
          refusals.accept(StepCodec.failure(answer));
          settled.unavailable();
        }
        case ALLOWED, DENIED, OTHERWISE, OUTSIDE ->
            throw new IllegalStateException("a hold was answered " + outcome);
      }
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      faults.accept(fault, why);
      settled.unavailable();
    }
  }
}
