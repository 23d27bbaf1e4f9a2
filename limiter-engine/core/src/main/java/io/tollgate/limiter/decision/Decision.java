package io.tollgate.limiter.decision;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer to a check: it may pass, or it may not. */
public sealed interface Decision {

  /** The reason. */
  DecisionCode code();

  /** The time of the decision on the realm's clock. */
  long atMicros();

  /** Every limit that took part, in the order of configuration. */
  List<LimitReport> limits();

  /** The index in {@link #limits()} of the limit that decided; -1 when no limit applied. */
  int bindingIndex();

  /** Whether it may pass. */
  default boolean allowed() {
    return this instanceof Allowed;
  }

  /** The limit that decided: the longest wait of a denial, the scarcest of an allow. */
  default Optional<LimitReport> binding() {
    return bindingIndex() < 0 ? Optional.empty() : Optional.of(limits().get(bindingIndex()));
  }

  /** The least that remains over all enforced limits; empty when none applied. */
  default OptionalLong remaining() {
    return limits().stream().filter(l -> !l.shadow()).mapToLong(LimitReport::remaining).min();
  }

  /** The least useful wait: 0 when it passed, empty when no wait is known to help. */
  default OptionalLong retryAfterMicros() {
    return allowed()
        ? OptionalLong.of(0)
        : binding().map(LimitReport::retryAfterMicros).orElse(OptionalLong.empty());
  }

  /** Whether the store that instances share was away, so that a policy decided. */
  boolean degraded();

  /** How long a caller must hold back what was admitted. */
  default long delayMicros() {
    return 0;
  }

  /**
   * It may pass, and was charged unless it was a peek.
   *
   * @param delayMicros how long the caller must hold it back; above 0 for a queue only
   */
  record Allowed(
      long atMicros, List<LimitReport> limits, int bindingIndex, long delayMicros, boolean degraded)
      implements Decision {

    /** Copies the list. */
    public Allowed {
      limits = List.copyOf(limits);
    }

    @Override
    public DecisionCode code() {
      return DecisionCode.ALLOWED;
    }
  }

  /** It may not pass; nothing was charged. */
  record Denied(
      DecisionCode code,
      long atMicros,
      List<LimitReport> limits,
      int bindingIndex,
      boolean degraded)
      implements Decision {

    /** Copies the list. */
    public Denied {
      if (code == DecisionCode.ALLOWED) {
        throw new IllegalArgumentException("a denial with the code ALLOWED");
      }
      limits = List.copyOf(limits);
    }
  }
}
