package io.tollgate.limiter.check;

import io.tollgate.limiter.decision.Decision;
import java.util.List;

/**
 * The answer to several checks.
 *
 * @param allowed whether every one of them passed
 * @param decisions in the order of the checks; of a refused {@code ALL}, of which nothing was
 *     charged, each is judged with the costs of all that share its counters
 */
public record BatchDecision(boolean allowed, List<Decision> decisions) {

  /** How several checks relate. */
  public enum Mode {
    /** Each is decided and charged on its own. */
    EACH,
    /** All are charged or none is. */
    ALL
  }

  /** Copies the list. */
  public BatchDecision {
    decisions = List.copyOf(decisions);
  }
}
