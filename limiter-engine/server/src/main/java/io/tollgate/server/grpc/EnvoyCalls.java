package io.tollgate.server.grpc;

import com.google.protobuf.Duration;
import io.grpc.ServerServiceDefinition;
import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.check.Descriptor;
import io.tollgate.limiter.check.DescriptorPlan;
import io.tollgate.limiter.check.DescriptorQuestion;
import io.tollgate.limiter.check.DescriptorStep;
import io.tollgate.limiter.check.InlineLimit;
import io.tollgate.limiter.check.RateUnit;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.envoy.v3.RateLimitResponse;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.Code;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.DescriptorStatus;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.RateLimit;
import io.tollgate.limiter.envoy.v3.Unit;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.Verb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's rate limit service: each descriptor is decided on its own, in its place.
 *
 * <p>Nothing that fails here is told as over a limit: a proxy has its own policy for a limiter that
 * cannot answer. What descriptors mean: docs/envoy.md.
 */
final class EnvoyCalls {

  private static final long MOST_UINT32 = (1L << 32) - 1;
  private static final int UNLIMITED = -1;
  private static final long MICROS = 1_000_000;

  private final Behind behind;
  private final Loops loops;

  private EnvoyCalls(Behind behind) {
    this.behind = behind;
    this.loops = new Loops(behind.clock());
  }

  /** The service, for a server. */
  static ServerServiceDefinition service(Behind behind) {
    EnvoyCalls calls = new EnvoyCalls(behind);
    return Service.of(
        EnvoyMethods.SERVICE,
        EnvoyMethods.file(),
        List.of(
            Service.unary(
                EnvoyMethods.SHOULD_RATE_LIMIT, behind.metrics(), calls::shouldRateLimit)));
  }

  private void shouldRateLimit(RateLimitRequest said, Reply<RateLimitResponse> reply) {
    List<Descriptor> descriptors = new ArrayList<>(said.getDescriptorsCount());
    for (RateLimitDescriptor descriptor : said.getDescriptorsList()) {
      descriptors.add(descriptor(descriptor, said));
    }
    DescriptorPlan plan = behind.limiter().plan(behind.realm(), said.getDomain(), descriptors);
    new Asking(plan, reply).begin();
  }

  private static Descriptor descriptor(RateLimitDescriptor said, RateLimitRequest request) {
    List<DescriptorEntry> entries = new ArrayList<>(said.getEntriesCount());
    for (RateLimitDescriptor.Entry entry : said.getEntriesList()) {
      entries.add(new DescriptorEntry(entry.getKey(), entry.getValue()));
    }
    return new Descriptor(entries, cost(said, request), inline(said));
  }

  /**
   * Who takes hits back only looks: a server that did not know the field would charge what is to be
   * given back.
   */
  private static long cost(RateLimitDescriptor said, RateLimitRequest request) {
    if (said.getIsNegativeHits()) {
      return 0;
    }
    if (!said.hasHitsAddend()) {
      return Math.max(1, Integer.toUnsignedLong(request.getHitsAddend()));
    }
    long units = said.getHitsAddend().getValue();
    if (units < 0) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD,
          "descriptors.hits_addend",
          Long.toUnsignedString(units) + " is out of bounds",
          "send at most 9007199254740991");
    }
    return units;
  }

  private static @Nullable InlineLimit inline(RateLimitDescriptor said) {
    if (!said.hasLimit()) {
      return null;
    }
    RateUnit unit =
        switch (said.getLimit().getUnit()) {
          case SECOND -> RateUnit.SECOND;
          case MINUTE -> RateUnit.MINUTE;
          case HOUR -> RateUnit.HOUR;
          case DAY -> RateUnit.DAY;
          case MONTH -> RateUnit.MONTH;
          case YEAR -> RateUnit.YEAR;
          case WEEK -> RateUnit.WEEK;
          case UNKNOWN, UNRECOGNIZED ->
              throw RefusedException.field(
                  ErrorCode.INVALID_FIELD,
                  "descriptors.limit.unit",
                  said.getLimit().getUnitValue() + " is no unit",
                  "send SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR");
        };
    return new InlineLimit(Integer.toUnsignedLong(said.getLimit().getRequestsPerUnit()), unit);
  }

  /** The descriptors of one request, while some are not answered. */
  private final class Asking {

    private final DescriptorPlan plan;
    private final Reply<RateLimitResponse> reply;
    private final @Nullable DescriptorStatus[] statuses;
    private final Loops.Loop loop = loops.ofThisThread();

    /** What is not answered, and 1 while questions are being asked. */
    private int open = 1;

    private boolean away;

    Asking(DescriptorPlan plan, Reply<RateLimitResponse> reply) {
      this.plan = plan;
      this.reply = reply;
      this.statuses = new DescriptorStatus[plan.steps().size()];
    }

    void begin() {
      for (int i = 0; i < statuses.length; i++) {
        switch (plan.steps().get(i)) {
          case DescriptorStep.Unknown() -> statuses[i] = passed(0);
          case DescriptorStep.Replaced() -> statuses[i] = passed(0);
          case DescriptorStep.Unlimited _ -> statuses[i] = passed(UNLIMITED);
          case DescriptorStep.Blocked(InlineLimit limit, boolean denied) ->
              statuses[i] = blocked(limit, denied);
          case DescriptorStep.Asked(DescriptorQuestion question) -> ask(question, i);
        }
      }
      answered();
    }

    private void ask(DescriptorQuestion question, int place) {
      open++;
      CheckBuffer buffer = loop.buffer();
      behind
          .limiter()
          .check(
              question,
              buffer,
              decided -> {
                Decision decision = decided.decision();
                loop.giveBack(decided);
                decided(decision, place);
              });
    }

    private void decided(Decision decision, int place) {
      plan.namespace()
          .map(NamespaceLimits::spec)
          .ifPresent(spec -> reply.metrics().decided(Verb.CHECK, spec.name(), decision));
      away |=
          decision.code() == DecisionCode.STORE_UNAVAILABLE
              || decision.code() == DecisionCode.OVERLOADED;
      statuses[place] = status(decision);
      answered();
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
      reply.give(out.build());
    }
  }

  private static DescriptorStatus passed(int remaining) {
    return DescriptorStatus.newBuilder().setCode(Code.OK).setLimitRemaining(remaining).build();
  }

  private static DescriptorStatus blocked(InlineLimit limit, boolean denied) {
    return DescriptorStatus.newBuilder()
        .setCode(denied ? Code.OVER_LIMIT : Code.OK)
        .setCurrentLimit(
            RateLimit.newBuilder().setName(limit.name()).setUnit(unit(limit.unit())).build())
        .build();
  }

  private static DescriptorStatus status(Decision decision) {
    DescriptorStatus.Builder out =
        DescriptorStatus.newBuilder().setCode(decision.allowed() ? Code.OK : Code.OVER_LIMIT);
    decision.binding().ifPresent(limit -> describe(out, limit, decision.atMicros()));
    return out.build();
  }

  private static void describe(DescriptorStatus.Builder out, LimitReport limit, long atMicros) {
    RateLimit.Builder current =
        RateLimit.newBuilder()
            .setName(limit.name())
            .setRequestsPerUnit((int) Math.min(MOST_UINT32, limit.limit()));
    RateUnit.of(limit).ifPresent(unit -> current.setUnit(unit(unit)));
    long wait = Math.max(0, limit.resetAtMicros() - atMicros);
    out.setCurrentLimit(current)
        .setLimitRemaining((int) Math.min(MOST_UINT32, limit.remaining()))
        .setDurationUntilReset(
            Duration.newBuilder()
                .setSeconds(wait / MICROS)
                .setNanos((int) (wait % MICROS) * 1_000));
  }

  private static Unit unit(RateUnit unit) {
    return switch (unit) {
      case SECOND -> Unit.SECOND;
      case MINUTE -> Unit.MINUTE;
      case HOUR -> Unit.HOUR;
      case DAY -> Unit.DAY;
      case WEEK -> Unit.WEEK;
      case MONTH -> Unit.MONTH;
      case YEAR -> Unit.YEAR;
    };
  }
}
