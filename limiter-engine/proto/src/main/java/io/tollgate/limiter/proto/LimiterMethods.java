package io.tollgate.limiter.proto;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.tollgate.limiter.v1.AcquireRequest;
import io.tollgate.limiter.v1.AcquireResponse;
import io.tollgate.limiter.v1.CancelRequest;
import io.tollgate.limiter.v1.CancelResponse;
import io.tollgate.limiter.v1.CheckManyRequest;
import io.tollgate.limiter.v1.CheckManyResponse;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.CommitRequest;
import io.tollgate.limiter.v1.CommitResponse;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.Explanation;
import io.tollgate.limiter.v1.LimiterProto;
import io.tollgate.limiter.v1.ReleaseRequest;
import io.tollgate.limiter.v1.ReleaseResponse;
import io.tollgate.limiter.v1.RenewRequest;
import io.tollgate.limiter.v1.RenewResponse;
import io.tollgate.limiter.v1.ReserveRequest;
import io.tollgate.limiter.v1.ReserveResponse;
import io.tollgate.limiter.v1.ResetRequest;
import io.tollgate.limiter.v1.ResetResponse;

/** The methods of {@code tollgate.limiter.v1.LimiterService}, for servers and clients. */
public final class LimiterMethods {

  /** The service's full name. */
  public static final String SERVICE = "tollgate.limiter.v1.LimiterService";

  /** One check. */
  public static final MethodDescriptor<CheckRequest, Decision> CHECK =
      unary("Check", CheckRequest.getDefaultInstance(), Decision.getDefaultInstance());

  /** Up to 1,000 checks. */
  public static final MethodDescriptor<CheckManyRequest, CheckManyResponse> CHECK_MANY =
      unary(
          "CheckMany",
          CheckManyRequest.getDefaultInstance(),
          CheckManyResponse.getDefaultInstance());

  /** Many checks over one stream. */
  public static final MethodDescriptor<CheckStreamRequest, CheckStreamResponse> CHECK_STREAM =
      method(
          MethodType.BIDI_STREAMING,
          "CheckStream",
          CheckStreamRequest.getDefaultInstance(),
          CheckStreamResponse.getDefaultInstance());

  /** What a check would be told. */
  public static final MethodDescriptor<CheckRequest, Explanation> EXPLAIN =
      unary("Explain", CheckRequest.getDefaultInstance(), Explanation.getDefaultInstance());

  /** A check that is settled later. */
  public static final MethodDescriptor<ReserveRequest, ReserveResponse> RESERVE =
      unary("Reserve", ReserveRequest.getDefaultInstance(), ReserveResponse.getDefaultInstance());

  /** Settles a reservation at what was used. */
  public static final MethodDescriptor<CommitRequest, CommitResponse> COMMIT =
      unary("Commit", CommitRequest.getDefaultInstance(), CommitResponse.getDefaultInstance());

  /** Settles a reservation at nothing. */
  public static final MethodDescriptor<CancelRequest, CancelResponse> CANCEL =
      unary("Cancel", CancelRequest.getDefaultInstance(), CancelResponse.getDefaultInstance());

  /** Takes units of concurrency. */
  public static final MethodDescriptor<AcquireRequest, AcquireResponse> ACQUIRE =
      unary("Acquire", AcquireRequest.getDefaultInstance(), AcquireResponse.getDefaultInstance());

  /** Holds a lease longer. */
  public static final MethodDescriptor<RenewRequest, RenewResponse> RENEW =
      unary("Renew", RenewRequest.getDefaultInstance(), RenewResponse.getDefaultInstance());

  /** Ends a lease. */
  public static final MethodDescriptor<ReleaseRequest, ReleaseResponse> RELEASE =
      unary("Release", ReleaseRequest.getDefaultInstance(), ReleaseResponse.getDefaultInstance());

  /** Gives units back. */
  public static final MethodDescriptor<CheckRequest, Decision> REFUND =
      unary("Refund", CheckRequest.getDefaultInstance(), Decision.getDefaultInstance());

  /** Forgets what was used. */
  public static final MethodDescriptor<ResetRequest, ResetResponse> RESET =
      unary("Reset", ResetRequest.getDefaultInstance(), ResetResponse.getDefaultInstance());

  private LimiterMethods() {}

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> unary(
      String name, Q request, A answer) {
    return method(MethodType.UNARY, name, request, answer);
  }

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      MethodType type, String name, Q request, A answer) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(answer))
        .setSampledToLocalTracing(false)
        .build();
  }

  /** The file that describes the service, for reflection. */
  public static ProtoFileDescriptorSupplier file() {
    return LimiterProto::getDescriptor;
  }
}
