package io.tollgate.server.http;

import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP must say of the core's decisions, computed from the documentation and with the JDK's
 * own means: nothing here calls what the server writes with.
 */
final class Expected {

  /** Stands for every decision's id, whose random half nobody can know. */
  static final String ANY_DECISION = "dec_*";

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final BigDecimal MOST_DIGITS = BigDecimal.TEN.pow(15).subtract(BigDecimal.ONE);

  private Expected() {}

  /** The body of a decision. */
  static Map<String, @Nullable Object> decision(Decision decision) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    LimitReport binding =
        decision.bindingIndex() < 0 ? null : decision.limits().get(decision.bindingIndex());
    List<LimitReport> enforced = enforced(decision);
    body.put("allowed", decision.code() == DecisionCode.ALLOWED);
    body.put(
        "remaining", enforced.stream().map(LimitReport::remaining).min(Long::compare).orElse(null));
    body.put("reset_at", binding == null ? null : instant(binding.resetAtMicros()));
    body.put("code", decision.code().name());
    body.put("decision_id", ANY_DECISION);
    body.put("retry_after_ms", binding == null ? null : wait(binding));
    if (decision.code() == DecisionCode.ALLOWED
        && enforced.stream().anyMatch(LimitReport::queues)) {
      long longest = enforced.stream().mapToLong(LimitReport::delayMicros).max().orElse(0);
      body.put("delay_ms", millis(longest));
    }
    body.put("degraded", false);
    List<Object> limits = new ArrayList<>();
    for (int i = 0; i < decision.limits().size(); i++) {
      limits.add(limit(decision.limits().get(i), i == decision.bindingIndex()));
    }
    body.put("limits", limits);
    return body;
  }

  private static List<LimitReport> enforced(Decision decision) {
    return decision.limits().stream().filter(limit -> !limit.shadow()).toList();
  }

  private static Map<String, @Nullable Object> limit(LimitReport limit, boolean binding) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("name", limit.name());
    entry.put("algorithm", limit.algorithm());
    entry.put("limit", limit.limit());
    if (limit.burst() != limit.limit()) {
      entry.put("burst", limit.burst());
    }
    entry.put("remaining", limit.remaining());
    if (limit.errorBound() > 0) {
      entry.put("error_bound", limit.errorBound());
    }
    entry.put("reset_at", instant(limit.resetAtMicros()));
    entry.put("retry_after_ms", wait(limit));
    entry.put("binding", binding);
    entry.put("shadow", limit.shadow());
    if (limit.shadow()) {
      entry.put("allowed", limit.admitted());
    }
    return entry;
  }

  private static @Nullable Object wait(LimitReport limit) {
    OptionalLong wait = limit.retryAfterMicros();
    return limit.admitted() || wait.isEmpty() ? null : millis(wait.getAsLong());
  }

  /** Microseconds as exact milliseconds, as a parser of JSON returns them. */
  static Object millis(long micros) {
    return micros % 1_000 == 0
        ? (Object) (micros / 1_000)
        : BigDecimal.valueOf(micros, 3).stripTrailingZeros();
  }

  /** What a denial says as a problem, beside the fields of the decision. */
  static Map<String, @Nullable Object> denial(Decision denied) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    boolean quota = status(denied.code()) == 429;
    said.put(
        "type",
        quota
            ? "https://iana.org/assignments/http-problem-types#quota-exceeded"
            : "/docs/errors#unavailable");
    said.put("status", (long) status(denied.code()));
    said.put("errors", List.of());
    said.put(
        "violated-policies",
        enforced(denied).stream().filter(l -> !l.admitted()).map(LimitReport::name).toList());
    said.put("limit", denied.binding().map(LimitReport::limit).orElse(null));
    said.put("anomalous", false);
    return said;
  }

  /** A problem without the words that are for people. */
  static Map<String, @Nullable Object> problem(int status, String code) {
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    String anchor = code.toLowerCase(Locale.ROOT).replace('_', '-');
    said.put("type", "/docs/errors#" + anchor);
    said.put("status", (long) status);
    said.put("code", code);
    said.put("errors", List.of());
    return said;
  }

  /** The status that a client gets who prefers one. */
  static int status(DecisionCode code) {
    return switch (code) {
      case ALLOWED -> 200;
      case RATE_LIMITED, CONCURRENCY_EXCEEDED -> 429;
      case OVERLOADED, STORE_UNAVAILABLE -> 503;
    };
  }

  /** By RFC 3339, with six digits of a fraction or none; years end with 9999. */
  static String instant(long micros) {
    long most = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() * 1_000_000;
    long shown = Math.min(micros, most);
    String seconds = SECONDS.format(Instant.ofEpochSecond(shown / 1_000_000));
    long fraction = shown % 1_000_000;
    return fraction == 0 ? seconds + "Z" : seconds + String.format(Locale.ROOT, ".%06dZ", fraction);
  }

  /** The rate-limit headers of a decision, and Retry-After. */
  static Map<String, String> headers(Decision decision, Headers wanted) {
    Map<String, String> headers = new LinkedHashMap<>();
    boolean draft = wanted == Headers.DRAFT || wanted == Headers.BOTH;
    List<LimitReport> enforced = enforced(decision);
    if (draft && !enforced.isEmpty()) {
      headers.put("ratelimit-policy", joined(enforced.stream().map(Expected::policy).toList()));
      headers.put("ratelimit", joined(enforced.stream().map(Expected::state).toList()));
    }
    boolean legacy = wanted == Headers.LEGACY || wanted == Headers.BOTH;
    LimitReport binding =
        decision.bindingIndex() < 0 ? null : decision.limits().get(decision.bindingIndex());
    if (legacy && binding != null) {
      long untilReset = Math.max(0, binding.resetAtMicros() - decision.atMicros());
      headers.put("x-ratelimit-limit", Long.toString(binding.limit()));
      headers.put("x-ratelimit-remaining", Long.toString(binding.remaining()));
      headers.put("x-ratelimit-reset", seconds(untilReset));
    }
    if (decision.code() != DecisionCode.ALLOWED) {
      retryAfter(binding).ifPresent(wait -> headers.put("retry-after", Long.toString(wait)));
    }
    return headers;
  }

  private static OptionalLong retryAfter(@Nullable LimitReport binding) {
    if (binding == null) {
      return OptionalLong.of(1);
    }
    return binding.retryAfterMicros().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            Math.max(1, Long.parseLong(seconds(binding.retryAfterMicros().getAsLong()))));
  }

  private static String joined(List<String> items) {
    return items.stream().collect(Collectors.joining(", "));
  }

  private static String policy(LimitReport limit) {
    String window =
        limit.periodMicros() > 0 && limit.periodMicros() % 1_000_000 == 0
            ? ";w=" + limit.periodMicros() / 1_000_000
            : "";
    return '"' + limit.name() + "\";q=" + digits(BigDecimal.valueOf(limit.limit())) + window;
  }

  private static String state(LimitReport limit) {
    String remaining = digits(BigDecimal.valueOf(limit.remaining()));
    String time = "";
    if (limit.admitted()) {
      time = ";t=" + seconds(limit.nextUnitAfterMicros());
    } else if (limit.retryAfterMicros().isPresent()) {
      time = ";t=" + seconds(limit.retryAfterMicros().getAsLong());
    }
    return '"' + limit.name() + "\";r=" + remaining + time;
  }

  /** Rounded up. */
  private static String seconds(long micros) {
    return digits(BigDecimal.valueOf(micros, 6).setScale(0, RoundingMode.CEILING));
  }

  /** RFC 9651: at most 15 digits. */
  private static String digits(BigDecimal number) {
    return number.min(MOST_DIGITS).toPlainString();
  }
}
