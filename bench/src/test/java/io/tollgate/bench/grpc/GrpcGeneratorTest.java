package io.tollgate.bench.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.Error;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generator against gRPC's own server on a real socket. */
class GrpcGeneratorTest {

  private static final Duration MOST = Duration.ofSeconds(30);

  private static final Proto CHECK =
      new Proto().text(1, "user_" + Call.SLOT).text(2, "bench").number(3, 7);

  private static final Call UNARY =
      Call.unary("/tollgate.limiter.v1.LimiterService/Check", CHECK, 2);

  private static final Call STREAM =
      Call.streamed("/tollgate.limiter.v1.LimiterService/CheckStream", CHECK, 2);

  /** Answers what a function says to the number in a request; none is an error. */
  private static final class Small implements AutoCloseable {

    /** Answers of a stream are kept back until there are so many, and then turned round. */
    private static final int TURNED = 5;

    private final IntFunction<Decision> answers;
    private final ConcurrentMap<Integer, Integer> asked = new ConcurrentHashMap<>();
    private final Server server;

    Small(IntFunction<Decision> answers) throws IOException {
      this.answers = answers;
      this.server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .addService(
                  ServerServiceDefinition.builder(LimiterMethods.SERVICE)
                      .addMethod(LimiterMethods.CHECK, ServerCalls.asyncUnaryCall(this::check))
                      .addMethod(
                          LimiterMethods.CHECK_STREAM,
                          ServerCalls.asyncBidiStreamingCall(this::stream))
                      .build())
              .build()
              .start();
    }

    private Decision answer(CheckRequest request) {
      assertEquals("bench", request.getNamespace());
      assertEquals(7, request.getCost());
      assertEquals("user_", request.getIdentifier().substring(0, 5));
      int number = Integer.parseInt(request.getIdentifier(), 5, 12, 10);
      asked.merge(number, 1, Integer::sum);
      return answers.apply(number);
    }

    private void check(CheckRequest request, StreamObserver<Decision> caller) {
      Decision answer = answer(request);
      if (answer.equals(Decision.getDefaultInstance())) {
        caller.onError(Status.UNAVAILABLE.withDescription("not now").asRuntimeException());
        return;
      }
      caller.onNext(answer);
      caller.onCompleted();
    }

    private StreamObserver<CheckStreamRequest> stream(StreamObserver<CheckStreamResponse> caller) {
      List<CheckStreamResponse> held = new ArrayList<>();
      return new StreamObserver<>() {
        @Override
        public void onNext(CheckStreamRequest request) {
          Decision answer = answer(request.getCheck());
          CheckStreamResponse.Builder out = CheckStreamResponse.newBuilder();
          out.setId(request.getId());
          if (answer.equals(Decision.getDefaultInstance())) {
            out.setError(Error.newBuilder().setStatus(14));
          } else {
            out.setDecision(answer);
          }
          held.add(out.build());
          if (held.size() == TURNED) {
            Collections.reverse(held);
            held.forEach(caller::onNext);
            held.clear();
          }
        }

        @Override
        public void onError(Throwable gone) {
          held.clear();
        }

        @Override
        public void onCompleted() {
          caller.onCompleted();
        }
      };
    }

    int port() {
      return server.getPort();
    }

    @Override
    public void close() {
      end();
    }

    void end() {
      var _ = server.shutdownNow();
      try {
        assertTrue(server.awaitTermination(10, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Decision allowed(int remaining) {
    return Decision.newBuilder().setAllowed(true).setRemaining(remaining).build();
  }

  private static int[] first(int count) {
    return IntStream.range(0, count).toArray();
  }

  @Test
  void eachIdentifierIsAskedForOnceAndAnswered() throws Exception {
    for (Call call : List.of(UNARY, STREAM)) {
      for (int depth : List.of(5, 100)) {
        try (var server = new Small(i -> allowed(1_000 - i));
            var generator = new GrpcGenerator(server.port(), call, 1, depth, true)) {
          generator.askOnce(first(500), MOST);
          Answers answers = generator.answers();
          assertEquals("", answers.failure());
          assertEquals(500, answers.answered());
          assertEquals(0, answers.denied() + answers.failed());
          assertEquals(501, answers.leastRemaining());
          assertEquals(500, answers.latency().getTotalCount());
          assertEquals(500, server.asked.size());
          assertEquals(Set.of(1), Set.copyOf(server.asked.values()));
        }
      }
    }
  }

  @Test
  void connectionsShareTheOrder() throws Exception {
    try (var server = new Small(GrpcGeneratorTest::allowed);
        var generator = new GrpcGenerator(server.port(), UNARY, 7, 3, false)) {
      generator.askOnce(first(1_000), MOST);
      assertEquals(1_000, generator.answers().answered());
      assertEquals(Set.of(1), Set.copyOf(server.asked.values()));
      assertEquals(-1, generator.answers().leastRemaining());
    }
  }

  @Test
  void errorsAndDenialsAreCounted() throws Exception {
    IntFunction<Decision> answers =
        i ->
            switch (i % 10) {
              case 3 -> Decision.getDefaultInstance();
              case 4, 5 -> Decision.newBuilder().setRemaining(9).build();
              default -> allowed(i);
            };
    for (Call call : List.of(UNARY, STREAM)) {
      try (var server = new Small(answers);
          var generator = new GrpcGenerator(server.port(), call, 1, 10, true)) {
        generator.askOnce(first(100), MOST);
        assertEquals(100, generator.answers().answered());
        assertEquals(10, generator.answers().failed());
        assertEquals(20, generator.answers().denied());
        assertTrue(generator.answers().failure().length() > 5);
      }
    }
  }

  @Test
  void answersOfSeveralFramesAreReadWhole() throws Exception {
    String longId = "x".repeat(30_000);
    IntFunction<Decision> answers = i -> allowed(i).toBuilder().setDecisionId(longId).build();
    for (Call call : List.of(UNARY, STREAM)) {
      try (var server = new Small(answers);
          var generator = new GrpcGenerator(server.port(), call, 1, 20, true)) {
        // More than both windows that a client begins with.
        generator.askOnce(first(1_000), MOST);
        assertEquals("", generator.answers().failure());
        assertEquals(1_000, generator.answers().answered());
        assertEquals(0, generator.answers().denied() + generator.answers().failed());
      }
    }
  }

  @Test
  void aClosedLoopEndsInTimeWithEverythingAnswered() throws Exception {
    try (var server = new Small(GrpcGeneratorTest::allowed);
        var generator = new GrpcGenerator(server.port(), UNARY, 2, 8, false)) {
      long nanos = generator.ask(first(10), Duration.ofMillis(200));
      assertTrue(nanos >= Duration.ofMillis(200).toNanos(), nanos + " ns");
      long sum = server.asked.values().stream().mapToInt(Integer::intValue).sum();
      assertEquals(sum, generator.answers().answered());
      assertEquals(0, generator.answers().failed());
      assertEquals(10, server.asked.size());
    }
  }

  @Test
  void aServerThatEndsEndsTheRun() throws Exception {
    try (var server = new Small(GrpcGeneratorTest::allowed);
        var generator = new GrpcGenerator(server.port(), UNARY, 1, 1, false)) {
      generator.askOnce(first(1), MOST);
      server.end();
      assertThrows(IOException.class, () -> generator.askOnce(first(10), MOST));
    }
  }

  @Test
  void noMoreIsUnderWayThanMayBe() {
    assertThrows(IllegalArgumentException.class, () -> new GrpcGenerator(1, STREAM, 1, 257, false));
    assertThrows(IllegalArgumentException.class, () -> new GrpcGenerator(1, STREAM, 1, 0, false));
  }
}
