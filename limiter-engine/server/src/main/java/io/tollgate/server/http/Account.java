package io.tollgate.server.http;

import io.tollgate.limiter.decision.Decision;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Verb;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of one exchange; reused with it.
 *
 * <p>Belongs to the exchange's event loop. Holds words of ours and configured names only, never
 * what a client sent.
 */
final class Account {

  private String route = LoopMetrics.NONE;
  private String namespace = LoopMetrics.NONE;
  private String code = LoopMetrics.NONE;
  private int status;
  private long wholeSinceNanos;

  /** Null until the request is whole. */
  private @Nullable LoopMetrics metrics;

  /** What is measured from arrival to hand-over; null for what decides nothing. */
  private @Nullable Verb measured;

  void begin() {
    route = LoopMetrics.NONE;
    namespace = LoopMetrics.NONE;
    code = LoopMetrics.NONE;
    metrics = null;
    measured = null;
  }

  /** Notes what was asked for. */
  void route(Route asked) {
    route = asked.path();
  }

  /** Notes that the request is whole; it is so from the first time that this is said. */
  void whole(LoopMetrics counting) {
    if (metrics == null) {
      metrics = counting;
      wholeSinceNanos = counting.arrivedNanos();
    }
  }

  /** Notes who decides: the name as configured. */
  void namespace(String configured) {
    namespace = configured;
  }

  /** Counts the decision of the noted namespace. */
  void decided(Verb verb, Decision decision) {
    decided(verb, namespace, decision);
  }

  /** Counts one decision of several. */
  void decided(Verb verb, String configured, Decision decision) {
    if (metrics != null) {
      metrics.decided(verb, configured, decision);
      measured = verb;
    }
  }

  /** Notes how the answer begins. */
  void status(int answered) {
    status = answered;
  }

  /** Notes what is wrong, or why it was denied, when the status says that too. */
  void code(Enum<?> why) {
    code = why.name();
  }

  /** Counts the answer, which is complete. */
  void answered(LoopMetrics counting) {
    counting.answered(route, status, code);
  }

  /** Measures the answer, which leaves with the next flush. */
  void leaves() {
    if (measured != null && metrics != null) {
      metrics.leaves(measured, wholeSinceNanos);
      measured = null;
    }
  }
}
