package io.tollgate.limiter.check;

import io.tollgate.limiter.catalog.NamespaceLimits.Reason;
import io.tollgate.limiter.decision.Decision;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a check would have been told, and why; nothing was consumed.
 *
 * @param decision the decision that a check would get now
 * @param reasons of every limit of the namespace, whether it applies and why
 * @param passingCost the largest cost that would pass now; empty when no limit applies
 * @param retryAfterMicros the least wait after which this cost passes; empty when it never can
 */
public record Explanation(
    Decision decision,
    List<Reason> reasons,
    OptionalLong passingCost,
    OptionalLong retryAfterMicros) {

  /** Copies the list. */
  public Explanation {
    reasons = List.copyOf(reasons);
  }
}
