package io.tollgate.limiter.redis.simulation;

/** A question to an engine. */
final class Asked {

  final Subject subject;
  final long cost;
  final SimEngine engine;
  final long at;
  boolean answered;

  /** Whether it is a simple check. */
  boolean isPlain;

  Asked(Subject subject, long cost, SimEngine engine, long at) {
    this.subject = subject;
    this.cost = cost;
    this.engine = engine;
    this.at = at;
  }
}
