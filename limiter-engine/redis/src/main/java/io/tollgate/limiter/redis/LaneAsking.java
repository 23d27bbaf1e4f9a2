package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store.Listener;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * How one lane asks Redis: a step that must be asked otherwise, or at another date, is asked once
 * more within its time. Confined to one thread.
 */
final class LaneAsking implements Asking, HoldSettler.Troubles {

  /** Words by which Redis says that it is no master; the error's name comes first in its text. */
  private static final String READ_ONLY = "READONLY";

  private final Routes routes;
  private final StepCodec codec;
  private final FailurePolicy policy;
  private final MicroClock clock;
  private final Observer observer;
  private final IntSupplier holders;

  /** By how much Redis's clock is ahead of this machine's, as far as it ever mattered. */
  private long aheadMicros;

  /**
   * How a lane asks.
   *
   * @param holders how many lanes there are over all instances
   */
  LaneAsking(
      Routes routes,
      StepCodec codec,
      FailurePolicy policy,
      MicroClock clock,
      Observer observer,
      IntSupplier holders) {
    this.routes = routes;
    this.codec = codec;
    this.policy = policy;
    this.clock = clock;
    this.observer = observer;
    this.holders = holders;
  }

  /** What a step that must be asked once more is asked with, and who answers if Redis does not. */
  private final class Asked implements Batcher.Listener {

    private final CheckBuffer buffer;
    private final Told told;
    private final LongFunction<Step> question;
    private final long deadline;
    private Step step;
    private boolean askedOutside;

    Asked(CheckBuffer buffer, LongFunction<Step> question, long deadline, Told told) {
      this.buffer = buffer;
      this.question = question;
      this.deadline = deadline;
      this.told = told;
      this.step = question.apply(clock.nowMicros() + aheadMicros);
    }

    void ask() {
      if (routes.reaches(step.slot())) {
        routes.submit(step, deadline, this);
      } else {
        told.failed(false);
      }
    }

    void askNext() {
      routes.submitNext(step, deadline, this);
    }

    @Override
    public void answered(byte[] answer) {
      Outcome outcome;
      try {
        outcome = codec.read(answer, buffer);
      } catch (RuntimeException unreadable) {
        // A repeated answer brings its limits, which only a newer release may know; the question is
        // half overwritten by now, so that no policy can decide it.
        observer.refused("an answer that cannot be read: " + unreadable.getMessage());
        policy.refuse(buffer, told::answered);
        return;
      }
      switch (outcome) {
        case ALLOWED, DENIED -> {
          // Once more: an answer that is repeated has begun the buffer anew.
          buffer.sharedBy(holders.getAsInt());
          countMoved();
          told.answered(buffer);
        }
        case OTHERWISE -> askNext(step.otherwise());
        case OUTSIDE -> askOutside(StepCodec.time(answer));
        case FAILED -> refused(StepCodec.failure(answer));
        case UNKNOWN, SETTLED, EXPIRED, DONE -> refused("a question was answered " + outcome);
      }
    }

    private void countMoved() {
      for (int i = 0; i < buffer.size(); i++) {
        if (buffer.state(i).reanchored) {
          observer.reanchored();
        }
      }
    }

    private void askOutside(long realmTime) {
      if (askedOutside) {
        refused("Redis's clock leaps");
        return;
      }
      askedOutside = true;
      long redisTime = realmTime - buffer.realm().offsetMicros();
      aheadMicros = redisTime - clock.nowMicros();
      askNext(question.apply(redisTime));
    }

    private void askNext(Step next) {
      step = next;
      askNext();
    }

    private void refused(String words) {
      LaneAsking.this.refused(step.slot(), words);
      told.failed(false);
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      LaneAsking.this.failed(fault);
      told.failed(fault == Fault.TIMED_OUT || fault == Fault.FAILED);
    }
  }

  @Override
  public boolean isUp() {
    return routes.isUp();
  }

  @Override
  public long deadline() {
    return routes.deadline();
  }

  @Override
  public void check(CheckBuffer b, long deadline, boolean follows, Told told) {
    ask(b, now -> codec.check(b, now), deadline, follows, told);
  }

  @Override
  public void ask(
      CheckBuffer b, LongFunction<Step> step, long deadline, boolean follows, Told told) {
    if (!routes.isUp()) {
      told.failed(false);
      return;
    }
    Asked asked = new Asked(b, step, deadline, told);
    if (follows) {
      asked.askNext();
    } else {
      asked.ask();
    }
  }

  @Override
  public void giveBack(CheckBuffer b, long[] marks, long deadline, Told told) {
    ask(b, now -> codec.giveBack(b, marks, now), deadline, false, told);
  }

  @Override
  public void decideAlone(CheckBuffer b, Listener listener) {
    observer.degraded();
    policy.check(b, listener);
  }

  @Override
  public void refused(int slot, String words) {
    observer.refused(words);
    if (words.contains(READ_ONLY)) {
      routes.leave(slot, new IllegalStateException(words));
    }
  }

  @Override
  public void failed(Fault fault) {
    observer.failed(fault);
  }
}
