package io.tollgate.server.grpc;

import io.grpc.ServerServiceDefinition;
import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.check.Descriptor;
import io.tollgate.limiter.check.DescriptorPlan;
import io.tollgate.limiter.check.InlineLimit;
import io.tollgate.limiter.check.RateUnit;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.envoy.v3.RateLimitResponse;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.Verb;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's rate limit service: each descriptor is decided on its own, in its place.
 *
 * <p>Nothing that fails here is told as over a limit: a proxy has its own policy for a limiter that
 * cannot answer. What descriptors mean: docs/envoy.md.
 */
final class EnvoyCalls {

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
                EnvoyMethods.SHOULD_RATE_LIMIT,
                Verb.CHECK,
                behind.metrics(),
                calls::shouldRateLimit)));
  }

  private void shouldRateLimit(RateLimitRequest said, Reply<RateLimitResponse> reply) {
    List<Descriptor> descriptors = new ArrayList<>(said.getDescriptorsCount());
    for (RateLimitDescriptor descriptor : said.getDescriptorsList()) {
      descriptors.add(descriptor(descriptor, said));
    }
    DescriptorPlan plan = behind.limiter().plan(behind.realm(), said.getDomain(), descriptors);
    BitSet negative = new BitSet(descriptors.size());
    for (int i = 0; i < descriptors.size(); i++) {
      negative.set(i, said.getDescriptors(i).getIsNegativeHits());
    }
    new EnvoyAsking(behind.limiter(), loops.ofThisThread(), plan, negative, reply).begin();
  }

  private static Descriptor descriptor(RateLimitDescriptor said, RateLimitRequest request) {
    List<DescriptorEntry> entries = new ArrayList<>(said.getEntriesCount());
    for (RateLimitDescriptor.Entry entry : said.getEntriesList()) {
      entries.add(new DescriptorEntry(entry.getKey(), entry.getValue()));
    }
    return new Descriptor(entries, cost(said, request), inline(said));
  }

  private static long cost(RateLimitDescriptor said, RateLimitRequest request) {
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
}
