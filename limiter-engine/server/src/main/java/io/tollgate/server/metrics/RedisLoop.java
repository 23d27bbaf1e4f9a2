package io.tollgate.server.metrics;

import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.Observer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What one event loop counts of its way to Redis; the loop's own thread alone may call it. */
final class RedisLoop implements Observer {

  final Durations durations = new Durations();
  final Cell steps = new Cell();
  final Cell refused = new Cell();
  final Cell degraded = new Cell();
  final Cell cached = new Cell();
  final Cell reanchored = new Cell();
  final Cell downs = new Cell();
  final Cell takes = new Cell();
  private final Map<Fault, Cell> faults = new EnumMap<>(Fault.class);
  private final Map<Units, Cell> ahead = new EnumMap<>(Units.class);

  private final BiConsumer<Boolean, String> ups;
  private final Consumer<String> refusals;

  RedisLoop(BiConsumer<Boolean, String> ups, Consumer<String> refusals) {
    this.ups = ups;
    this.refusals = refusals;
    for (Fault fault : Fault.values()) {
      faults.put(fault, new Cell());
    }
    for (Units what : Units.values()) {
      ahead.put(what, new Cell());
    }
  }

  @Override
  public void answered(int count, long nanos) {
    durations.add(nanos, 1);
    steps.add(count);
  }

  @Override
  public void failed(Fault fault) {
    Cell count = faults.get(fault);
    if (count != null) {
      count.add(1);
    }
  }

  long faults(Fault fault) {
    Cell count = faults.get(fault);
    return count == null ? 0 : count.get();
  }

  @Override
  public void refused(String words) {
    refused.add(1);
    refusals.accept(words);
  }

  @Override
  public void degraded() {
    degraded.add(1);
  }

  @Override
  public void cached() {
    cached.add(1);
  }

  @Override
  public void ahead(Units what, long units) {
    Cell count = ahead.get(what);
    if (count != null) {
      count.add(units);
    }
    takes.add(what == Units.TAKEN ? 1 : 0);
  }

  long ahead(Units what) {
    Cell count = ahead.get(what);
    return count == null ? 0 : count.get();
  }

  /** Units that were taken ahead and are neither spent nor gone; read while they change. */
  long outstanding() {
    long gone = ahead(Units.SPENT) + ahead(Units.RETURNED) + ahead(Units.LOST);
    return Math.max(0, ahead(Units.TAKEN) - gone);
  }

  @Override
  public void reanchored() {
    reanchored.add(1);
  }

  @Override
  public void up(boolean can, String why) {
    if (!can) {
      downs.add(1);
    }
    ups.accept(can, why);
  }
}
