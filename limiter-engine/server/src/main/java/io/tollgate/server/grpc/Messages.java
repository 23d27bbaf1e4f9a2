package io.tollgate.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.tollgate.limiter.catalog.NamespaceLimits.Reason;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.v1.Explanation;
import java.time.InstantSource;

/** Writes decisions as messages; confined to one thread. */
final class Messages {

  private static final long MICROS = 1_000_000;

  private final DecisionBytes bytes;

  Messages(InstantSource clock) {
    this.bytes = new DecisionBytes(clock);
  }

  /** Where decisions are written that no message is made of. */
  DecisionBytes bytes() {
    return bytes;
  }

  /** A decision with an id of its own. */
  io.tollgate.limiter.v1.Decision decision(Decision decision) {
    try {
      return io.tollgate.limiter.v1.Decision.parseFrom(bytes.message(decision));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("we have written them", e);
    }
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
    explanation
        .retryAfterMicros()
        .ifPresent(wait -> other.setRetryAfterMs(DecisionBytes.millis(wait)));
    return out.build();
  }

  /** Microseconds since the epoch. */
  static Timestamp instant(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, MICROS))
        .setNanos((int) Math.floorMod(micros, MICROS) * 1_000)
        .build();
  }
}
