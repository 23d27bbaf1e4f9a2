package io.tollgate.limiter.proto;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.tollgate.limiter.envoy.v3.EnvoyProto;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.envoy.v3.RateLimitResponse;

/** The method of Envoy's rate limit service. Source: envoy/service/ratelimit/v3/rls.proto. */
public final class EnvoyMethods {

  /** The service's full name. */
  public static final String SERVICE = "envoy.service.ratelimit.v3.RateLimitService";

  /** Whether a request that a proxy holds may pass. */
  public static final MethodDescriptor<RateLimitRequest, RateLimitResponse> SHOULD_RATE_LIMIT =
      MethodDescriptor.<RateLimitRequest, RateLimitResponse>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "ShouldRateLimit"))
          .setRequestMarshaller(ProtoUtils.marshaller(RateLimitRequest.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(RateLimitResponse.getDefaultInstance()))
          .build();

  private EnvoyMethods() {}

  /** The file that describes the service, for reflection. */
  public static ProtoFileDescriptorSupplier file() {
    return EnvoyProto::getDescriptor;
  }
}
