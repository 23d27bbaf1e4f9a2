package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * Counters in Redis, as one loop asks for them.
 *
 * <p>Each step is answered within the batcher's limit: by Redis, or else by each limit's policy. A
 * step that was sent is never sent again. A hold that a policy has made lives in this process, and
 * is settled here. Confined to one thread, which answers arrive on.
 */
public final class RedisLane implements Store {

  /** Some 10 ms of Redis's only thread. */
  private static final int MOST_ENTRIES = 1_000;

  /** Words by which Redis says that it is no master; the error's name comes first in its text. */
  private static final String READ_ONLY = "READONLY";

  private final Routes routes;
  private final StepCodec codec;
  private final FailurePolicy policy;
  private final MicroClock clock;
  private final Observer observer;
  private final HoldSettler settler;
  private final LaneChecks checks;
  private final LaneVerbs verbs;
  private final IntSupplier holders;

  /** By how much Redis's clock is ahead of this machine's, as far as it ever mattered. */
  private long aheadMicros;

  /**
   * What a loop remembers of denials, for a quarter of a second.
   *
   * @param cache the loop's own
   * @param epoch of all loops: each change that gives units back ends what they remember
   */
  public record Denials(DenialCache cache, DenialCache.Epoch epoch) {}

  /**
   * A lane over its ways to Redis.
   *
   * @param clock what this machine takes the time to be
   * @param denials empty where every check is to ask Redis
   * @param holders how many lanes there are over all instances, as far as this one knows
   */
  public RedisLane(
      Routes routes,
      StepCodec codec,
      FailurePolicy policy,
      MicroClock clock,
      Observer observer,
      Alarm alarm,
      Optional<Denials> denials,
      IntSupplier holders) {
    this.routes = routes;
    this.codec = codec;
    this.policy = policy;
    this.clock = clock;
    this.observer = observer;
    this.holders = holders;
    Asking redis = new Asker();
    this.checks = new LaneChecks(redis, routes, alarm, observer, denials, holders, codec);
    this.settler = new HoldSettler(routes, codec, troubles(), checks::forgetDenials);
    this.verbs = new LaneVerbs(redis, routes, codec, policy, observer, settler);
  }

  /** A lane that is alone over its Redis. */
  public RedisLane(
      Routes routes,
      StepCodec codec,
      FailurePolicy policy,
      MicroClock clock,
      Observer observer,
      Alarm alarm,
      Optional<Denials> denials) {
    this(routes, codec, policy, clock, observer, alarm, denials, () -> 1);
  }

  /** What a step that must be asked once more is asked with, and who answers if Redis does not. */
  private final class Asked implements Batcher.Listener {

    private final CheckBuffer buffer;
    private final Listener listener;
    private final LongFunction<Step> question;
    private final Otherwise otherwise;
    private final long deadline;
    private Step step;
    private boolean askedOutside;

    Asked(
        CheckBuffer buffer,
        Listener listener,
        LongFunction<Step> question,
        long deadline,
        Otherwise otherwise) {
      this.buffer = buffer;
      this.listener = listener;
      this.question = question;
      this.deadline = deadline;
      this.otherwise = otherwise;
      this.step = question.apply(clock.nowMicros() + aheadMicros);
    }

    void ask() {
      if (routes.reaches(step.slot())) {
        routes.submit(step, deadline, this);
      } else {
        otherwise.decide(false);
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
        policy.refuse(buffer, listener);
        return;
      }
      switch (outcome) {
        case ALLOWED, DENIED -> {
          buffer.sharedBy(holders.getAsInt());
          countMoved();
          listener.decided(buffer);
        }
        case OTHERWISE -> askNext(step.otherwise());
        case OUTSIDE -> askOutside(StepCodec.time(answer));
        case FAILED -> refused(StepCodec.failure(answer));
        case UNKNOWN, SETTLED, EXPIRED, DONE -> refused("a question was answered " + outcome);
      }
    }

    private void countMoved() {
      for (int i = 0; i < buffer.size(); i++) {
        if (buffer.reanchored(i)) {
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
      RedisLane.this.refused(step.slot(), words);
      otherwise.decide(false);
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      RedisLane.this.failed(step.slot(), fault, why);
      otherwise.decide(fault == Fault.TIMED_OUT || fault == Fault.FAILED);
    }
  }

  /** Who decides what Redis has not answered. */
  private interface Otherwise {

    /** Decides; {@code unknown}: Redis may have carried it out all the same. */
    void decide(boolean unknown);
  }

  /** How allotments ask: as every check does. */
  private final class Asker implements Asking {

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
      Asked asked = new Asked(b, told::answered, step, deadline, told::failed);
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
  }

  private HoldSettler.Troubles troubles() {
    return new HoldSettler.Troubles() {
      @Override
      public void refused(int slot, String words) {
        RedisLane.this.refused(slot, words);
      }

      @Override
      public void failed(int slot, Fault fault, Throwable why) {
        RedisLane.this.failed(slot, fault, why);
      }
    };
  }

  private void refused(int slot, String words) {
    observer.refused(words);
    if (words.contains(READ_ONLY)) {
      routes.leave(slot, new IllegalStateException(words));
    }
  }

  private void failed(int slot, Fault fault, Throwable why) {
    observer.failed(fault);
    if (fault == Fault.TIMED_OUT) {
      routes.distrust(slot, why);
    }
  }

  /** Gives back what was taken ahead; tells so when Redis has heard of it, or is away. */
  public void drain(Runnable done) {
    checks.drain(done);
  }

  /** Asks as a check does, however long it takes, and counts nothing. */
  void warmUp(CheckBuffer b, Listener listener) {
    Step step = codec.check(b, clock.nowMicros());
    routes
        .port(step.slot())
        .call(
            step.script(),
            step.keys(),
            List.of(step.item()),
            new ScriptPort.Answer() {
              @Override
              public void answered(List<byte[]> answers) {
                codec.read(answers.getFirst(), b);
                listener.decided(b);
              }

              @Override
              public void failed(Throwable why) {
                listener.decided(b);
              }
            });
  }

  @Override
  public int mostEntries() {
    return MOST_ENTRIES;
  }

  @Override
  public boolean keepsOwnersApart() {
    return routes.oneSlot();
  }

  @Override
  public HoldId place(HoldId id, CheckBuffer buffer) {
    return codec.place(id, buffer);
  }

  @Override
  public void check(CheckBuffer b, Listener listener) {
    checks.check(b, listener);
  }

  @Override
  public void reserve(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    b.sharedBy(holders.getAsInt());
    verbs.reserve(b, id, ttlMicros, listener);
  }

  @Override
  public void acquire(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    b.sharedBy(holders.getAsInt());
    verbs.acquire(b, id, ttlMicros, listener);
  }

  @Override
  public void refund(CheckBuffer b, Listener listener) {
    b.sharedBy(holders.getAsInt());
    verbs.refund(b, forgetting(listener));
  }

  @Override
  public void reset(CheckBuffer b, boolean leasesToo, Listener listener) {
    policy.forget(b, leasesToo);
    checks.forget(b);
    b.sharedBy(holders.getAsInt());
    verbs.reset(b, leasesToo, forgetting(listener));
  }

  private Listener forgetting(Listener listener) {
    return changed -> {
      checks.forgetDenials();
      listener.decided(changed);
    };
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    policy.commit(
        id,
        actual,
        here -> {
          if (here instanceof Settlement.Unknown) {
            settler.settle(
                id,
                new HoldSettler.Verb<>(
                    (part, stored) -> codec.commit(stored, part, actual),
                    false,
                    HoldAnswers::committed),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    policy.renew(
        id,
        ttlMicros,
        here -> {
          if (here instanceof Renewal.Unknown) {
            settler.settle(
                id,
                new HoldSettler.Verb<>(
                    (part, stored) -> codec.renew(stored, part, ttlMicros),
                    true,
                    HoldAnswers::renewed),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }

  @Override
  public void release(HoldId id, Consumer<Release> listener) {
    policy.release(
        id,
        here -> {
          if (here == Release.NOT_HELD) {
            settler.settle(
                id,
                new HoldSettler.Verb<>(
                    (part, stored) -> codec.release(stored, part), false, HoldAnswers::released),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }
}
