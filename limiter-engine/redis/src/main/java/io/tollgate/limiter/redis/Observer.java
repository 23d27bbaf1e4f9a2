package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;

/** Who counts what happens between one loop and Redis; called on that loop, and must not block. */
public interface Observer extends Link.Watcher {

  /** What happens to units that a loop takes ahead of a limit. */
  enum Units {
    /** They were taken, by one step. */
    TAKEN,
    /** Checks have passed by them. */
    SPENT,
    /** They went back. */
    RETURNED,
    /** Nobody knows whether they were charged, or are still charged; or the limit was reset. */
    LOST
  }

  /** A step has no answer of Redis. */
  void failed(Fault fault);

  /** Redis has refused to write a step, in these words. */
  void refused(String words);

  /** A policy has decided a check, since Redis had not. */
  void degraded();

  /** A check was denied as one a moment ago was, without Redis. */
  void cached();

  /** Something has happened to units that are taken ahead. */
  void ahead(Units what, long units);

  /** A state was moved back, since Redis's clock had been stepped forward and back. */
  void reanchored();
}
