package io.tollgate.limiter.redis;

import io.netty.channel.EventLoop;
import io.tollgate.limiter.redis.RedisAddress.Server;
import io.tollgate.limiter.redis.RedisExamination.Away;
import io.tollgate.limiter.redis.RedisExamination.Cluster;
import io.tollgate.limiter.redis.RedisExamination.Master;
import io.tollgate.limiter.redis.RedisExamination.Reached;
import io.tollgate.limiter.redis.RedisExamination.Refused;
import io.tollgate.limiter.redis.RedisExamination.Unreachable;
import io.tollgate.limiter.redis.RedisExaminer.Ground;
import io.tollgate.limiter.redis.RedisExaminer.Lost;
import io.tollgate.limiter.redis.Topology.Range;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at a Cluster once: asks the servers that were named who is in it, and then all masters and
 * replicas at once, of which there are at most 1,000 by its specification.
 */
final class ClusterExaminer {

  /** A slot that is just moving answers with where it moves to; hardly ever two do. */
  private static final int MOST_SLOTS_TRIED = 3;

  private final RedisConnections.Cluster ways;
  private final EventLoop loop;
  private final Fleet.Member member;
  private final InstantSource clock;
  private final Random random = new Random();

  ClusterExaminer(
      RedisConnections.Cluster ways, EventLoop loop, Fleet.Member member, InstantSource clock) {
    this.ways = ways;
    this.loop = loop;
    this.member = member;
    this.clock = clock;
  }

  /** What a server says of the others, or why it says nothing. */
  private record Said(Optional<Topology> view, String why) {}

  /**
   * Examines it; takes at most twice as long as one server may.
   *
   * @param named some of its servers, at least one
   */
  RedisExamination look(Collection<Server> named) throws Lost {
    Map<Server, Said> said = new LinkedHashMap<>(said(ask(named)));
    List<Topology> views = said.values().stream().flatMap(one -> one.view.stream()).toList();
    Optional<Topology> best = Topology.best(views);
    if (best.isEmpty()) {
      return new Unreachable(worst(said.values()));
    }
    Topology topology = best.get();
    Map<Server, List<Range>> masters = masters(topology);
    Set<Server> replicas = new LinkedHashSet<>();
    topology.ranges().forEach(range -> replicas.addAll(range.replicas()));
    List<Server> others = replicas.stream().filter(server -> !said.containsKey(server)).toList();
    Map<Server, CompletableFuture<Topology>> asked = ask(others);
    List<Master> found = examine(masters);
    said.putAll(said(asked));
    List<Away> away =
        said.entrySet().stream()
            .filter(one -> one.getValue().view.isEmpty() && !masters.containsKey(one.getKey()))
            .map(one -> new Away(one.getKey(), one.getValue().why))
            .toList();
    int missing = Slots.COUNT - topology.covered();
    return new Cluster(found, replicas.size(), away, Slots.COUNT, missing, topology.healthy());
  }

  private static Map<Server, List<Range>> masters(Topology topology) {
    Map<Server, List<Range>> masters = new LinkedHashMap<>();
    topology.ranges().stream()
        .sorted(Comparator.comparingInt(Range::from))
        .forEach(
            range -> masters.computeIfAbsent(range.master(), _ -> new ArrayList<>()).add(range));
    return masters;
  }

  /** Asks all at once. */
  private Map<Server, CompletableFuture<Topology>> ask(Collection<Server> servers) {
    Map<Server, CompletableFuture<Topology>> asked = new LinkedHashMap<>();
    for (Server server : servers) {
      CompletableFuture<Topology> view = new CompletableFuture<>();
      asked.put(server, view);
      TopologySource.Listener listener =
          new TopologySource.Listener() {
            @Override
            public void seen(Topology topology) {
              view.complete(topology);
            }

            @Override
            public void failed(Throwable why) {
              view.completeExceptionally(why);
            }
          };
      loop.execute(() -> ways.topology().ask(server, listener));
    }
    return asked;
  }

  private static Map<Server, Said> said(Map<Server, CompletableFuture<Topology>> asked)
      throws Lost {
    long endNanos = System.nanoTime() + RedisExaminer.PATIENCE.toNanos();
    Map<Server, Said> said = new LinkedHashMap<>();
    for (Map.Entry<Server, CompletableFuture<Topology>> one : asked.entrySet()) {
      said.put(one.getKey(), said(one.getValue(), endNanos));
    }
    return said;
  }

  private static Said said(Future<Topology> view, long endNanos) throws Lost {
    try {
      long left = Math.max(0, endNanos - System.nanoTime());
      return new Said(Optional.of(view.get(left, TimeUnit.NANOSECONDS)), "");
    } catch (ExecutionException e) {
      return new Said(
          Optional.empty(), RedisExaminer.words(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      return new Said(Optional.empty(), RedisExaminer.SILENT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lost("interrupted");
    }
  }

  /** A setting that is wrong says more than a server that is away. */
  private static String worst(Collection<Said> said) {
    return said.stream()
        .map(Said::why)
        .max(Comparator.comparing(why -> Refusal.in(why).isPresent()))
        .orElseThrow();
  }

  private List<Master> examine(Map<Server, List<Range>> masters) throws Lost {
    List<Master> found = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Master>> looks = new ArrayList<>();
      masters.forEach((server, ranges) -> looks.add(() -> examine(server, ranges)));
      for (Future<Master> look : threads.invokeAll(looks)) {
        found.add(look.get());
      }
      return found;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an examination has failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Lost("interrupted");
    }
  }

  private Master examine(Server server, List<Range> ranges) {
    int replicas =
        Math.toIntExact(ranges.stream().flatMap(r -> r.replicas().stream()).distinct().count());
    boolean hasFleet = ranges.stream().anyMatch(range -> has(range, Fleet.SLOT));
    long endNanos = System.nanoTime() + RedisExaminer.PATIENCE.toNanos();
    try {
      for (int left = MOST_SLOTS_TRIED; ; left--) {
        Ground ground = new Ground(true, anyOf(ranges), hasFleet);
        RedisExaminer look = new RedisExaminer(loop, member, clock, ground, endNanos);
        Reached reached = look.look(ways.servers().apply(server));
        boolean redirected = reached.refused().stream().anyMatch(ClusterExaminer::isElsewhere);
        if (!redirected || left == 1) {
          Reached kept = withoutElsewhere(reached);
          return new Master(
              server, replicas, hasFleet && !redirected, !redirected, look.wholeOnly(), kept);
        }
      }
    } catch (Lost e) {
      return new Master(server, replicas, false, false, false, new Unreachable(e.why()));
    }
  }

  private static boolean has(Range range, int slot) {
    return range.from() <= slot && slot <= range.to();
  }

  private int anyOf(List<Range> ranges) {
    Range range = ranges.get(random.nextInt(ranges.size()));
    return random.nextInt(range.from(), range.to() + 1);
  }

  /** Whether it was not this user who was refused, but the slot that has moved, or nobody has. */
  private static boolean isElsewhere(Refused refused) {
    return Redirection.in(refused.words()).isPresent();
  }

  private static Reached withoutElsewhere(Reached reached) {
    return new Reached(
        reached.info(),
        reached.savePoints(),
        reached.refused().stream().filter(one -> !isElsewhere(one)).toList(),
        reached.instances(),
        reached.otherHashKey(),
        reached.unusable(),
        reached.roundTripNanos(),
        reached.clockAheadMicros());
  }
}
