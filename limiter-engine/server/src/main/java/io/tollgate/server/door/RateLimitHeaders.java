package io.tollgate.server.door;

import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import java.util.List;

/**
 * Writes what a decision says in headers.
 *
 * <p>The draft's fields are structured fields of RFC 9651: names as strings, whole numbers of at
 * most 15 digits. Seconds are rounded up. Shadow limits never appear.
 */
public final class RateLimitHeaders {

  private static final byte[] POLICY = Bytes.constant("RateLimit-Policy: ");
  private static final byte[] STATE = Bytes.constant("RateLimit: ");
  private static final byte[] QUOTA = Bytes.constant("\";q=");
  private static final byte[] WINDOW = Bytes.constant(";w=");
  private static final byte[] REMAINING = Bytes.constant("\";r=");
  private static final byte[] TIME = Bytes.constant(";t=");
  private static final byte[] NEXT = Bytes.constant(", ");
  private static final byte[] LEGACY_LIMIT = Bytes.constant("X-RateLimit-Limit: ");
  private static final byte[] LEGACY_REMAINING = Bytes.constant("\r\nX-RateLimit-Remaining: ");
  private static final byte[] LEGACY_RESET = Bytes.constant("\r\nX-RateLimit-Reset: ");
  private static final byte[] RETRY_AFTER = Bytes.constant("Retry-After: ");
  private static final byte[] LINE_END = Bytes.constant("\r\n");

  private static final long MICROS = 1_000_000;

  /** RFC 9651 3.3.1: an integer has at most 15 digits. */
  private static final long MOST = 999_999_999_999_999L;

  private RateLimitHeaders() {}

  /** Writes the header lines of one decision. */
  public static void write(Bytes head, Decision decision, Headers headers) {
    switch (headers) {
      case DRAFT -> draft(head, decision.limits());
      case LEGACY -> legacy(head, decision);
      case BOTH -> {
        draft(head, decision.limits());
        legacy(head, decision);
      }
      case NONE -> {}
    }
    if (!decision.allowed() && decision.bindingIndex() >= 0) {
      retryAfter(head, decision.limits().get(decision.bindingIndex()));
    } else if (!decision.allowed()) {
      // No limit denied: the server itself could not. A second later it may.
      head.put(RETRY_AFTER).number(1).put(LINE_END);
    }
  }

  private static void draft(Bytes head, List<LimitReport> limits) {
    boolean any = false;
    for (int i = 0; i < limits.size(); i++) {
      if (!limits.get(i).shadow()) {
        policy(head.put(any ? NEXT : POLICY), limits.get(i));
        any = true;
      }
    }
    if (!any) {
      return;
    }
    head.put(LINE_END);
    any = false;
    for (int i = 0; i < limits.size(); i++) {
      if (!limits.get(i).shadow()) {
        state(head.put(any ? NEXT : STATE), limits.get(i));
        any = true;
      }
    }
    head.put(LINE_END);
  }

  private static void policy(Bytes head, LimitReport limit) {
    head.put('"').ascii(limit.name()).put(QUOTA).number(Math.min(MOST, limit.limit()));
    long period = limit.periodMicros();
    if (period > 0 && period % MICROS == 0) {
      head.put(WINDOW).number(period / MICROS);
    }
  }

  private static void state(Bytes head, LimitReport limit) {
    head.put('"').ascii(limit.name()).put(REMAINING).number(Math.min(MOST, limit.remaining()));
    if (limit.admitted()) {
      head.put(TIME).number(seconds(limit.nextUnitAfterMicros()));
    } else if (limit.retryAfterMicros().isPresent()) {
      head.put(TIME).number(seconds(limit.retryAfterMicros().getAsLong()));
    }
  }

  private static void legacy(Bytes head, Decision decision) {
    if (decision.bindingIndex() < 0) {
      return;
    }
    LimitReport limit = decision.limits().get(decision.bindingIndex());
    long untilReset = Math.max(0, limit.resetAtMicros() - decision.atMicros());
    head.put(LEGACY_LIMIT).number(limit.limit());
    head.put(LEGACY_REMAINING).number(limit.remaining());
    head.put(LEGACY_RESET).number(seconds(untilReset)).put(LINE_END);
  }

  private static void retryAfter(Bytes head, LimitReport limit) {
    if (limit.retryAfterMicros().isPresent()) {
      long seconds = Math.max(1, seconds(limit.retryAfterMicros().getAsLong()));
      head.put(RETRY_AFTER).number(seconds).put(LINE_END);
    }
  }

  private static long seconds(long micros) {
    return Math.min(MOST, Math.ceilDiv(micros, MICROS));
  }
}
