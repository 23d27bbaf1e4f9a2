package io.tollgate.limiter.redis;

/**
 * Where one loop's steps go: to the only server, or in a Cluster to the one that has a slot.
 *
 * <p>Confined to one thread, but for what says how it is.
 */
public interface Routes {

  /**
   * How connections fare.
   *
   * @param links how many there should be
   * @param up how many of them can be used
   * @param why what is wrong, where something is; else empty
   */
  record State(int links, int up, String why) {}

  /** Connects, and from now on by itself whenever a connection is missing. */
  void start();

  /** Whether any step makes sense now. */
  boolean isUp();

  /** Whether a step of a slot makes sense now. */
  boolean reaches(int slot);

  /** How often a server has come up: each time Redis may know less than before. */
  int ups();

  /** Whether a step may touch the keys of one slot only. */
  boolean oneSlot();

  /** When a step that is submitted now will have been answered, on the alarm's clock. */
  long deadline();

  /**
   * Sends a step when the thread has done what it is at, or with a later call.
   *
   * @param deadline what {@link #deadline} gives
   */
  void submit(Step step, long deadline, Batcher.Listener listener);

  /** Sends a step that follows from an answered one, with what is left of the first one's time. */
  void submitNext(Step step, long deadline, Batcher.Listener listener);

  /** For calls over keys of a slot that are no steps; nothing bounds their time. */
  ScriptPort port(int slot);

  /** A call over keys of a slot was not answered in time. */
  void distrust(int slot, Throwable why);

  /** The server of a slot answers, but is not the one to write to. */
  void leave(int slot, Throwable why);

  /** Waits until every connection can be used, or has failed once; for other threads. */
  void awaitFirstAttempt(long nanos);

  /** How connections fare; for any thread. */
  State state();

  /** Ends it for good. */
  void close();
}
