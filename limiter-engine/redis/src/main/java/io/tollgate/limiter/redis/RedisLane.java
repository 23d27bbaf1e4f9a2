package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.limiter.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

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

  private final Routes routes;
  private final StepCodec codec;
  private final FailurePolicy policy;
  private final MicroClock clock;
  private final HoldSettler settler;
  private final LaneChecks checks;
  private final LaneVerbs verbs;
  private final IntSupplier holders;

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
    this.holders = holders;
    LaneAsking redis = new LaneAsking(routes, codec, policy, clock, observer, holders);
    this.checks = new LaneChecks(redis, routes, alarm, observer, denials, holders, codec);
    this.settler = new HoldSettler(routes, codec, redis, checks::forgetDenials);
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
    checks.check(shared(b), listener);
  }

  @Override
  public void reserve(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    verbs.reserve(shared(b), id, ttlMicros, listener);
  }

  @Override
  public void acquire(CheckBuffer b, HoldId id, long ttlMicros, Listener listener) {
    verbs.acquire(shared(b), id, ttlMicros, listener);
  }

  @Override
  public void refund(CheckBuffer b, Listener listener) {
    verbs.refund(shared(b), forgetting(listener));
  }

  @Override
  public void reset(CheckBuffer b, boolean leasesToo, Listener listener) {
    policy.forget(b, leasesToo);
    checks.forget(b);
    verbs.reset(shared(b), leasesToo, forgetting(listener));
  }

  /** Says who may take units ahead; whoever answers, its report then says by how much that is. */
  private CheckBuffer shared(CheckBuffer b) {
    b.sharedBy(holders.getAsInt());
    return b;
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
            settler.commit(id, actual, listener);
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
            settler.renew(id, ttlMicros, listener);
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
            settler.release(id, listener);
          } else {
            listener.accept(here);
          }
        });
  }
}
