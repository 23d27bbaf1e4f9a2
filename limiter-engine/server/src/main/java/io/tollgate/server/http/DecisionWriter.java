package io.tollgate.server.http;

import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.RequestIds;
import java.util.List;

/**
 * Writes decisions as JSON, byte by byte: the hot answer.
 *
 * <p>Nothing in it needs escaping. Names of limits are {@code [A-Za-z0-9._:-]}, all else is ours.
 */
final class DecisionWriter {

  private static final byte[] ALLOWED = Bytes.constant("\"allowed\":");
  private static final byte[] TRUE = Bytes.constant("true");
  private static final byte[] FALSE = Bytes.constant("false");
  private static final byte[] REMAINING = Bytes.constant(",\"remaining\":");
  private static final byte[] RESET_AT = Bytes.constant(",\"reset_at\":");
  private static final byte[] CODE = Bytes.constant(",\"code\":\"");
  private static final byte[] DECISION_ID = Bytes.constant("\",\"decision_id\":\"dec_");
  private static final byte[] RETRY_AFTER = Bytes.constant("\",\"retry_after_ms\":");
  private static final byte[] DELAY = Bytes.constant(",\"delay_ms\":");
  private static final byte[] LIMITS = Bytes.constant(",\"limits\":[");
  private static final byte[] DEGRADED = Bytes.constant(",\"degraded\":");
  private static final byte[] NAME = Bytes.constant("{\"name\":\"");
  private static final byte[] ALGORITHM = Bytes.constant("\",\"algorithm\":\"");
  private static final byte[] LIMIT = Bytes.constant("\",\"limit\":");
  private static final byte[] BURST = Bytes.constant(",\"burst\":");
  private static final byte[] ERROR_BOUND = Bytes.constant(",\"error_bound\":");
  private static final byte[] LIMIT_RETRY_AFTER = Bytes.constant(",\"retry_after_ms\":");
  private static final byte[] BINDING = Bytes.constant(",\"binding\":");
  private static final byte[] SHADOW = Bytes.constant(",\"shadow\":");
  private static final byte[] VERDICT = Bytes.constant(",\"allowed\":");
  private static final int ULID_LENGTH = 26;

  private final RequestIds ids;
  private final byte[] ulid = new byte[ULID_LENGTH];

  DecisionWriter(RequestIds ids) {
    this.ids = ids;
  }

  /** Writes a decision as an object. */
  void write(Bytes out, Decision decision, long nowMillis) {
    writeOpen(out, decision, nowMillis);
    out.put('}');
  }

  /** Writes a decision without the closing brace, for what follows in the same object. */
  void writeOpen(Bytes out, Decision decision, long nowMillis) {
    writeFields(out.put('{'), decision, nowMillis);
  }

  /** Writes a decision's fields, for an object that has others before them and after. */
  void writeFields(Bytes out, Decision decision, long nowMillis) {
    List<LimitReport> limits = decision.limits();
    int binding = decision.bindingIndex();
    bool(out.put(ALLOWED), decision.allowed());
    remaining(out.put(REMAINING), limits);
    out.put(RESET_AT);
    if (binding < 0) {
      out.nothing();
    } else {
      instant(out, limits.get(binding).resetAtMicros());
    }
    ids.ulid(ulid, 0, nowMillis);
    out.put(CODE).ascii(decision.code().name()).put(DECISION_ID).put(ulid).put(RETRY_AFTER);
    if (binding < 0 || decision.allowed()) {
      out.nothing();
    } else {
      retryAfter(out, limits.get(binding));
    }
    delay(out, decision);
    bool(out.put(DEGRADED), decision.degraded());
    out.put(LIMITS);
    for (int i = 0; i < limits.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      limit(out, limits.get(i), i == binding);
    }
    out.put(']');
  }

  private static void limit(Bytes out, LimitReport limit, boolean binding) {
    out.put(NAME).ascii(limit.name()).put(ALGORITHM).ascii(limit.algorithm());
    out.put(LIMIT).number(limit.limit());
    if (limit.burst() != limit.limit()) {
      out.put(BURST).number(limit.burst());
    }
    out.put(REMAINING).number(limit.remaining());
    if (limit.errorBound() > 0) {
      out.put(ERROR_BOUND).number(limit.errorBound());
    }
    instant(out.put(RESET_AT), limit.resetAtMicros());
    retryAfter(out.put(LIMIT_RETRY_AFTER), limit);
    bool(out.put(BINDING), binding);
    bool(out.put(SHADOW), limit.shadow());
    if (limit.shadow()) {
      bool(out.put(VERDICT), limit.admitted());
    }
    out.put('}');
  }

  /** The least over the enforced limits; null when none applied. */
  private static void remaining(Bytes out, List<LimitReport> limits) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < limits.size(); i++) {
      LimitReport limit = limits.get(i);
      if (!limit.shadow()) {
        least = Math.min(least, limit.remaining());
      }
    }
    if (least == Long.MAX_VALUE) {
      out.nothing();
    } else {
      out.number(least);
    }
  }

  private static void delay(Bytes out, Decision decision) {
    if (!decision.allowed()) {
      return;
    }
    for (int i = 0; i < decision.limits().size(); i++) {
      LimitReport limit = decision.limits().get(i);
      if (limit.queues() && !limit.shadow()) {
        out.put(DELAY).millis(decision.delayMicros());
        return;
      }
    }
  }

  /** Null when it passed, for there is nothing to wait for, and when no wait helps. */
  private static void retryAfter(Bytes out, LimitReport limit) {
    if (limit.admitted() || limit.retryAfterMicros().isEmpty()) {
      out.nothing();
    } else {
      out.millis(limit.retryAfterMicros().getAsLong());
    }
  }

  private static void instant(Bytes out, long micros) {
    out.put('"').instant(micros).put('"');
  }

  private static void bool(Bytes out, boolean value) {
    out.put(value ? TRUE : FALSE);
  }
}
