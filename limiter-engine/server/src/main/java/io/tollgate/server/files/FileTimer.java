package io.tollgate.server.files;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One thread that polls all that is watched; reading a large file holds up nobody else. */
public final class FileTimer implements AutoCloseable {

  /** Twice this, and the time to read, stays well below a second. */
  public static final long PERIOD_MILLIS = 250;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("tollgate-files").factory());

  /** A timer with nothing to poll. */
  public FileTimer() {}

  /** Polls this too, each time {@link #PERIOD_MILLIS} after the last; a fault does not end it. */
  public void add(Runnable poll) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> guarded(poll), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** An executor would drop a task that throws, silently and for ever. */
  private static void guarded(Runnable poll) {
    try {
      poll.run();
    } catch (RuntimeException | Error fault) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }
  }

  /** Polls no more. A poll under way is not interrupted: it would take that for a broken file. */
  @Override
  public void close() {
    timer.shutdown();
  }
}
