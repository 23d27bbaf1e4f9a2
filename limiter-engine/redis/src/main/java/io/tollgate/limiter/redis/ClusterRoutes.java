package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Redirection.Moved;
import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ways to the masters of a Cluster: for each a link, with a breaker and a batcher of its own,
 * so that one that is gone keeps nobody waiting for the others.
 *
 * <p>A step that a server sends elsewhere was not executed, and goes on within its time limit: to
 * the new master of a slot (MOVED), to the one that is about to be (ASK), or to the same one again
 * a moment later (TRYAGAIN). Nothing is sent before the server of the fleet has said under which
 * key identifiers are hashed. Confined to one thread, but for what says how it is.
 */
public final class ClusterRoutes implements Routes {

  /** As many as Redis's own clients follow. */
  static final int MOST_HOPS = 5;

  /** A Cluster has at most 1,000 servers by its specification. */
  private static final int MOST_NODES = 1_000;

  /** While something is wrong, the watch is asked to look so often. */
  private static final long LOOK_NANOS = 300_000_000;

  /**
   * What the ways are made of.
   *
   * @param link bounds of each link
   * @param batching of each server: a call is of one slot, so there are batch times calls of them
   * @param servers makes connections to a server
   * @param watch asks for a new view of the Cluster; may be called at any time
   */
  public record Parts(
      Link.Config link,
      Batcher.Config batching,
      Function<Server, Connector> servers,
      Fleet fleet,
      Runnable watch,
      Alarm alarm,
      RandomGenerator random,
      Observer observer) {}

  private final Parts parts;
  private final Batcher.Config batching;
  private final Map<Server, ClusterNode> nodes = new HashMap<>();
  private final @Nullable ClusterNode[] ofSlot = new ClusterNode[Slots.COUNT];
  private final CountDownLatch seen = new CountDownLatch(1);

  /** As {@link #nodes}, for other threads. */
  private volatile List<ClusterNode> all = List.of();

  private volatile String trouble = "not connected yet";
  private int ups;

  /** Steps that wait before they are sent again. */
  private int paused;

  private boolean told;
  private boolean looking;
  private boolean closed;

  public ClusterRoutes(Parts parts) {
    this.parts = parts;
    Batcher.Config one = parts.batching;
    this.batching =
        new Batcher.Config(one.batch(), one.batch() * one.calls(), one.waiting(), one.limitNanos());
  }

  @Override
  public void start() {
    look();
  }

  /** Takes note of who has which slots. */
  public void seen(Topology topology) {
    if (closed) {
      return;
    }
    Set<Server> masters = new HashSet<>();
    @Nullable ClusterNode[] next = new ClusterNode[Slots.COUNT];
    for (Topology.Range range : topology.ranges()) {
      masters.add(range.master());
      ClusterNode node = node(range.master());
      for (int slot = range.from(); node != null && slot <= range.to(); slot++) {
        next[slot] = node;
      }
    }
    System.arraycopy(next, 0, ofSlot, 0, next.length);
    retireAllBut(masters);
    int missing = Slots.COUNT - topology.covered();
    trouble = missing == 0 ? "" : "nobody has " + missing + " of the Cluster's slots";
    seen.countDown();
    report();
  }

  /** Nobody says who has which slots. */
  public void unseen(String why) {
    if (all.isEmpty()) {
      trouble = why;
    }
    seen.countDown();
    report();
  }

  /** The way to a server, which is made if there is none; null where there are too many. */
  @Nullable ClusterNode node(Server server) {
    ClusterNode known = nodes.get(server);
    if (known == null && nodes.size() < MOST_NODES) {
      known = new ClusterNode(server, parts, batching, this::hasFleet, this::up);
      nodes.put(server, known);
      all = List.copyOf(nodes.values());
      ClusterNode made = known;
      parts.alarm.soon(made.link::start);
    }
    return known;
  }

  private boolean hasFleet(ClusterNode node) {
    return ofSlot[Fleet.SLOT] == node;
  }

  private void up(boolean can) {
    ups += can ? 1 : 0;
    if (!can) {
      look();
    }
    report();
  }

  /** What is under way to a server without slots may still be answered. */
  private void retireAllBut(Set<Server> masters) {
    List<ClusterNode> retired = new ArrayList<>();
    nodes
        .values()
        .removeIf(node -> {
          boolean retires = !masters.contains(node.server);
          if (retires) {
            retired.add(node);
          }
          return retires;
        });
    if (!retired.isEmpty()) {
      all = List.copyOf(nodes.values());
      parts.alarm.after(
          2 * batching.limitNanos(), () -> retired.forEach(node -> node.link.close()));
    }
  }

  /** Says whether all can be used, when that has changed; looks again while they cannot. */
  private void report() {
    if (closed) {
      return;
    }
    State state = state();
    boolean fine = state.up() == state.links() && state.why().isEmpty();
    if (fine != told) {
      told = fine;
      parts.observer.up(fine, state.why());
    }
    if (!fine && !looking) {
      looking = true;
      parts.alarm.after(
          LOOK_NANOS,
          () -> {
            looking = false;
            if (!told && !closed) {
              look();
              report();
            }
          });
    }
  }

  @Override
  public boolean isUp() {
    return parts.fleet.isKnown();
  }

  @Override
  public boolean reaches(int slot) {
    ClusterNode node = ofSlot[slot];
    return node != null && (node.link.isUp() || node.link.isNew());
  }

  @Override
  public int ups() {
    return ups;
  }

  @Override
  public boolean oneSlot() {
    return true;
  }

  @Override
  public long deadline() {
    return parts.alarm.nanoTime() + batching.limitNanos();
  }

  @Override
  public void submit(Step step, long deadline, Batcher.Listener listener) {
    new ClusterStep(this, step, deadline, listener).go(ofSlot[step.slot()], false);
  }

  @Override
  public void submitNext(Step step, long deadline, Batcher.Listener listener) {
    new ClusterStep(this, step, deadline, listener).go(ofSlot[step.slot()], true);
  }

  /** Takes note of a slot's new server, whose way it returns. */
  @Nullable ClusterNode moved(Moved moved, @Nullable ClusterNode from) {
    ClusterNode to = node(named(moved.server(), from));
    if (to != null) {
      ofSlot[moved.slot()] = to;
    }
    look();
    return to;
  }

  /** A server that names no host means its own. */
  static Server named(Server server, @Nullable ClusterNode from) {
    boolean unnamed = server.host().isEmpty() || server.host().equals("?");
    return unnamed && from != null ? new Server(from.server.host(), server.port()) : server;
  }

  /** The way to the server of a slot; null where nobody has it. */
  @Nullable ClusterNode ofSlot(int slot) {
    return ofSlot[slot];
  }

  /** There is reason to think that something has changed. */
  void look() {
    parts.watch.run();
  }

  Alarm alarm() {
    return parts.alarm;
  }

  /** Counts steps that wait before they are sent again; false when there are too many. */
  boolean pauses(int more) {
    if (more > 0 && paused >= batching.waiting()) {
      return false;
    }
    paused += more;
    return true;
  }

  @Override
  public ScriptPort port(int slot) {
    return (script, keys, items, answer) -> call(slot, script, keys, items, answer, 0);
  }

  private void call(
      int slot,
      Script script,
      List<byte[]> keys,
      List<byte[]> items,
      ScriptPort.Answer answer,
      int hops) {
    ClusterNode node = ofSlot[slot];
    if (node == null) {
      answer.failed(new Unanswered("nobody has slot " + slot));
      return;
    }
    node.link.call(
        script,
        keys,
        items,
        new ScriptPort.Answer() {
          @Override
          public void answered(List<byte[]> answers) {
            answer.answered(answers);
          }

          @Override
          public void failed(Throwable why) {
            if (hops < MOST_HOPS && Redirection.of(why).orElse(null) instanceof Moved moved) {
              moved(moved, node);
              call(slot, script, keys, items, answer, hops + 1);
            } else {
              answer.failed(why);
            }
          }
        });
  }

  @Override
  public void distrust(int slot, Throwable why) {
    ClusterNode node = ofSlot[slot];
    if (node != null) {
      node.link.distrust(why);
    }
  }

  @Override
  public void leave(int slot, Throwable why) {
    ClusterNode node = ofSlot[slot];
    if (node != null) {
      node.link.leave(why);
    }
  }

  @Override
  public void awaitFirstAttempt(long nanos) {
    long end = System.nanoTime() + nanos;
    try {
      var _ = seen.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ClusterNode node : all) {
      node.link.awaitFirstAttempt(end - System.nanoTime());
    }
  }

  @Override
  public State state() {
    List<ClusterNode> now = all;
    int up = 0;
    String why = trouble;
    for (ClusterNode node : now) {
      if (node.link.isUp()) {
        up++;
      } else {
        why = node.why();
      }
    }
    if (why.isEmpty() && !parts.fleet.isKnown()) {
      why = "the hash key is not known yet";
    }
    return new State(Math.max(1, now.size()), up, why);
  }

  @Override
  public void close() {
    closed = true;
    nodes.values().forEach(node -> node.link.close());
  }
}
