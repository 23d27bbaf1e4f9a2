package io.tollgate.limiter.redis.simulation;

import java.util.HashSet;
import java.util.Set;

/** A question that is asked several times under one idempotency key. */
final class Once {

  final long at;

  /** Each decision of Redis, by its time. */
  final Set<Long> decided = new HashSet<>();

  boolean passed;

  /** Whether Redis has ever said yes. */
  boolean granted;

  Once(long at) {
    this.at = at;
  }
}
