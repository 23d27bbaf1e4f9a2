package io.tollgate.server.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An answer that is its message's bytes already; whose they are must not change them. */
final class Written {

  private static final Marshaller<Written> MARSHALLER =
      new Marshaller<>() {
        @Override
        public InputStream stream(Written answer) {
          return new Stream(answer.bytes);
        }

        @Override
        public Written parse(InputStream bytes) {
          throw new UnsupportedOperationException("a server reads no answers");
        }
      };

  private final byte[] bytes;

  Written(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The same method, whose answers are written so. */
  static <Q> MethodDescriptor<Q, Written> by(MethodDescriptor<Q, ?> method) {
    return method.toBuilder(method.getRequestMarshaller(), MARSHALLER).build();
  }

  /** Tells gRPC its length, and puts all bytes out at once. */
  private static final class Stream extends ByteArrayInputStream implements Drainable, KnownLength {

    Stream(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int left = available();
      target.write(buf, pos, left);
      pos = count;
      return left;
    }
  }
}
