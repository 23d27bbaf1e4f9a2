package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.redis.Script;
import java.util.ArrayList;
import java.util.List;

/** A process of Redis: what it knows, its clock, and how it fares. */
final class Server {

  /** Says what became of a call. */
  interface Reply {

    void answered(List<byte[]> answers);

    void failed(String words);
  }

  private final World world;
  final Host host;
  final ModelRedis redis;
  final List<Line> lines = new ArrayList<>();
  private final Ledger ledger;
  private long clockAheadMicros;
  private long loadingUntil;

  Server(World world, ModelRedis redis, Ledger ledger, long clockAheadMicros) {
    this.world = world;
    this.host = new Host(world);
    this.redis = redis;
    this.ledger = ledger;
    this.clockAheadMicros = clockAheadMicros;
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

  /** Executes a call, on its one thread. */
  void execute(Host engine, Script script, List<byte[]> keys, List<byte[]> items, Reply reply) {
    if (world.now() < loadingUntil) {
      reply.failed("LOADING Redis is loading the dataset in memory");
      return;
    }
    long micros = micros();
    List<byte[]> answers;
    ledger.executes(engine, micros);
    try {
      answers = redis.call(script, keys, items, world.now(), micros);
    } catch (ModelRedis.Refused refused) {
      reply.failed(refused.words());
      return;
    }
    reply.answered(answers);
  }
}
