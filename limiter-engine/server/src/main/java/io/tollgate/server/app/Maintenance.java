package io.tollgate.server.app;

import io.tollgate.limiter.store.MemoryStore;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sweeps an idle store: what nobody asks for any more gives its memory back. */
final class Maintenance implements AutoCloseable {

  /**
   * Each stripe has its turn every ten seconds and sweeps a quarter of its cells, so a key that is
   * full again is gone within some 40 s; one wake-up a second costs an idle machine nothing.
   */
  private static final int TICKS_PER_ROUND = 10;

  private static final long TICK_MILLIS = 1_000;

  private final MemoryStore store;
  private final int turnsPerTick;
  private final ScheduledExecutorService timer;
  private int turn;

  private Maintenance(MemoryStore store) {
    this.store = store;
    this.turnsPerTick = Math.ceilDiv(store.sweepTurns(), TICKS_PER_ROUND);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tollgate-maintenance").factory());
  }

  static Maintenance start(MemoryStore store) {
    Maintenance maintenance = new Maintenance(store);
    var _ =
        maintenance.timer.scheduleWithFixedDelay(
            maintenance::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return maintenance;
  }

  private void tick() {
    for (int i = 0; i < turnsPerTick; i++) {
      store.sweep(turn);
      turn = (turn + 1) % store.sweepTurns();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
