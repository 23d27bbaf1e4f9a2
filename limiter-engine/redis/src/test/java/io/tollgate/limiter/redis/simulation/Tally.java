package io.tollgate.limiter.redis.simulation;

/** What was admitted to one subject, as its callers have heard it. */
final class Tally {

  /** When it was decided, in nanoseconds; not in order. */
  final Longs at = new Longs();

  final Longs units = new Longs();

  /** The life of the instance whose policy admitted it; -1: Redis did. */
  final Longs life = new Longs();

  /** When units came back, or one counter was lost, and how many that are. */
  final Longs returnedAt = new Longs();

  final Longs returned = new Longs();

  /** Units that were charged in Redis, at once or later. */
  long charged;

  /** Units that callers were told Redis has admitted. */
  long admitted;

  /** Units whose callers do not know whether Redis has charged them. */
  long unknown;
}
