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
  private final Alarm alarm;
  private final Optional<Denials> denials;
  private final HoldSettler settler;

  /** Of the routes, when denials were forgotten for them last. */
  private int knownUps;

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
   */
  public RedisLane(
      Routes routes,
      StepCodec codec,
      FailurePolicy policy,
      MicroClock clock,
      Observer observer,
      Alarm alarm,
      Optional<Denials> denials) {
    this.routes = routes;
    this.codec = codec;
    this.policy = policy;
    this.clock = clock;
    this.observer = observer;
    this.alarm = alarm;
    this.denials = denials;
    this.settler = new HoldSettler(routes, codec, troubles(), this::forgetDenials);
  }

  /** What a step that must be asked once more is asked with, and who answers if Redis does not. */
  private final class Asked implements Batcher.Listener {

    private final CheckBuffer buffer;
    private final Listener listener;
    private final LongFunction<Step> question;
    private final Runnable otherwise;
    private Step step;
    private final long deadline = routes.deadline();
    private boolean askedOutside;

    Asked(CheckBuffer buffer, Listener listener, LongFunction<Step> question, Runnable otherwise) {
      this.buffer = buffer;
      this.listener = listener;
      this.question = question;
      this.otherwise = otherwise;
      this.step = question.apply(clock.nowMicros() + aheadMicros);
    }

    void ask() {
      if (routes.reaches(step.slot())) {
        routes.submit(step, deadline, this);
      } else {
        otherwise.run();
      }
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
      routes.submitNext(next, deadline, this);
    }

    private void refused(String words) {
      RedisLane.this.refused(step.slot(), words);
      otherwise.run();
    }

    @Override
    public void failed(Fault fault, Throwable why) {
      RedisLane.this.failed(step.slot(), fault, why);
      otherwise.run();
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

  private void ask(
      CheckBuffer buffer, Listener listener, LongFunction<Step> question, Runnable otherwise) {
    if (routes.isUp()) {
      new Asked(buffer, listener, question, otherwise).ask();
    } else {
      otherwise.run();
    }
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
  public HoldId place(HoldId id, CheckBuffer buffer) {
    return codec.place(id, buffer);
  }

  @Override
  public void check(CheckBuffer b, Listener listener) {
    if (denials.isEmpty()) {
      askCheck(b, listener);
      return;
    }
    if (routes.ups() != knownUps) {
      knownUps = routes.ups();
      forgetDenials();
    }
    DenialCache cache = denials.get().cache;
    long sentNanos = alarm.nanoTime();
    if (routes.isUp() && cache.answers(b, sentNanos)) {
      observer.cached();
      listener.decided(b);
      return;
    }
    long begun = cache.begin();
    askCheck(
        b,
        answered -> {
          cache.answered(answered, begun, sentNanos);
          listener.decided(answered);
        });
  }

  /** Ends what loops remember: units came back, or may have. */
  private void forgetDenials() {
    denials.ifPresent(all -> all.epoch.bump());
  }

  private void askCheck(CheckBuffer b, Listener listener) {
    ask(
        b,
        listener,
        now -> codec.check(b, now),
        () -> {
          observer.degraded();
          policy.check(b, listener);
        });
  }

  @Override
  public void reserve(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    ask(
        b,
        listener,
        now -> codec.reserve(b, now, id, ttlMicros),
        () -> {
          observer.degraded();
          policy.reserve(b, id, ttlMicros, listener);
        });
  }

  @Override
  public void acquire(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    ask(
        b,
        listener,
        now -> codec.acquire(b, now, id, ttlMicros),
        () -> {
          observer.degraded();
          policy.acquire(b, id, ttlMicros, listener);
        });
  }

  @Override
  public void refund(CheckBuffer b, Listener listener) {
    Listener forgetting = forgetting(listener);
    ask(b, forgetting, now -> codec.refund(b, now), () -> policy.refuse(b, forgetting));
  }

  @Override
  public void reset(CheckBuffer b, boolean leasesToo, Listener listener) {
    policy.forget(b, leasesToo);
    Listener forgetting = forgetting(listener);
    ask(b, forgetting, now -> codec.reset(b, now, leasesToo), () -> policy.refuse(b, forgetting));
  }

  private Listener forgetting(Listener listener) {
    return changed -> {
      forgetDenials();
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
                    RedisLane::committed),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }

  private static Settlement committed(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case SETTLED -> new Settlement.SettledBefore();
      case EXPIRED -> new Settlement.Expired();
      case DONE -> new Settlement.Committed(StepCodec.number(answer));
      case FAILED -> new Settlement.Unavailable();
      default -> new Settlement.Unknown();
    };
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
                    RedisLane::renewed),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }

  private static Renewal renewed(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case EXPIRED -> new Renewal.Expired();
      case DONE -> new Renewal.Renewed(StepCodec.number(answer));
      case FAILED -> new Renewal.Unavailable();
      default -> new Renewal.Unknown();
    };
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
                    (part, stored) -> codec.release(stored, part), false, RedisLane::released),
                listener);
          } else {
            listener.accept(here);
          }
        });
  }

  private static Release released(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case DONE -> Release.RELEASED;
      case FAILED -> Release.UNAVAILABLE;
      default -> Release.NOT_HELD;
    };
  }
}
