package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.ByteStreams;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.CheckManyRequest;
import io.tollgate.limiter.v1.Decision;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no client of ours sends: it gets the right status, and others do not notice. */
@Timeout(60)
class GrpcBadInputTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  api:",
    "    limits: [{name: all, algorithm: fixed_window, limit: 5, period: 1h}]",
  };

  @SuppressWarnings("NullAway.Init") // before each test
  private TestGrpc server;

  @BeforeEach
  void start() throws IOException {
    server = new TestGrpc(TestGrpc.With.nothing(), LIMITS);
  }

  @AfterEach
  void stop() throws IOException {
    try {
      Decision other = server.call(LimiterMethods.CHECK, TestGrpc.asked("somebody else", "api", 1));
      assertTrue(other.getAllowed(), "others are answered");
    } finally {
      server.close();
    }
  }

  /** Sends bytes as they are. */
  private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
    BYTES;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private byte[] send(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(Raw.BYTES)
            .setResponseMarshaller(Raw.BYTES)
            .build();
    return TestGrpc.call(server.client(), raw, message);
  }

  private Status.Code refused(String method, byte[] message) {
    return assertThrows(StatusRuntimeException.class, () -> send(method, message))
        .getStatus()
        .getCode();
  }

  static Stream<byte[]> malformed() {
    return Stream.of(
        new byte[] {0x0a, 0x7f, 'a'},
        new byte[] {0x0a, 0x02, (byte) 0xc3, 0x28},
        new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff},
        new byte[] {0x18, (byte) 0x80, (byte) 0x80, (byte) 0x80});
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsNoMessageIsTheCallersFault(byte[] bytes) {
    assertEquals(
        Status.Code.INVALID_ARGUMENT, refused(LimiterMethods.CHECK.getFullMethodName(), bytes));
  }

  @Test
  void unknownFieldsMeanNothing() throws IOException {
    byte[] fine = TestGrpc.asked("user", "api", 1).toByteArray();
    byte[] more = new byte[fine.length + 3];
    System.arraycopy(fine, 0, more, 0, fine.length);
    more[fine.length] = (byte) 0xf8;
    more[fine.length + 1] = 0x7f;
    more[fine.length + 2] = 1;
    assertTrue(
        Decision.parseFrom(send(LimiterMethods.CHECK.getFullMethodName(), more)).getAllowed());
  }

  @Test
  void anUnknownMethodIsSaidToBeOne() {
    assertEquals(
        Status.Code.UNIMPLEMENTED, refused(LimiterMethods.SERVICE + "/Guess", new byte[0]));
  }

  @Test
  void aMessageThatIsTooLongIsNotRead() {
    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED,
        refused(LimiterMethods.CHECK.getFullMethodName(), new byte[1024 * 1024 + 1]));
  }

  @Test
  void aBatchHasAtMostAThousandChecks() {
    CheckManyRequest.Builder many = CheckManyRequest.newBuilder();
    for (int i = 0; i < 1_001; i++) {
      many.addChecks(TestGrpc.asked("user", "api", 1));
    }
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.call(LimiterMethods.CHECK_MANY, many.build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
  }

  @Test
  void metadataThatIsTooLongIsRefused() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20 * 1024));
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                TestGrpc.call(
                    io.grpc.ClientInterceptors.intercept(
                        server.client(), MetadataUtils.newAttachHeadersInterceptor(headers)),
                    LimiterMethods.CHECK,
                    TestGrpc.asked("user", "api", 1)));
    assertEquals(Status.Code.INTERNAL, refused.getStatus().getCode(), refused::getMessage);
  }

  @Test
  void absurdDeadlinesAreObeyed() {
    for (long seconds : new long[] {1_000_000_000L, 30}) {
      assertTrue(
          ClientCalls.blockingUnaryCall(
                  server.client(),
                  LimiterMethods.CHECK,
                  CallOptions.DEFAULT.withDeadline(Deadline.after(seconds, TimeUnit.SECONDS)),
                  TestGrpc.asked("user", "api", 0))
              .getAllowed());
    }
    StatusRuntimeException late =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    server.client(),
                    LimiterMethods.CHECK,
                    CallOptions.DEFAULT.withDeadline(Deadline.after(1, TimeUnit.NANOSECONDS)),
                    TestGrpc.asked("user", "api", 5)));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
    assertEquals(
        5,
        server.call(LimiterMethods.CHECK, TestGrpc.asked("user", "api", 0)).getRemaining(),
        "who does not wait is not charged");
  }

  @Test
  void plainHttpOnThisPortIsClosedSoon() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.door.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] all = socket.getInputStream().readAllBytes();
      assertTrue(all.length < 1_000);
    }
  }

  @Test
  void connectionsBeyondTheBoundAreClosedAndCounted() throws IOException {
    try (TestGrpc narrow = new TestGrpc(TestGrpc.With.connections(3), LIMITS)) {
      List<ManagedChannel> channels = new ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          ManagedChannel one = narrow.channel();
          channels.add(one);
          var _ = TestGrpc.call(one, LimiterMethods.CHECK, TestGrpc.asked("user", "api", 0));
        }
        ManagedChannel tooMany = narrow.channel();
        channels.add(tooMany);
        StatusRuntimeException refused =
            assertThrows(
                StatusRuntimeException.class,
                () ->
                    TestGrpc.call(tooMany, LimiterMethods.CHECK, TestGrpc.asked("user", "api", 0)));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
        assertTrue(
            narrow.scraped().stream()
                .anyMatch(line ->
                    line.startsWith("tollgate_http_connections_refused_total{port=\"grpc\"}")
                        && !line.endsWith(" 0.0")));
      } finally {
        channels.forEach(channel -> channel.shutdownNow());
      }
    }
  }
}
