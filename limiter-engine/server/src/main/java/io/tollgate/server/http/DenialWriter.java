package io.tollgate.server.http;

import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.server.door.Bytes;
import java.util.List;

/**
 * Writes a denial as a problem (RFC 9457) that holds every field of the decision too.
 *
 * <p>A limit that is used up is the {@code quota-exceeded} of the IETF draft on rate-limit headers,
 * whose {@code violated-policies} are the names of the limits that deny.
 */
final class DenialWriter {

  private static final byte[] QUOTA_EXCEEDED =
      Bytes.constant(
          "{\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\","
              + "\"title\":\"Request cannot be satisfied as assigned quota has been exceeded\","
              + "\"status\":");
  private static final byte[] UNAVAILABLE =
      Bytes.constant(
          "{\"type\":\"/docs/errors#unavailable\","
              + "\"title\":\"The check cannot be decided now\",\"status\":");
  private static final byte[] DETAIL = Bytes.constant(",\"detail\":\"");
  private static final byte[] REQUEST_ID = Bytes.constant("\",\"request_id\":\"");
  private static final byte[] VIOLATED = Bytes.constant("\",\"errors\":[],\"violated-policies\":[");
  private static final byte[] LIMIT = Bytes.constant("],\"limit\":");
  private static final byte[] ANOMALOUS = Bytes.constant(",\"anomalous\":false,");

  private DenialWriter() {}

  /** The status that stands for a decision. */
  static int status(DecisionCode code) {
    return switch (code) {
      case ALLOWED -> 200;
      case RATE_LIMITED, CONCURRENCY_EXCEEDED -> 429;
      case OVERLOADED, STORE_UNAVAILABLE -> 503;
    };
  }

  /**
   * Writes the body of a denial.
   *
   * @param status that of the answer
   */
  static void write(
      Bytes body,
      int status,
      Decision denied,
      String requestId,
      DecisionWriter decisions,
      long nowMillis) {
    body.put(status(denied.code()) == 429 ? QUOTA_EXCEEDED : UNAVAILABLE).number(status);
    body.put(DETAIL).ascii(detail(denied));
    body.put(REQUEST_ID).ascii(requestId);
    violated(body.put(VIOLATED), denied.limits());
    body.put(LIMIT);
    if (denied.bindingIndex() < 0) {
      body.nothing();
    } else {
      body.number(denied.limits().get(denied.bindingIndex()).limit());
    }
    decisions.writeFields(body.put(ANOMALOUS), denied, nowMillis);
    body.put('}');
  }

  /** Names of limits hold nothing that needs escaping. */
  private static String detail(Decision denied) {
    return switch (denied.code()) {
      case ALLOWED -> "";
      case RATE_LIMITED -> binding(denied, "is used up");
      case CONCURRENCY_EXCEEDED -> binding(denied, "has all its units held");
      case OVERLOADED -> "the server holds as many keys as it may";
      case STORE_UNAVAILABLE -> "the store of the limits is away";
    };
  }

  private static String binding(Decision denied, String what) {
    return denied
            .binding()
            .map(LimitReport::name)
            .map(n -> "the limit " + n + " ")
            .orElse("a limit ")
        + what;
  }

  private static void violated(Bytes body, List<LimitReport> limits) {
    boolean any = false;
    for (LimitReport limit : limits) {
      if (!limit.admitted() && !limit.shadow()) {
        body.ascii(any ? ",\"" : "\"").ascii(limit.name()).put('"');
        any = true;
      }
    }
  }
}
