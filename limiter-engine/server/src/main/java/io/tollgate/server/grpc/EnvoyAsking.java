package io.tollgate.server.grpc;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.catalog.DescriptorRule;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.check.DescriptorPlan;
import io.tollgate.limiter.check.DescriptorQuestion;
import io.tollgate.limiter.check.DescriptorStep;
import io.tollgate.limiter.check.InlineLimit;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.envoy.v3.HeaderValue;
import io.tollgate.limiter.envoy.v3.RateLimitResponse;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.Code;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.DescriptorStatus;
import io.tollgate.limiter.store.Store;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.HeaderLines;
import io.tollgate.server.door.RateLimitHeaders;
import io.tollgate.server.metrics.Verb;
import java.util.BitSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The descriptors of one of Envoy's requests, while some are not answered. */
final class EnvoyAsking {

  private static final String WITHIN = "within_limit";
  private static final String OVER = "over_limit";
  private static final String SHADOWED = "over_limit_in_shadow";

  private final Limiter limiter;
  private final Loops.Loop loop;
  private final DescriptorPlan plan;
  private final BitSet negative;
  private final Reply<RateLimitResponse> reply;
  private final @Nullable NamespaceSpec namespace;
  private final @Nullable DescriptorStatus[] statuses;

  /** What was decided of the descriptor that tells most; null while none is. */
  private @Nullable Decision telling;

  /** What is not answered, and 1 while questions are being asked. */
  private int open = 1;

  private boolean away;

  /**
   * A request of which nothing is asked.
   *
   * @param negative which descriptors take their hits back
   */
  EnvoyAsking(
      Limiter limiter,
      Loops.Loop loop,
      DescriptorPlan plan,
      BitSet negative,
      Reply<RateLimitResponse> reply) {
    this.limiter = limiter;
    this.loop = loop;
    this.plan = plan;
    this.negative = negative;
    this.reply = reply;
    this.namespace = plan.namespace().map(limits -> limits.spec()).orElse(null);
    this.statuses = new DescriptorStatus[plan.steps().size()];
  }

  void begin() {
    for (int i = 0; i < statuses.length; i++) {
      switch (plan.steps().get(i)) {
        case DescriptorStep.Unknown(), DescriptorStep.Replaced() ->
            statuses[i] = EnvoyStatuses.UNCOUNTED;
        case DescriptorStep.Unlimited(DescriptorRule rule) -> {
          statuses[i] = EnvoyStatuses.UNLIMITED;
          told(rule.text(), WITHIN);
        }
        case DescriptorStep.Blocked(InlineLimit limit, boolean denied) ->
            statuses[i] = EnvoyStatuses.blocked(limit, denied && !negative.get(i));
        case DescriptorStep.Asked(DescriptorQuestion question) -> ask(question, i);
      }
    }
    answered();
  }

  private void ask(DescriptorQuestion question, int place) {
    open++;
    if (negative.get(place)) {
      takeBack(question, place);
    } else {
      limiter.check(
          question,
          loop.buffer(),
          decided -> {
            Decision decision = decided.decision();
            loop.giveBack(decided);
            question.rule().ifPresent(rule -> told(text(rule, question), result(decision)));
            decided(decision, place);
          });
    }
  }

  /** Gives hits back where that is allowed; else it only looks. Neither is ever denied. */
  private void takeBack(DescriptorQuestion question, int place) {
    boolean refund = namespace != null && namespace.negativeHits() == NegativeHits.REFUND;
    if (namespace != null) {
      reply.metrics().negativeHits(namespace.name(), refund);
    }
    Store.Listener listener =
        decided -> {
          Decision state = decided.decision();
          loop.giveBack(decided);
          decided(state, place);
        };
    if (refund) {
      limiter.refund(question, loop.buffer(), listener);
    } else {
      limiter.check(question.withCost(0), loop.buffer(), listener);
    }
  }

  private static String text(DescriptorRule rule, DescriptorQuestion question) {
    return rule.spec().detailed() ? question.request().identifier() : rule.text();
  }

  private void told(String descriptor, String result) {
    if (namespace != null) {
      reply.metrics().descriptor(namespace.name(), descriptor, result);
    }
  }

  private static String result(Decision decision) {
    if (!decision.allowed()) {
      return OVER;
    }
    for (LimitReport limit : decision.limits()) {
      if (limit.shadow() && !limit.admitted()) {
        return SHADOWED;
      }
    }
    return WITHIN;
  }

  private void decided(Decision decision, int place) {
    if (namespace != null) {
      reply.metrics().decided(Verb.CHECK, namespace.name(), decision);
    }
    away |=
        decision.code() == DecisionCode.STORE_UNAVAILABLE
            || decision.code() == DecisionCode.OVERLOADED;
    if (telling == null || tellsMore(decision, telling)) {
      telling = decision;
    }
    statuses[place] = EnvoyStatuses.of(decision);
    answered();
  }

  /** Denials come before all else, the longest wait first; then what has least left. */
  private static boolean tellsMore(Decision a, Decision b) {
    if (a.allowed() != b.allowed()) {
      return !a.allowed();
    }
    if (a.bindingIndex() < 0 || b.bindingIndex() < 0) {
      return a.bindingIndex() >= 0;
    }
    LimitReport left = a.limits().get(a.bindingIndex());
    LimitReport right = b.limits().get(b.bindingIndex());
    if (!a.allowed()) {
      return wait(left.retryAfterMicros()) > wait(right.retryAfterMicros());
    }
    return Exact.compareShares(
            left.remaining(), left.capacity(), right.remaining(), right.capacity())
        < 0;
  }

  private static long wait(OptionalLong retryAfterMicros) {
    return retryAfterMicros.orElse(Long.MAX_VALUE);
  }

  private void answered() {
    open--;
    if (open > 0) {
      return;
    }
    if (away) {
      reply.refuse(
          ErrorCode.STORE_UNAVAILABLE, "nobody knows what was used; the proxy's policy decides");
      return;
    }
    RateLimitResponse.Builder out = RateLimitResponse.newBuilder().setOverallCode(Code.OK);
    for (DescriptorStatus status : statuses) {
      if (status != null) {
        out.addStatuses(status);
        if (status.getCode() == Code.OVER_LIMIT) {
          out.setOverallCode(Code.OVER_LIMIT);
        }
      }
    }
    if (telling != null && namespace != null) {
      addHeaders(out, telling, namespace.headers());
    }
    reply.give(out.build());
  }

  private void addHeaders(RateLimitResponse.Builder out, Decision decision, Headers headers) {
    Bytes lines = loop.headers();
    lines.clear();
    RateLimitHeaders.write(lines, decision, headers);
    HeaderLines.each(
        lines.copy(),
        0,
        (name, value) ->
            out.addResponseHeadersToAdd(
                HeaderValue.newBuilder().setKey(name.toString()).setValue(value.toString())));
  }
}
