package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;

/** Who counts what happens between one loop and Redis; called on that loop, and must not block. */
public interface Observer extends Link.Watcher {

  /** A step has no answer of Redis. */
  void failed(Fault fault);

  /** Redis has refused to write a step, in these words. */
  void refused(String words);

  /** A policy has decided a check, since Redis had not. */
  void degraded();

  /** A check was denied as one a moment ago was, without Redis. */
  void cached();

  /** A state was moved back, since Redis's clock had been stepped forward and back. */
  void reanchored();
}
