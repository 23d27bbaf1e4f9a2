package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.Slots;
import io.tollgate.limiter.redis.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who has which slots of a modelled Cluster, as a server knows it; never changed. */
final class SlotMap {

  /** How many masters there are. */
  static final int SHARDS = 3;

  private static final int PORT = 6_379;

  /** Each third of the slots has its first master. */
  static final SlotMap THIRDS = thirds();

  private final List<RedisAddress.Server> masters;
  private final Map<Integer, Integer> moved;
  private final long epoch;
  private final Topology topology;

  private SlotMap(List<RedisAddress.Server> masters, Map<Integer, Integer> moved, long epoch) {
    this.masters = List.copyOf(masters);
    this.moved = Map.copyOf(moved);
    this.epoch = epoch;
    this.topology = new Topology(ranges(), epoch, true);
  }

  private static SlotMap thirds() {
    List<RedisAddress.Server> masters = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      masters.add(new RedisAddress.Server("redis-" + shard, PORT));
    }
    return new SlotMap(masters, Map.of(), 1);
  }

  private List<Topology.Range> ranges() {
    List<Topology.Range> ranges = new ArrayList<>();
    int from = 0;
    for (int slot = 1; slot <= Slots.COUNT; slot++) {
      if (slot == Slots.COUNT || shard(slot) != shard(from)) {
        ranges.add(range(from, slot - 1, masters.get(shard(from))));
        from = slot;
      }
    }
    return ranges;
  }

  private static Topology.Range range(int from, int to, RedisAddress.Server master) {
    return new Topology.Range(from, to, master, List.of(replica(master)));
  }

  /** Who is to succeed a master: the next port of its host. */
  static RedisAddress.Server replica(RedisAddress.Server master) {
    return new RedisAddress.Server(master.host(), master.port() + 1);
  }

  /** Which of the masters has a slot. */
  int shard(int slot) {
    Integer other = moved.get(slot);
    return other == null ? slot * SHARDS / Slots.COUNT : other;
  }

  RedisAddress.Server master(int shard) {
    return masters.get(shard);
  }

  /** The same after a slot has moved. */
  SlotMap moved(int slot, int shard) {
    Map<Integer, Integer> next = new HashMap<>(moved);
    next.put(slot, shard);
    return new SlotMap(masters, next, epoch + 1);
  }

  /** The same after another server has become a shard's master. */
  SlotMap promoted(int shard, RedisAddress.Server master) {
    List<RedisAddress.Server> next = new ArrayList<>(masters);
    next.set(shard, master);
    return new SlotMap(next, moved, epoch + 1);
  }

  boolean isNewerThan(SlotMap other) {
    return epoch > other.epoch;
  }

  /** As servers tell it. */
  Topology topology() {
    return topology;
  }
}
