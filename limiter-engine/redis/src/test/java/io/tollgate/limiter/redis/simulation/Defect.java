package io.tollgate.limiter.redis.simulation;

/** A mistake that can be planted, so that the simulation shows that it finds it. */
enum Defect {
  /** None: what is shipped. */
  NONE,
  /** A connection sends again what was not answered when it broke. */
  REPLAY,
  /** A denial is repeated for five seconds. */
  STALE_DENIALS,
  /** A state from the future stays there. */
  NO_REANCHOR,
  /** A late answer is taken for the one to the next call. */
  LATE_AS_FIRST,
  /** Who has come up once is not greeted again. */
  STAYS_DOWN,
  /** While Redis is away each instance admits the whole limit. */
  FULL_SHARE,
  /** What was late is asked once more, on another loop, and that answer is believed. */
  ASKS_AGAIN,
  /** Units that were taken ahead are kept beyond their end, as by a clock that stands still. */
  KEEPS_UNITS,
  /** Who is sent to a server that is about to get a slot does not say so there. */
  NO_ASKING,
  /** A Cluster is taken for what it was at first. */
  OLD_VIEW,
  /** What one owner was charged before another one has denied does not go back. */
  NO_PUT_BACK
}
