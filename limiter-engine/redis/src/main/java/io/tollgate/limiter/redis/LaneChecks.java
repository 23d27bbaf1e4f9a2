package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisLane.Denials;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import io.tollgate.limiter.store.Store.Listener;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The checks of one lane: what was denied a moment ago is not asked, what is taken ahead is spent,
 * and the rest asks Redis or is decided by policies. Confined to one thread.
 */
final class LaneChecks {

  private final Asking redis;
  private final Routes routes;
  private final Alarm alarm;
  private final Observer observer;
  private final Optional<Denials> denials;
  private final Allotments allotments;
  private final Ahead ahead;

  /** Of the routes, when denials were forgotten for them last. */
  private int knownUps;

  /**
   * The checks over the ways to Redis.
   *
   * @param denials empty where every check is to ask Redis
   * @param holders how many lanes there are over all instances
   */
  LaneChecks(
      Asking redis,
      Routes routes,
      Alarm alarm,
      Observer observer,
      Optional<Denials> denials,
      IntSupplier holders,
      StepCodec codec) {
    this.redis = redis;
    this.routes = routes;
    this.alarm = alarm;
    this.observer = observer;
    this.denials = denials;
    this.allotments = new Allotments(redis, alarm, observer, holders, denials.map(Denials::epoch));
    this.ahead = routes.oneSlot() ? new Owners(allotments, redis, codec) : allotments;
  }

  /** Decides a check. */
  void check(CheckBuffer b, Listener listener) {
    if (denials.isEmpty()) {
      ask(b, listener, listener);
      return;
    }
    if (routes.ups() != knownUps) {
      knownUps = routes.ups();
      forgetDenials();
    }
    DenialCache cache = denials.get().cache();
    long sentNanos = alarm.nanoTime();
    if (routes.isUp() && cache.answers(b, sentNanos)) {
      observer.cached();
      listener.decided(b);
      return;
    }
    long begun = cache.begin();
    ask(
        b,
        answered -> {
          cache.answered(answered, begun, sentNanos);
          listener.decided(answered);
        },
        listener);
  }

  /** A denial by what is taken ahead is told to the second listener. */
  private void ask(CheckBuffer b, Listener listener, Listener deniedAhead) {
    int[][] parts = ahead.parts(b);
    if (parts.length > 0) {
      new WideCheck(ahead, redis, b, parts, listener, deniedAhead).begin();
      return;
    }
    redis.decide(b, redis.deadline(), false, listener);
  }

  /** The counters of a question are about to be reset. */
  void forget(CheckBuffer question) {
    allotments.forget(question);
  }

  /** Ends what loops remember: units came back, or may have. */
  void forgetDenials() {
    denials.ifPresent(all -> all.epoch().bump());
  }

  /** Gives back what was taken ahead; tells so when Redis has heard of it, or is away. */
  void drain(Runnable done) {
    allotments.drain(done);
  }
}
