package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.Decision;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators and tools ask: health, reflection, metrics. */
@Timeout(60)
class GrpcOperationTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  api:",
    "    limits: [{name: per-minute, algorithm: fixed_window, limit: 3, period: 1m}]",
  };

  @SuppressWarnings("NullAway.Init") // before each test
  private TestGrpc server;

  @BeforeEach
  void start() throws IOException {
    server = new TestGrpc(TestGrpc.With.nothing(), LIMITS);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Decision check(String identifier, String namespace, long cost) {
    return server.call(LimiterMethods.CHECK, TestGrpc.asked(identifier, namespace, cost));
  }

  private static ServingStatus health(TestGrpc of, String service) {
    return HealthGrpc.newBlockingStub(of.client())
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void healthSaysWhetherChecksAreAnswered() {
    assertEquals(ServingStatus.SERVING, health(server, ""));
    assertEquals(ServingStatus.SERVING, health(server, LimiterMethods.SERVICE));
    server.ready.set(false);
    long end = System.nanoTime() + 10_000_000_000L;
    while (health(server, "") != ServingStatus.NOT_SERVING) {
      assertTrue(System.nanoTime() < end, "it is told within a moment");
    }
    StatusRuntimeException unknown =
        assertThrows(StatusRuntimeException.class, () -> health(server, "nobody"));
    assertEquals(Status.Code.NOT_FOUND, unknown.getStatus().getCode());
  }

  @Test
  void theServiceDescribesItself() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    StreamObserver<ServerReflectionRequest> ask =
        ServerReflectionGrpc.newStub(server.client())
            .serverReflectionInfo(
                new StreamObserver<ServerReflectionResponse>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answer
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> said.add(service.getName()));
                    answer
                        .getFileDescriptorResponse()
                        .getFileDescriptorProtoList()
                        .forEach(file -> said.add(file.toStringUtf8()));
                  }

                  @Override
                  public void onError(Throwable why) {
                    said.add(why.toString());
                    ended.countDown();
                  }

                  @Override
                  public void onCompleted() {
                    ended.countDown();
                  }
                });
    ask.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    ask.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol(LimiterMethods.SERVICE)
            .build());
    ask.onCompleted();
    assertTrue(ended.await(20, TimeUnit.SECONDS));
    assertTrue(said.contains(LimiterMethods.SERVICE), said::toString);
    assertTrue(said.contains("grpc.health.v1.Health"), said::toString);
    assertTrue(said.stream().anyMatch(file -> file.contains("CheckStreamRequest")), "its file");
  }

  @Test
  void everythingIsCounted() throws IOException {
    check("user", "api", 3);
    check("user", "api", 1);
    assertThrows(StatusRuntimeException.class, () -> check("user", "unknown", 1));
    List<String> metrics = server.scraped();
    assertTrue(
        metrics.contains(
            "tollgate_checks_total{algorithm=\"fixed_window\",decision=\"rate_limited\","
                + "namespace=\"api\",verb=\"check\"} 1.0"),
        () -> String.join("\n", metrics));
    assertTrue(
        metrics.contains(
            "tollgate_grpc_requests_total{code=\"none\",method=\"Check\",status=\"ok\"} 2.0"),
        () -> String.join("\n", metrics));
    assertTrue(
        metrics.contains(
            "tollgate_grpc_requests_total{code=\"namespace_not_found\",method=\"Check\","
                + "status=\"not_found\"} 1.0"),
        () -> String.join("\n", metrics));
    assertTrue(
        metrics.contains("tollgate_http_connections{port=\"grpc\"} 1.0"),
        () -> String.join("\n", metrics));
  }

  @Test
  void healthNeedsNoToken() throws IOException {
    try (TestGrpc guarded = new TestGrpc(TestGrpc.With.tokens("check", "admin"), LIMITS)) {
      assertEquals(ServingStatus.SERVING, health(guarded, ""));
    }
  }
}
