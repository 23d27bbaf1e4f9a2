package io.tollgate.server.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tollgate.limiter.check.CrossOwnerException;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.NamespaceNotFoundException;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.Problem.FieldError;
import io.tollgate.server.door.RefusedException;
import java.util.Optional;

/** What is wrong with a call, as gRPC says it: a status, and details that a program can read. */
final class Statuses {

  private static final String DOMAIN = "tollgate";

  private Statuses() {}

  /** The status of a problem: its code as reason, and each field that is to blame. */
  static StatusRuntimeException of(Problem problem) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code(problem.code()).getNumber())
            .setMessage(problem.detail())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(problem.code().name())
                        .setDomain(DOMAIN)
                        .build()));
    if (!problem.errors().isEmpty()) {
      BadRequest.Builder fields = BadRequest.newBuilder();
      for (FieldError error : problem.errors()) {
        fields
            .addFieldViolationsBuilder()
            .setField(error.pointer())
            .setDescription(error.detail() + "; " + error.fix());
      }
      status.addDetails(Any.pack(fields.build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** By what a client can do about it; docs/grpc.md has the table. */
  static Code code(ErrorCode code) {
    return switch (code) {
      case UNAUTHORIZED, NO_IDENTITY -> Code.UNAUTHENTICATED;
      case FOREIGN_ORIGIN -> Code.PERMISSION_DENIED;
      case NOT_FOUND, NAMESPACE_NOT_FOUND, RESERVATION_NOT_FOUND, LEASE_NOT_FOUND -> Code.NOT_FOUND;
      case RESERVATION_SETTLED, RESERVATION_EXPIRED, LEASE_EXPIRED, NAMESPACE_READ_ONLY ->
          Code.FAILED_PRECONDITION;
      case REQUEST_TIMEOUT -> Code.DEADLINE_EXCEEDED;
      case STORE_UNAVAILABLE, STORAGE_UNAVAILABLE, TOO_MANY_SCRAPES -> Code.UNAVAILABLE;
      case INTERNAL -> Code.INTERNAL;
      case METHOD_NOT_ALLOWED, VERSION_NOT_SUPPORTED -> Code.UNIMPLEMENTED;
      case MALFORMED_REQUEST,
          AMBIGUOUS_LENGTH,
          INVALID_HOST,
          UNSUPPORTED_TRANSFER_ENCODING,
          INVALID_PATH,
          INVALID_UTF8,
          INVALID_JSON,
          DUPLICATE_KEY,
          JSON_OUT_OF_BOUNDS,
          INVALID_FIELD,
          MISSING_FIELD,
          KEY_NOT_SUPPORTED,
          INVALID_NAMESPACE,
          BATCH_TOO_LARGE,
          CROSS_OWNER,
          BODY_TOO_LARGE,
          URI_TOO_LONG,
          UNSUPPORTED_ENCODING,
          EXPECTATION_FAILED,
          HEADERS_TOO_LARGE ->
          Code.INVALID_ARGUMENT;
    };
  }

  /**
   * What a refused call is to be told; empty where the fault is ours.
   *
   * @param prefix of the fields that are to blame, such as {@code checks[1].}
   */
  static Optional<Problem> problem(RuntimeException why, String prefix) {
    return switch (why) {
      case RefusedException refused -> Optional.of(refused.problem());
      case NamespaceNotFoundException unknown ->
          Optional.of(
              Problem.field(
                  ErrorCode.NAMESPACE_NOT_FOUND,
                  prefix + "namespace",
                  "'" + unknown.namespace() + "' does not exist, and no '*' answers for it",
                  "use a configured namespace"));
      case CrossOwnerException several ->
          Optional.of(
              Problem.field(
                  ErrorCode.CROSS_OWNER,
                  "checks[" + several.check() + "].identifier",
                  "differs from that of the first check, and a Redis Cluster keeps identifiers"
                      + " apart",
                  "send a call for each identifier, or use EACH"));
      case InvalidRequestException invalid ->
          Optional.of(
              Problem.field(
                  ErrorCode.INVALID_FIELD,
                  prefix + invalid.field(),
                  invalid.detail(),
                  invalid.fix()));
      default -> Optional.empty();
    };
  }
}
