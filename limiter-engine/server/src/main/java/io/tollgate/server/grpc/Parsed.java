package io.tollgate.server.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request that was read, or could not be: gRPC calls bytes that are no message a fault of the
 * server's, and they are the caller's.
 *
 * @param <Q> the message
 */
final class Parsed<Q> {

  private final @Nullable Q message;
  private final String wrong;

  private Parsed(@Nullable Q message, String wrong) {
    this.message = message;
    this.wrong = wrong;
  }

  /**
   * The message.
   *
   * @throws RefusedException when the bytes are none
   */
  Q message() {
    Q read = message;
    if (read == null) {
      throw RefusedException.of(
          ErrorCode.MALFORMED_REQUEST, "the bytes are no message of this method: " + wrong);
    }
    return read;
  }

  /** The same method, whose requests are read so. */
  static <Q, A> MethodDescriptor<Parsed<Q>, A> by(MethodDescriptor<Q, A> method) {
    Marshaller<Q> usual = method.getRequestMarshaller();
    Marshaller<Parsed<Q>> careful =
        new Marshaller<>() {
          @Override
          public InputStream stream(Parsed<Q> request) {
            return usual.stream(request.message());
          }

          @Override
          public Parsed<Q> parse(InputStream bytes) {
            try {
              return new Parsed<>(usual.parse(bytes), "");
            } catch (RuntimeException e) {
              Throwable cause = Status.fromThrowable(e).getCause();
              return new Parsed<>(null, String.valueOf(cause == null ? e : cause.getMessage()));
            }
          }
        };
    return method.toBuilder(careful, method.getResponseMarshaller()).build();
  }
}
