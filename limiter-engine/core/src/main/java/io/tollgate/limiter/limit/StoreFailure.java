package io.tollgate.limiter.limit;

/** What to answer for a limit while the store that instances share is away. */
public enum StoreFailure {
  /** Count in this instance's memory, up to its share of the limit. */
  LOCAL,
  /** Allow, and count nothing. */
  OPEN,
  /** Deny. */
  CLOSED
}
