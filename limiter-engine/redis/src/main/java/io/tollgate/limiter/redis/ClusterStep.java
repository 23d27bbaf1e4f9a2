package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.Redirection.Ask;
import io.tollgate.limiter.redis.Redirection.Down;
import io.tollgate.limiter.redis.Redirection.Moved;
import io.tollgate.limiter.redis.Redirection.TryAgain;
import org.jspecify.annotations.Nullable;

/**
 * A step on its way through a Cluster. What a server sends elsewhere it has not executed, so it may
 * be sent again; whatever else happens, it is not. Confined to one thread.
 */
final class ClusterStep implements Batcher.Listener {

  private static final long LEAST_PAUSE_NANOS = 1_000_000;

  /** Up to 16 ms, far below the usual time limit. */
  private static final int MOST_DOUBLINGS = 4;

  private final ClusterRoutes routes;
  private Step step;
  private final long deadline;
  private final Batcher.Listener listener;
  private int hops;
  private int pauses;

  /** Whom it was sent to last. */
  private @Nullable ClusterNode at;

  ClusterStep(ClusterRoutes routes, Step step, long deadline, Batcher.Listener listener) {
    this.routes = routes;
    this.step = step;
    this.deadline = deadline;
    this.listener = listener;
  }

  /**
   * Sends it.
   *
   * @param to null where nobody has its slot
   * @param next before all that wait
   */
  void go(@Nullable ClusterNode to, boolean next) {
    at = to;
    if (to == null) {
      listener.failed(Fault.NOT_SENT, new Unanswered("nobody has slot " + step.slot()));
    } else if (to.link.isNew()) {
      again(new Unanswered(to.why()));
    } else if (!to.link.isUp()) {
      listener.failed(Fault.NOT_SENT, new Unanswered(to.why()));
    } else if (next) {
      to.batcher.submitNext(step, deadline, this);
    } else {
      to.batcher.submit(step, deadline, this);
    }
  }

  @Override
  public void answered(byte[] answer) {
    listener.answered(answer);
  }

  @Override
  public void failed(Fault fault, Throwable why) {
    Redirection redirection = fault == Fault.FAILED ? Redirection.of(why).orElse(null) : null;
    switch (redirection) {
      case null -> listener.failed(fault, why);
      case Moved moved -> hop(routes.moved(moved, at), false, why);
      case Ask ask -> hop(routes.node(ClusterRoutes.named(ask.server(), at)), true, why);
      case TryAgain _ -> {
        step = step.byItself();
        again(why);
      }
      case Down _ -> {
        routes.look();
        listener.failed(Fault.NOT_SENT, why);
      }
    }
  }

  private void hop(@Nullable ClusterNode to, boolean asking, Throwable why) {
    if (++hops > ClusterRoutes.MOST_HOPS) {
      listener.failed(Fault.NOT_SENT, why);
      return;
    }
    step = step.to(asking);
    go(to, true);
  }

  /** After a moment, if there is time left. */
  private void again(Throwable why) {
    long left = left();
    if (left <= 0) {
      listener.failed(Fault.NOT_SENT, why);
    } else if (!routes.pauses(1)) {
      listener.failed(Fault.FULL, why);
    } else {
      long pause = LEAST_PAUSE_NANOS << Math.min(pauses++, MOST_DOUBLINGS);
      routes.alarm().after(Math.min(left, pause), () -> afterPause(why));
    }
  }

  private void afterPause(Throwable why) {
    var _ = routes.pauses(-1);
    if (left() <= 0) {
      listener.failed(Fault.NOT_SENT, why);
    } else {
      go(step.asking() ? at : routes.ofSlot(step.slot()), true);
    }
  }

  private long left() {
    return deadline - routes.alarm().nanoTime();
  }
}
