package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who has which slots of a Cluster, as one of its servers sees it.
 *
 * @param ranges of slots that have a master; they do not overlap
 * @param epoch grows with each change of masters
 * @param healthy whether that server sees itself on the side that serves
 */
public record Topology(List<Range> ranges, long epoch, boolean healthy) {

  /**
   * Slots of one master.
   *
   * @param from the first
   * @param to the last
   * @param master whom steps go to
   * @param replicas whom it may be succeeded by
   */
  public record Range(int from, int to, Server master, List<Server> replicas) {

    /** Validates the slots. */
    public Range {
      if (from < 0 || to < from || to >= Slots.COUNT) {
        throw new IllegalArgumentException("slots " + from + " to " + to);
      }
      replicas = List.copyOf(replicas);
    }
  }

  /** Keeps the ranges as they are now. */
  public Topology {
    ranges = List.copyOf(ranges);
  }

  /** Everybody. */
  public Set<Server> servers() {
    Set<Server> servers = new LinkedHashSet<>();
    for (Range range : ranges) {
      servers.add(range.master);
      servers.addAll(range.replicas);
    }
    return servers;
  }

  /** How many slots have a master. */
  int covered() {
    return ranges.stream().mapToInt(range -> range.to - range.from + 1).sum();
  }

  /**
   * The view to go by: a server that was cut off from the others may not know that it is, and then
   * has an earlier epoch.
   */
  static Optional<Topology> best(List<Topology> views) {
    Topology best = null;
    for (Topology view : views) {
      if (best == null || view.isBetterThan(best)) {
        best = view;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isBetterThan(Topology other) {
    return healthy == other.healthy ? epoch > other.epoch : healthy;
  }

  /**
   * What CLUSTER SLOTS answers: from, to, the master and then replicas of each range; of a server
   * host, port and more.
   *
   * @param asked whom a server without a host is
   * @throws IllegalArgumentException when it cannot be read
   */
  static Topology of(List<?> slots, long epoch, boolean healthy, Server asked) {
    List<Range> ranges = new ArrayList<>();
    for (Object one : slots) {
      if (!(one instanceof List<?> range) || range.size() < 3) {
        throw new IllegalArgumentException("CLUSTER SLOTS has answered " + one);
      }
      List<Server> servers =
          range.subList(2, range.size()).stream().map(server -> server(server, asked)).toList();
      ranges.add(
          new Range(
              number(range.get(0)),
              number(range.get(1)),
              servers.getFirst(),
              servers.subList(1, servers.size())));
    }
    return new Topology(ranges, epoch, healthy);
  }

  private static int number(Object said) {
    if (said instanceof Long number) {
      return Math.toIntExact(number);
    }
    throw new IllegalArgumentException("CLUSTER SLOTS has answered " + said + " for a number");
  }

  private static Server server(Object said, Server asked) {
    if (!(said instanceof List<?> parts) || parts.size() < 2) {
      throw new IllegalArgumentException("CLUSTER SLOTS has answered " + said + " for a server");
    }
    String host = parts.getFirst() instanceof String text ? text : "";
    boolean named = !host.isEmpty() && !host.equals("?");
    return new Server(named ? host : asked.host(), number(parts.get(1)));
  }
}
