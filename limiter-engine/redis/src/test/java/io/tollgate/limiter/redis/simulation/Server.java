package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process of Redis: what it knows, its clock, and how it fares. In a Cluster it refuses what is
 * not for it, in the words of Redis 7.
 */
final class Server {

  /** Says what became of a call. */
  interface Reply {

    void answered(List<byte[]> answers);

    void failed(String words);
  }

  /** A call as it arrives. */
  record Call(Script script, List<byte[]> keys, List<byte[]> items, boolean asking) {}

  /**
   * Who it is.
   *
   * @param shard of the masters
   */
  record Place(int shard, RedisAddress.Server address) {

    Place next() {
      return new Place(shard, SlotMap.replica(address));
    }
  }

  private final World world;
  final Place place;
  final Host host;
  final ModelRedis redis;
  final List<Line> lines = new ArrayList<>();
  private final Ledger ledger;

  /** Slots on their way to another server, and from one. */
  final Map<Integer, Place> migrating = new HashMap<>();

  final Set<Integer> importing = new HashSet<>();

  private final @Nullable Bus bus;
  private SlotMap known = SlotMap.THIRDS;
  private boolean isDeaf;
  private long clockAheadMicros;
  private long loadingUntil;

  /**
   * A process that starts now.
   *
   * @param bus where servers tell each other who has which slots; null where there is no Cluster
   */
  Server(
      World world,
      Place place,
      ModelRedis redis,
      Ledger ledger,
      long clockAheadMicros,
      @Nullable Bus bus) {
    this.world = world;
    this.place = place;
    this.host = new Host(world);
    this.redis = redis;
    this.ledger = ledger;
    this.clockAheadMicros = clockAheadMicros;
    this.bus = bus;
    if (bus != null) {
      known = bus.now();
      bus.join(this);
    }
    redis.tell(ledger);
  }

  /** The time that scripts see. */
  long micros() {
    return world.micros() + clockAheadMicros;
  }

  long clockAheadMicros() {
    return clockAheadMicros;
  }

  void stepClock(long micros) {
    clockAheadMicros += micros;
  }

  /** Reads its file up to an instant, and refuses everything until then. */
  void loadUntil(long nanos) {
    loadingUntil = nanos;
  }

  /** Hears who has which slots. */
  void hear(SlotMap news) {
    if (!isDeaf && news.isNewerThan(known)) {
      known = news;
    }
  }

  /** Hears nothing of the others any more, or what has happened meanwhile. */
  void hearNothing(boolean is) {
    isDeaf = is;
    if (!is && bus != null) {
      hear(bus.now());
    }
  }

  /** Who has which slots, as far as it has heard. */
  SlotMap known() {
    return known;
  }

  /** Whether it can do anything at this instant. */
  boolean isAwake() {
    return host.isAlive() && host.resumesAt() <= world.now();
  }

  /** Executes a call, on its one thread. */
  void execute(Host engine, Call call, Reply reply) {
    if (world.now() < loadingUntil) {
      reply.failed("LOADING Redis is loading the dataset in memory");
      return;
    }
    String elsewhere = elsewhere(call);
    if (!elsewhere.isEmpty()) {
      reply.failed(elsewhere);
      return;
    }
    long micros = micros();
    List<byte[]> answers;
    ledger.executes(engine, micros);
    try {
      answers = redis.call(call.script, call.keys, call.items, world.now(), micros);
    } catch (ModelRedis.Refused refused) {
      reply.failed(refused.words());
      return;
    }
    reply.answered(answers);
  }

  /** Why a call is not for it, as getNodeByQuery of Redis 7 has it; empty when it is. */
  private String elsewhere(Call call) {
    if (bus == null || call.keys.isEmpty()) {
      return "";
    }
    int slot = ModelRedis.slot(Bytes.text(call.keys.getFirst()));
    int there = 0;
    int missing = 0;
    Set<String> names = new LinkedHashSet<>();
    call.keys.forEach(key -> names.add(Bytes.text(key)));
    for (String name : names) {
      if (ModelRedis.slot(name) != slot) {
        ledger.problem("a call over keys of two slots");
        return "CROSSSLOT Keys in request don't hash to the same slot";
      }
      int has = redis.has(name, micros());
      there += has == 1 ? 1 : 0;
      missing += has == 0 ? 1 : 0;
    }
    if (bus.isDown()) {
      return "CLUSTERDOWN The cluster is down";
    }
    RedisAddress.Server owner = known.master(known.shard(slot));
    boolean mine = owner.equals(place.address);
    Place target = migrating.get(slot);
    if (mine && target != null && missing > 0) {
      return there > 0 ? tryAgain() : "ASK " + slot + " " + target.address;
    } else if (!mine && importing.contains(slot) && call.asking) {
      return there + missing > 1 && missing > 0 ? tryAgain() : "";
    }
    return mine ? "" : "MOVED " + slot + " " + owner;
  }

  private static String tryAgain() {
    return "TRYAGAIN Multiple keys request during rehashing of slot";
  }

  /** The slot does not move any more. */
  void settles(int slot) {
    migrating.remove(slot);
    importing.remove(slot);
  }

  /** What it was about to hand over or take, it still is after it was started again. */
  void goesOnFrom(Server before) {
    migrating.putAll(before.migrating);
    importing.addAll(before.importing);
  }

  /** Hands a key over; it lives there as long as it would have here. */
  void handOver(String name, Server to) {
    long later = to.micros() / 1_000 - micros() / 1_000;
    to.redis.adopt(name, redis.take(name, world.now()), later, world.now());
  }
}
