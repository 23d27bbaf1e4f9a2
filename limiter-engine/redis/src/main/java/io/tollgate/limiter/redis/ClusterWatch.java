package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Knows who has which slots of a Cluster, for all lanes of a store.
 *
 * <p>It asks a few servers at a time, of those that it knows and those that were configured, and
 * goes by the best answer; every few seconds, and soon when a lane has reason to think that
 * something has changed. Confined to one thread.
 */
public final class ClusterWatch {

  /** One may be cut off from the others, or hang. */
  private static final int ASKED_AT_ONCE = 3;

  /** For the others, when one has answered: one that hangs tells nothing. */
  private static final long GRACE_NANOS = 200_000_000;

  private static final long USUAL_NANOS = 5_000_000_000L;

  /** Between the begins of two rounds, however many ask for one. */
  private static final long LEAST_NANOS = 100_000_000;

  /** Whom it tells what it sees; called on its thread. */
  public interface Listener {

    /** Who has which slots. */
    void seen(Topology topology);

    /** Nobody says so; what was seen last may still be true. */
    void unseen(String why);
  }

  private final Set<Server> configured;
  private final TopologySource source;
  private final Alarm alarm;
  private final Random random;
  private final long patienceNanos;
  private final List<Listener> listeners = new ArrayList<>();

  private Set<Server> known = Set.of();

  /** Those that have not answered when they were asked last; asked after the others. */
  private final Set<Server> silent = new HashSet<>();

  private long begunNanos;
  private boolean closed;
  private boolean wanted;

  /** Counts plans: only the latest begins a round. */
  private long plan;

  private boolean inRound;

  /**
   * A watch that does nothing before {@link #want}.
   *
   * @param configured servers of the Cluster, at least one
   * @param patienceNanos how long those that are asked at once may take
   */
  public ClusterWatch(
      List<Server> configured,
      TopologySource source,
      Alarm alarm,
      Random random,
      long patienceNanos) {
    this.configured = new LinkedHashSet<>(configured);
    this.source = source;
    this.alarm = alarm;
    this.random = random;
    this.patienceNanos = patienceNanos;
    this.begunNanos = alarm.nanoTime() - LEAST_NANOS;
  }

  /** Tells one more; before anybody wants to know. */
  public void tell(Listener listener) {
    listeners.add(listener);
  }

  /** There is reason to look soon. */
  public void want() {
    if (closed || wanted) {
      return;
    }
    wanted = true;
    if (!inRound) {
      planAfter(Math.max(0, begunNanos + LEAST_NANOS - alarm.nanoTime()));
    }
  }

  private void planAfter(long nanos) {
    long mine = ++plan;
    Runnable task =
        () -> {
          if (mine == plan && !closed && !inRound) {
            new Round().begin();
          }
        };
    if (nanos <= 0) {
      alarm.soon(task);
    } else {
      alarm.after(nanos, task);
    }
  }

  public void close() {
    closed = true;
  }

  /** Asks some, then others while none has answered. */
  private final class Round {

    private final ArrayDeque<Server> left = new ArrayDeque<>();
    private final List<Topology> views = new ArrayList<>();
    private String why = "";
    private int open;
    private long asked;

    void begin() {
      inRound = true;
      wanted = false;
      begunNanos = alarm.nanoTime();
      Set<Server> all = new LinkedHashSet<>(known);
      all.addAll(configured);
      List<Server> shuffled = new ArrayList<>(all);
      Collections.shuffle(shuffled, random);
      silent.retainAll(all);
      shuffled.sort(Comparator.comparing(silent::contains));
      left.addAll(shuffled);
      askSome();
    }

    private void askSome() {
      List<Server> some = new ArrayList<>();
      while (some.size() < ASKED_AT_ONCE && !left.isEmpty()) {
        some.add(left.removeFirst());
      }
      open = some.size();
      long now = ++asked;
      alarm.after(
          patienceNanos,
          () -> {
            if (now == asked) {
              why = why.isEmpty() ? "no server of the Cluster answers" : why;
              next();
            }
          });
      silent.addAll(some);
      some.forEach(server -> ask(server, now));
    }

    private void ask(Server server, long now) {
      source.ask(
          server,
          new TopologySource.Listener() {
            @Override
            public void seen(Topology view) {
              silent.remove(server);
              if (now == asked) {
                views.add(view);
                answered();
                endSoon(now);
              }
            }

            @Override
            public void failed(Throwable reason) {
              if (now == asked) {
                why = String.valueOf(reason.getMessage());
                answered();
              }
            }
          });
    }

    private void endSoon(long now) {
      alarm.after(
          GRACE_NANOS,
          () -> {
            if (now == asked) {
              next();
            }
          });
    }

    private void answered() {
      open--;
      if (open == 0) {
        next();
      }
    }

    private void next() {
      asked++;
      if (closed) {
        return;
      }
      Optional<Topology> best = Topology.best(views);
      if (best.isEmpty() && !left.isEmpty()) {
        askSome();
        return;
      }
      inRound = false;
      if (best.isPresent()) {
        known = best.get().servers();
        listeners.forEach(listener -> listener.seen(best.get()));
      } else {
        listeners.forEach(listener -> listener.unseen(why));
      }
      long least = begunNanos + LEAST_NANOS - alarm.nanoTime();
      planAfter(wanted || best.isEmpty() ? Math.max(1, least) : USUAL_NANOS);
    }
  }
}
