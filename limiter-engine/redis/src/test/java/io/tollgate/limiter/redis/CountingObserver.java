package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;
import java.util.EnumMap;
import java.util.Map;

/** Counts what happens; read when the loop is at rest, or for what only grows. */
final class CountingObserver implements Observer {

  volatile int calls;
  volatile int beats;
  volatile int refused;
  volatile int degraded;
  volatile int cached;
  volatile int reanchored;
  volatile int downs;
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<Units, Long> ahead = new EnumMap<>(Units.class);

  synchronized long ahead(Units what) {
    return ahead.getOrDefault(what, 0L);
  }

  /** Units that were taken ahead and are neither spent nor gone. */
  synchronized long outstanding() {
    return ahead(Units.TAKEN) - ahead(Units.SPENT) - ahead(Units.RETURNED) - ahead(Units.LOST);
  }

  synchronized int faults(Fault fault) {
    return faults.getOrDefault(fault, 0);
  }

  @Override
  public synchronized void answered(int steps, long nanos) {
    calls++;
    beats += steps == 0 ? 1 : 0;
  }

  @Override
  public synchronized void failed(Fault fault) {
    faults.merge(fault, 1, Integer::sum);
  }

  @Override
  public synchronized void refused(String words) {
    refused++;
  }

  @Override
  public synchronized void degraded() {
    degraded++;
  }

  @Override
  public synchronized void cached() {
    cached++;
  }

  @Override
  public synchronized void ahead(Units what, long units) {
    ahead.merge(what, units, Long::sum);
  }

  @Override
  public synchronized void reanchored() {
    reanchored++;
  }

  @Override
  public synchronized void up(boolean can, String why) {
    downs += can ? 0 : 1;
  }
}
