package io.tollgate.server.grpc;

import com.google.protobuf.Timestamp;
import io.tollgate.limiter.catalog.NamespaceLimits.Reason;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.v1.Code;
import io.tollgate.limiter.v1.Explanation;
import io.tollgate.limiter.v1.LimitState;
import io.tollgate.server.door.RequestIds;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** Writes decisions as messages; confined to one thread. */
final class Messages {

  private static final long MICROS = 1_000_000;
  private static final double MICROS_OF_MILLI = 1_000;
  private static final int ULID_LENGTH = 26;
  private static final byte[] PREFIX = "dec_".getBytes(StandardCharsets.US_ASCII);

  private final RequestIds ids = new RequestIds(new SplittableRandom());
  private final InstantSource clock;
  private final byte[] id = new byte[PREFIX.length + ULID_LENGTH];

  Messages(InstantSource clock) {
    this.clock = clock;
    System.arraycopy(PREFIX, 0, id, 0, PREFIX.length);
  }

  /** A decision with an id of its own. */
  io.tollgate.limiter.v1.Decision decision(Decision decision) {
    ids.ulid(id, PREFIX.length, clock.millis());
    List<LimitReport> limits = decision.limits();
    int binding = decision.bindingIndex();
    io.tollgate.limiter.v1.Decision.Builder out =
        io.tollgate.limiter.v1.Decision.newBuilder()
            .setAllowed(decision.allowed())
            .setCode(code(decision.code()))
            .setDecisionId(new String(id, StandardCharsets.ISO_8859_1))
            .setDegraded(decision.degraded());
    long least = Long.MAX_VALUE;
    boolean queues = false;
    for (int i = 0; i < limits.size(); i++) {
      LimitReport limit = limits.get(i);
      out.addLimits(limit(limit, i == binding));
      if (!limit.shadow()) {
        least = Math.min(least, limit.remaining());
        queues |= limit.queues();
      }
    }
    if (least != Long.MAX_VALUE) {
      out.setRemaining(least);
    }
    if (binding >= 0) {
      LimitReport decided = limits.get(binding);
      out.setResetAt(instant(decided.resetAtMicros()));
      if (!decision.allowed() && waits(decided)) {
        out.setRetryAfterMs(millis(decided.retryAfterMicros().getAsLong()));
      }
    }
    if (queues && decision.allowed()) {
      out.setDelayMs(millis(decision.delayMicros()));
    }
    return out.build();
  }

  private static LimitState limit(LimitReport limit, boolean binding) {
    LimitState.Builder out =
        LimitState.newBuilder()
            .setName(limit.name())
            .setAlgorithm(limit.algorithm())
            .setLimit(limit.limit())
            .setRemaining(limit.remaining())
            .setResetAt(instant(limit.resetAtMicros()))
            .setBinding(binding)
            .setShadow(limit.shadow());
    if (limit.burst() != limit.limit()) {
      out.setBurst(limit.burst());
    }
    if (limit.errorBound() > 0) {
      out.setErrorBound(limit.errorBound());
    }
    if (waits(limit)) {
      out.setRetryAfterMs(millis(limit.retryAfterMicros().getAsLong()));
    }
    if (limit.shadow()) {
      out.setAllowed(limit.admitted());
    }
    return out.build();
  }

  private static boolean waits(LimitReport limit) {
    return !limit.admitted() && limit.retryAfterMicros().isPresent();
  }

  private static Code code(DecisionCode code) {
    return switch (code) {
      case ALLOWED -> Code.ALLOWED;
      case RATE_LIMITED -> Code.RATE_LIMITED;
      case CONCURRENCY_EXCEEDED -> Code.CONCURRENCY_EXCEEDED;
      case OVERLOADED -> Code.OVERLOADED;
      case STORE_UNAVAILABLE -> Code.STORE_UNAVAILABLE;
    };
  }

  /** What a check would be told, and why. */
  Explanation explanation(io.tollgate.limiter.check.Explanation explanation) {
    Explanation.Builder out =
        Explanation.newBuilder().setDecision(decision(explanation.decision()));
    for (Reason reason : explanation.reasons()) {
      out.addRulesBuilder()
          .setLimit(reason.limit())
          .setApplies(reason.applies())
          .setWhy(reason.why());
    }
    Explanation.Counterfactual.Builder other = out.getCounterfactualBuilder();
    explanation.passingCost().ifPresent(other::setCost);
    explanation.retryAfterMicros().ifPresent(wait -> other.setRetryAfterMs(millis(wait)));
    return out.build();
  }

  /** Microseconds since the epoch. */
  static Timestamp instant(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, MICROS))
        .setNanos((int) Math.floorMod(micros, MICROS) * 1_000)
        .build();
  }

  /** A double holds microseconds of some 280 years exactly enough to be rounded back. */
  private static double millis(long micros) {
    return micros / MICROS_OF_MILLI;
  }
}
