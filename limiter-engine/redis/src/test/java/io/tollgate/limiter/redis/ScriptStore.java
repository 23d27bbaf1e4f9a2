package io.tollgate.limiter.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shipped script behind the store's interface, one call at a time, failing on any fault. */
final class ScriptStore implements Store {

  private final RedisCommands<byte[], byte[]> redis;
  private final StepCodec codec;
  private final MicroClock clock;

  ScriptStore(RedisCommands<byte[], byte[]> redis, String prefix, MicroClock clock) {
    this.redis = redis;
    this.codec = new StepCodec(prefix, new KeyHasher(1, 2));
    this.clock = clock;
  }

  private byte[] run(Step step) {
    byte[] answer = ask(step);
    return StepCodec.outcome(answer) == Outcome.OTHERWISE ? ask(step.otherwise()) : answer;
  }

  private byte[] ask(Step step) {
    List<byte[]> answers =
        redis.eval(
            step.script().text(),
            ScriptOutputType.MULTI,
            step.keys().toArray(byte[][]::new),
            step.item());
    byte[] answer = answers.getFirst();
    if (StepCodec.outcome(answer) == Outcome.FAILED) {
      throw new AssertionError(StepCodec.failure(answer));
    }
    return answer;
  }

  private byte @Nullable [] stored(HoldId id) {
    clock.nowMicros();
    return redis.get(codec.holdKey(id));
  }

  private void answer(Step step, CheckBuffer buffer, Listener listener) {
    Outcome outcome = codec.read(run(step), buffer);
    if (outcome != Outcome.ALLOWED && outcome != Outcome.DENIED) {
      throw new AssertionError(outcome);
    }
    listener.decided(buffer);
  }

  @Override
  public HoldId place(HoldId id, CheckBuffer buffer) {
    return codec.place(id, buffer);
  }

  @Override
  public void check(CheckBuffer buffer, Listener listener) {
    answer(codec.check(buffer, clock.nowMicros()), buffer, listener);
  }

  @Override
  public void reserve(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    answer(codec.reserve(buffer, clock.nowMicros(), id, ttlMicros), buffer, listener);
  }

  @Override
  public void acquire(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    answer(codec.acquire(buffer, clock.nowMicros(), id, ttlMicros), buffer, listener);
  }

  @Override
  public void refund(CheckBuffer buffer, Listener listener) {
    answer(codec.refund(buffer, clock.nowMicros()), buffer, listener);
  }

  @Override
  public void reset(CheckBuffer buffer, boolean leasesToo, Listener listener) {
    answer(codec.reset(buffer, clock.nowMicros(), leasesToo), buffer, listener);
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    byte[] stored = stored(id);
    if (stored == null) {
      listener.accept(new Settlement.Unknown());
      return;
    }
    byte[] answer = run(codec.commit(stored, id, actual));
    listener.accept(
        switch (StepCodec.outcome(answer)) {
          case UNKNOWN -> new Settlement.Unknown();
          case SETTLED -> new Settlement.SettledBefore();
          case EXPIRED -> new Settlement.Expired();
          case DONE -> new Settlement.Committed(StepCodec.number(answer));
          case DENIED, ALLOWED, OUTSIDE, FAILED, OTHERWISE -> throw new AssertionError(answer[0]);
        });
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    byte[] stored = stored(id);
    if (stored == null) {
      listener.accept(new Renewal.Unknown());
      return;
    }
    byte[] answer = run(codec.renew(stored, id, ttlMicros));
    listener.accept(
        switch (StepCodec.outcome(answer)) {
          case UNKNOWN -> new Renewal.Unknown();
          case EXPIRED -> new Renewal.Expired();
          case DONE -> new Renewal.Renewed(StepCodec.number(answer));
          case SETTLED, DENIED, ALLOWED, OUTSIDE, FAILED, OTHERWISE ->
              throw new AssertionError(answer[0]);
        });
  }

  @Override
  public void release(HoldId id, Consumer<Boolean> listener) {
    byte[] stored = stored(id);
    listener.accept(
        stored != null && StepCodec.outcome(run(codec.release(stored, id))) == Outcome.DONE);
  }
}
