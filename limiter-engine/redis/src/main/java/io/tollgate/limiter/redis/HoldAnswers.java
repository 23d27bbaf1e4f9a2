package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.StepCodec.Outcome;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;

/** What the script's answers about holds mean to who asked. */
final class HoldAnswers {

  private HoldAnswers() {}

  /** Of a commit. */
  static Settlement committed(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case SETTLED -> new Settlement.SettledBefore();
      case EXPIRED -> new Settlement.Expired();
      case DONE -> new Settlement.Committed(StepCodec.number(answer));
      case FAILED -> new Settlement.Unavailable();
      default -> new Settlement.Unknown();
    };
  }

  /** Of a renewal. */
  static Renewal renewed(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case EXPIRED -> new Renewal.Expired();
      case DONE -> new Renewal.Renewed(StepCodec.number(answer));
      case FAILED -> new Renewal.Unavailable();
      default -> new Renewal.Unknown();
    };
  }

  /** Of a release. */
  static Release released(Outcome outcome, byte[] answer) {
    return switch (outcome) {
      case DONE -> Release.RELEASED;
      case FAILED -> Release.UNAVAILABLE;
      default -> Release.NOT_HELD;
    };
  }
}
