package io.tollgate.server.http;

import java.util.concurrent.Semaphore;

/**
 * Runs what waits for a disk, so that no event loop does.
 *
 * <p>Safe for use by any number of threads.
 */
final class Background {

  /** Only administrators cause such work; each may hold a body of 256 KiB. */
  private static final int MOST = 64;

  private final Semaphore free = new Semaphore(MOST);

  /** Begins a task, which must not throw; false when too many are under way. */
  boolean run(Runnable task) {
    if (!free.tryAcquire()) {
      return false;
    }
    Thread.ofVirtual()
        .name("tollgate-background")
        .start(() -> {
          try {
            task.run();
          } finally {
            free.release();
          }
        });
    return true;
  }
}
