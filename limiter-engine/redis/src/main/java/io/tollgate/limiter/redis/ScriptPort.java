package io.tollgate.limiter.redis;

import java.util.List;

/**
 * One connection on which scripts are called.
 *
 * <p>Calls are executed in the order in which they are made, each at most once: a call whose fate
 * is unknown fails, and is never repeated. Confined to one thread, which callbacks arrive on.
 */
public interface ScriptPort {

  /** What becomes of a call; exactly one of the two is called, once. */
  interface Answer {

    /** What the script said: of steps, an answer to each item, in order. */
    void answered(List<byte[]> answers);

    /** The call may have been executed, or not. */
    void failed(Throwable why);
  }

  /** Calls a script over some items and all of their keys. */
  void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer);

  /**
   * As {@link #call}, to a server of a Cluster that is about to get the keys' slot.
   *
   * @throws UnsupportedOperationException where there is no Cluster
   */
  default void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    throw new UnsupportedOperationException("no slot moves where there is no Cluster");
  }
}
