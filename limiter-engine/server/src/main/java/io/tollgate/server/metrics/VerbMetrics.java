package io.tollgate.server.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What one event loop counts of one verb. */
final class VerbMetrics {

  /** By configured namespace; the words are algorithm and code. */
  final ConcurrentMap<String, Tally> decisions = new ConcurrentHashMap<>();

  final Durations durations = new Durations();

  /** Answers that leave with the next flush; the loop's own. */
  int leaving;
}
