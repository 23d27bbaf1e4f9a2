package io.tollgate.limiter.decision;

/** The reason of a decision, as it is written on every door. */
public enum DecisionCode {
  /** It may pass. */
  ALLOWED,
  /** A rate limit is used up. */
  RATE_LIMITED,
  /** All units of a concurrency limit are held. */
  CONCURRENCY_EXCEEDED,
  /** The store holds as many keys as it may. */
  OVERLOADED,
  /** The store is away and the limit's policy says so. */
  STORE_UNAVAILABLE
}
