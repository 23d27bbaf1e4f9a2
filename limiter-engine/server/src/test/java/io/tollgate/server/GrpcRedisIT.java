package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.redis.RedisServer;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers as they are shipped, asked over gRPC, and the Redis that they share. */
@Timeout(120)
class GrpcRedisIT {

  private static final int CHECKS = 2_000;
  private static final int LIMIT = 1_500;

  private static final List<String> LIMITS =
      List.of(
          "version: 1",
          "namespaces:",
          "  api: {limits: [{name: m, algorithm: token_bucket, limit: " + LIMIT + ", period: 1d}]}",
          "  strict:",
          "    on_store_failure: closed",
          "    limits: [{name: m, algorithm: token_bucket, limit: 5, period: 1d}]");

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.start();
  private final List<TollgateProcess> processes = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    Path limits = Files.write(folder.resolve("limits.yaml"), LIMITS);
    Map<String, String> environment =
        Map.of(
            "REDIS_ADDR",
            "127.0.0.1:" + redis.port,
            "REDIS_TIMEOUT_MS",
            "2000",
            "TOLLGATE_HTTP_PORT",
            "0",
            "TOLLGATE_ADMIN_PORT",
            "0",
            "TOLLGATE_LIMITS",
            limits.toString());
    for (int i = 0; i < 2; i++) {
      TollgateProcess process = TollgateProcess.startShipped(folder, environment, "serve");
      processes.add(process);
      int port = TollgateProcess.port(process.line(), "grpc");
      channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    processes.forEach(TollgateProcess::close);
    redis.close();
  }

  private static CheckRequest asked(String namespace) {
    return CheckRequest.newBuilder().setIdentifier("user").setNamespace(namespace).build();
  }

  private Decision check(int server, String namespace) {
    return ClientCalls.blockingUnaryCall(
        channels.get(server),
        LimiterMethods.CHECK,
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        asked(namespace));
  }

  @Test
  void streamsOfTwoServersAdmitTogetherExactlyTheLimit() throws Exception {
    AtomicInteger allowed = new AtomicInteger();
    List<Answers> answers = new ArrayList<>();
    for (ManagedChannel channel : channels) {
      Answers heard = new Answers(allowed);
      answers.add(heard);
      StreamObserver<CheckStreamRequest> requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(LimiterMethods.CHECK_STREAM, CallOptions.DEFAULT), heard);
      for (int id = 0; id < CHECKS; id++) {
        requests.onNext(CheckStreamRequest.newBuilder().setId(id).setCheck(asked("api")).build());
      }
      requests.onCompleted();
    }
    for (Answers heard : answers) {
      assertTrue(heard.ended.await(60, TimeUnit.SECONDS));
      assertEquals("", heard.wrong);
      assertEquals(CHECKS, heard.ids.cardinality(), "each question is answered once");
    }
    assertEquals(LIMIT, allowed.get());
    assertFalse(check(0, "api").getAllowed());
    assertEquals(0, check(1, "api").getRemaining());
  }

  private static final class Answers implements StreamObserver<CheckStreamResponse> {

    private final AtomicInteger allowed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final BitSet ids = new BitSet();
    private volatile String wrong = "";

    Answers(AtomicInteger allowed) {
      this.allowed = allowed;
    }

    @Override
    public void onNext(CheckStreamResponse answer) {
      if (ids.get((int) answer.getId()) || !answer.hasDecision()) {
        wrong = answer.toString();
      }
      ids.set((int) answer.getId());
      if (answer.getDecision().getAllowed()) {
        allowed.incrementAndGet();
      }
    }

    @Override
    public void onError(Throwable why) {
      wrong = why.toString();
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }

  @Test
  void whileRedisIsAwayThePolicyAnswersAndEnvoyIsToldNothingFalse() {
    assertTrue(check(0, "api").getAllowed());
    redis.close();
    Decision degraded = check(0, "api");
    assertTrue(degraded.getAllowed());
    assertTrue(degraded.getDegraded());
    assertEquals(io.tollgate.limiter.v1.Code.STORE_UNAVAILABLE, check(0, "strict").getCode());
    RateLimitRequest asked =
        RateLimitRequest.newBuilder()
            .setDomain("strict")
            .addDescriptors(
                RateLimitDescriptor.newBuilder()
                    .addEntries(RateLimitDescriptor.Entry.newBuilder().setKey("a").setValue("b")))
            .build();
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channels.get(1),
                    EnvoyMethods.SHOULD_RATE_LIMIT,
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                    asked));
    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
  }
}
