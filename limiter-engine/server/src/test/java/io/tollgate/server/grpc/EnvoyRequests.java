package io.tollgate.server.grpc;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import java.util.concurrent.TimeUnit;

/** What an Envoy asks, by the stubs that its own project publishes. */
final class EnvoyRequests {

  private EnvoyRequests() {}

  static RateLimitDescriptor.Builder descriptor(String... keysAndValues) {
    RateLimitDescriptor.Builder out = RateLimitDescriptor.newBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.addEntriesBuilder().setKey(keysAndValues[i]).setValue(keysAndValues[i + 1]);
    }
    return out;
  }

  static RateLimitRequest.Builder request(
      String domain, RateLimitDescriptor.Builder... descriptors) {
    RateLimitRequest.Builder out = RateLimitRequest.newBuilder().setDomain(domain);
    for (RateLimitDescriptor.Builder one : descriptors) {
      out.addDescriptors(one);
    }
    return out;
  }

  static RateLimitResponse ask(TestGrpc of, RateLimitRequest.Builder request) {
    return RateLimitServiceGrpc.newBlockingStub(of.client())
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .shouldRateLimit(request.build());
  }
}
