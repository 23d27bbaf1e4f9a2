package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;

/** Limits of which units are taken ahead, and one beside them. */
final class Allotted {

  /** Not one of them: each identifier has three in an hour. */
  static final Limit OWN = limit("own", new Algorithm.Gcra(3, 3_600_000_000L, 3), 0);

  private Allotted() {}

  /** Limits of two names count apart. */
  static Limit limit(String name, Algorithm algorithm, long allotment) {
    return new Limit(name, algorithm, false, StoreFailure.LOCAL, allotment);
  }

  static Limit window(String name, long limit, long micros, long allotment) {
    Period period = new Period.Span(micros);
    return limit(name, new Algorithm.FixedWindow(limit, period, new Alignment.Epoch()), allotment);
  }
}
