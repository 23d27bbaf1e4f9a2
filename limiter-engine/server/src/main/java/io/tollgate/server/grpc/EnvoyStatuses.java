package io.tollgate.server.grpc;

import com.google.protobuf.Duration;
import io.tollgate.limiter.check.InlineLimit;
import io.tollgate.limiter.check.RateUnit;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.Code;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.DescriptorStatus;
import io.tollgate.limiter.envoy.v3.RateLimitResponse.RateLimit;
import io.tollgate.limiter.envoy.v3.Unit;

/** What Envoy is told of one descriptor. */
final class EnvoyStatuses {

  /** What nobody counts: nothing of it is left to tell of. */
  static final DescriptorStatus UNCOUNTED = passed(0);

  /** The most of an unsigned number. */
  static final DescriptorStatus UNLIMITED = passed(-1);

  private static final long MOST_UINT32 = (1L << 32) - 1;
  private static final long MICROS = 1_000_000;

  private EnvoyStatuses() {}

  private static DescriptorStatus passed(int remaining) {
    return DescriptorStatus.newBuilder().setCode(Code.OK).setLimitRemaining(remaining).build();
  }

  /** Of a limit of 0 requests that came along. */
  static DescriptorStatus blocked(InlineLimit limit, boolean denied) {
    return DescriptorStatus.newBuilder()
        .setCode(denied ? Code.OVER_LIMIT : Code.OK)
        .setCurrentLimit(
            RateLimit.newBuilder().setName(limit.name()).setUnit(unit(limit.unit())).build())
        .build();
  }

  /** Of what was decided. */
  static DescriptorStatus of(Decision decision) {
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
