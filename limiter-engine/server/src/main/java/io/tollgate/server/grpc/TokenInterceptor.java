package io.tollgate.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.server.door.BearerToken;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.metrics.Metrics;
import java.util.Optional;
import java.util.Set;

/** Lets a call pass whose metadata has the token that it needs; health and reflection need none. */
final class TokenInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Set<String> OF_ADMINISTRATORS =
      Set.of(LimiterMethods.REFUND.getFullMethodName(), LimiterMethods.RESET.getFullMethodName());

  private final Optional<BearerToken> check;
  private final Optional<BearerToken> admin;
  private final Metrics metrics;

  TokenInterceptor(Optional<BearerToken> check, Optional<BearerToken> admin, Metrics metrics) {
    this.check = check;
    this.admin = admin;
    this.metrics = metrics;
  }

  @Override
  public <Q, A> Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    boolean administers =
        OF_ADMINISTRATORS.contains(call.getMethodDescriptor().getFullMethodName());
    Optional<BearerToken> needed = administers ? admin : check;
    if (needed.isEmpty() || needed.get().admits(headers.get(AUTHORIZATION))) {
      return next.startCall(call, headers);
    }
    StatusRuntimeException refusal =
        Statuses.of(
            Problem.of(
                ErrorCode.UNAUTHORIZED,
                "send the "
                    + (administers ? "admin" : "check")
                    + " token as metadata 'authorization: Bearer <token>'"));
    metrics
        .ofThisLoop()
        .answeredRpc(
            String.valueOf(call.getMethodDescriptor().getBareMethodName()),
            refusal.getStatus().getCode().name(),
            ErrorCode.UNAUTHORIZED.name());
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    return new Listener<>() {};
  }
}
