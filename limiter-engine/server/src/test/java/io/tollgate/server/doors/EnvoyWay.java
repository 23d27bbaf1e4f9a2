package io.tollgate.server.doors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.ManagedChannel;
import io.tollgate.server.doors.Step.Asked;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code RateLimitService}, asked by the stubs that Envoy's project publishes. */
final class EnvoyWay implements Door {

  private final OneServer server;
  private final ManagedChannel channel;

  EnvoyWay(OneServer server) {
    this.server = server;
    channel = GrpcWays.channel(server);
  }

  @Override
  public Optional<Told> ask(Asked asked) {
    RateLimitDescriptor.Builder descriptor =
        RateLimitDescriptor.newBuilder().setHitsAddend(UInt64Value.of(asked.cost()));
    descriptor.addEntriesBuilder().setKey("user").setValue(asked.user());
    RateLimitResponse answer =
        RateLimitServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .shouldRateLimit(
                RateLimitRequest.newBuilder()
                    .setDomain(asked.namespace())
                    .addDescriptors(descriptor)
                    .build());
    assertEquals(1, answer.getStatusesCount());
    DescriptorStatus status = answer.getStatuses(0);
    assertEquals(answer.getOverallCode(), status.getCode());
    if (!status.hasCurrentLimit()) {
      assertEquals(Code.OK, status.getCode(), "what is unknown passes");
      return Optional.empty();
    }
    return Optional.of(
        new Told(
            status.getCode() == Code.OK,
            status.getCurrentLimit().getName(),
            Integer.toUnsignedLong(status.getCurrentLimit().getRequestsPerUnit()),
            Integer.toUnsignedLong(status.getLimitRemaining()),
            server.micros.get() + micros(status.getDurationUntilReset()),
            answer.getResponseHeadersToAddList().stream()
                .filter(header -> header.getKey().equals("retry-after"))
                .map(HeaderValue::getValue)
                .mapToLong(Long::parseLong)
                .findFirst()));
  }

  private static long micros(com.google.protobuf.Duration wait) {
    Duration duration = Duration.ofSeconds(wait.getSeconds(), wait.getNanos());
    return duration.toNanos() / 1_000;
  }

  @Override
  public void close() {
    var _ = channel.shutdownNow();
  }
}
