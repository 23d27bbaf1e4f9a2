package io.tollgate.server.doors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.LimitState;
import io.tollgate.server.doors.Step.Asked;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code LimiterService}: one call for each check, or one stream for all. */
final class GrpcWays {

  private static final long PATIENCE_SECONDS = 20;

  private GrpcWays() {}

  static ManagedChannel channel(OneServer server) {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.grpc.port()).usePlaintext().build();
  }

  private static CheckRequest request(Asked asked) {
    return CheckRequest.newBuilder()
        .setIdentifier(asked.identifier())
        .setNamespace(asked.namespace())
        .setCost(asked.cost())
        .build();
  }

  private static Told told(Decision decision) {
    OptionalLong wait =
        decision.hasRetryAfterMs()
            ? OptionalLong.of(
                Math.ceilDiv(Math.round(decision.getRetryAfterMs() * 1_000), 1_000_000L))
            : OptionalLong.empty();
    for (LimitState limit : decision.getLimitsList()) {
      if (limit.getBinding()) {
        return new Told(
            decision.getAllowed(),
            limit.getName(),
            limit.getLimit(),
            limit.getRemaining(),
            micros(limit.getResetAt()),
            wait);
      }
    }
    return new Told(decision.getAllowed(), "", 0, 0, 0, wait);
  }

  private static long micros(Timestamp said) {
    Instant at = Instant.ofEpochSecond(said.getSeconds(), said.getNanos());
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  /** {@code Check}. */
  static final class Unary implements Door {

    private final ManagedChannel channel;

    Unary(OneServer server) {
      channel = channel(server);
    }

    @Override
    public Optional<Told> ask(Asked asked) {
      try {
        return Optional.of(
            told(
                ClientCalls.blockingUnaryCall(
                    channel,
                    LimiterMethods.CHECK,
                    CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
                    request(asked))));
      } catch (StatusRuntimeException e) {
        assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode(), e.toString());
        return Optional.empty();
      }
    }

    @Override
    public void close() {
      var _ = channel.shutdownNow();
    }
  }

  /** {@code CheckStream}. */
  static final class Stream implements Door, StreamObserver<CheckStreamResponse> {

    private final ManagedChannel channel;
    private final StreamObserver<CheckStreamRequest> requests;
    private final BlockingQueue<CheckStreamResponse> answers = new LinkedBlockingQueue<>();
    private long id;

    Stream(OneServer server) {
      channel = channel(server);
      requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(LimiterMethods.CHECK_STREAM, CallOptions.DEFAULT), this);
    }

    @Override
    public Optional<Told> ask(Asked asked) throws InterruptedException {
      requests.onNext(CheckStreamRequest.newBuilder().setId(++id).setCheck(request(asked)).build());
      @Nullable CheckStreamResponse answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer to " + asked);
      }
      assertEquals(id, answer.getId());
      if (answer.hasError()) {
        assertEquals(Status.Code.NOT_FOUND.value(), answer.getError().getStatus());
        return Optional.empty();
      }
      return Optional.of(told(answer.getDecision()));
    }

    @Override
    public void onNext(CheckStreamResponse answer) {
      assertFalse(answers.size() > 1, "one question, one answer");
      answers.add(answer);
    }

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
      requests.onCompleted();
      var _ = channel.shutdownNow();
    }
  }
}
