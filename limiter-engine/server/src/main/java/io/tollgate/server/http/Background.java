package io.tollgate.server.http;

import java.util.concurrent.Semaphore;

/**
 * Runs what waits for a disk or takes long, so that no event loop does.
 *
 * <p>Safe for use by any number of threads.
 */
final class Background {

  private final Semaphore free;

  /** At most so many tasks at once. */
  Background(int most) {
    this.free = new Semaphore(most);
  }

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
