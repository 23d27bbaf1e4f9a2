package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Makes the decision out of what a store has answered for some entries. */
final class Verdict {

  private Verdict() {}

  static Decision of(CheckBuffer b, int[] entries) {
    List<LimitReport> reports = new ArrayList<>(entries.length);
    for (int entry : entries) {
      reports.add(report(b, entry));
    }
    if (passes(b, entries)) {
      int binding = scarcest(b, entries);
      long longestDelay = 0;
      for (int i : entries) {
        longestDelay = Math.max(longestDelay, b.limits[i].shadow() ? 0 : b.delay[i]);
      }
      return new Decision.Allowed(b.nowMicros, reports, binding, longestDelay, b.degraded);
    }
    int binding = longestWait(b, entries);
    DecisionCode code = code(b, entries, binding);
    return new Decision.Denied(code, b.nowMicros, reports, binding, b.degraded);
  }

  /** In a step of several checks one may pass by itself although the step did not. */
  private static boolean passes(CheckBuffer b, int[] entries) {
    boolean pass = !b.overloaded && !b.unavailable;
    for (int i : entries) {
      pass &= b.admitted[i] || b.limits[i].shadow();
    }
    return pass;
  }

  private static LimitReport report(CheckBuffer b, int i) {
    Limit limit = b.limits[i];
    long retryAfter = b.retryAfter[i];
    return new LimitReport(
        limit.name(),
        limit.algorithm().wireName(),
        limit.algorithm().limit(),
        limit.algorithm().burst(),
        limit.kernel().capacity(),
        limit.algorithm().periodMicros(),
        b.remaining[i],
        b.resetAt[i],
        retryAfter == CheckBuffer.NEVER ? OptionalLong.empty() : OptionalLong.of(retryAfter),
        b.nextUnitAfter[i],
        b.delay[i],
        limit.algorithm().queues(),
        b.admitted[i],
        limit.shadow(),
        limit.errorBound(b.holders));
  }

  private static DecisionCode code(CheckBuffer b, int[] entries, int binding) {
    if (b.unavailable) {
      return DecisionCode.STORE_UNAVAILABLE;
    }
    if (b.overloaded) {
      return DecisionCode.OVERLOADED;
    }
    boolean leases =
        binding >= 0 && b.limits[entries[binding]].algorithm() instanceof Algorithm.Concurrency;
    return leases ? DecisionCode.CONCURRENCY_EXCEEDED : DecisionCode.RATE_LIMITED;
  }

  /** The enforced limit with the least remaining/capacity. */
  private static int scarcest(CheckBuffer b, int[] entries) {
    int best = -1;
    for (int k = 0; k < entries.length; k++) {
      int i = entries[k];
      if (!b.limits[i].shadow() && (best < 0 || scarcer(b, i, entries[best]))) {
        best = k;
      }
    }
    return best;
  }

  private static boolean scarcer(CheckBuffer b, int i, int j) {
    return Exact.compareShares(
            b.remaining[i],
            b.limits[i].kernel().capacity(),
            b.remaining[j],
            b.limits[j].kernel().capacity())
        < 0;
  }

  /** The enforced limit with the longest wait, among those that denied. */
  private static int longestWait(CheckBuffer b, int[] entries) {
    int best = -1;
    for (int k = 0; k < entries.length; k++) {
      int i = entries[k];
      boolean denied = !b.limits[i].shadow() && !b.admitted[i];
      if (denied && (best < 0 || b.retryAfter[i] > b.retryAfter[entries[best]])) {
        best = k;
      }
    }
    return best;
  }
}
