package io.tollgate.limiter.concurrency;

/** How work that was done under a lease has ended. */
public enum Outcome {
  /** It was done; how long it took counts. */
  SUCCESS,
  /** It says nothing about the callee: refused for bad input, answered from a cache. */
  IGNORE,
  /** The callee did not do it: it timed out, refused, or could not be reached. */
  DROPPED
}
