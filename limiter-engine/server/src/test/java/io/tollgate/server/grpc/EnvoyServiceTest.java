package io.tollgate.server.grpc;

import static io.tollgate.server.grpc.EnvoyRequests.descriptor;
import static io.tollgate.server.grpc.EnvoyRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import io.envoyproxy.envoy.type.v3.RateLimitUnit;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.Store;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Envoy's rate limit service, asked by the stubs that Envoy's own project publishes. */
@Timeout(60)
class EnvoyServiceTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  edge:",
    "    limits: [{name: per-address, algorithm: fixed_window, limit: 5, period: 1m}]",
    "    descriptors:",
    "      - match: [{key: path, value: /login}, {key: remote_address}]",
    "        replaces: [per-address]",
    "        limits: [{name: login, algorithm: fixed_window, limit: 2, period: 1h}]",
    "      - {match: [{key: vip}], unlimited: true}",
    "  bare:",
    "    limits: []",
    "    descriptors:",
    "      - match: [{key: known}]",
    "        limits: [{name: known, algorithm: token_bucket, limit: 3, period: 1s}]",
    "  strict:",
    "    on_store_failure: closed",
    "    limits: [{name: all, algorithm: fixed_window, limit: 5, period: 1m}]",
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

  private RateLimitResponse ask(RateLimitRequest.Builder request) {
    return EnvoyRequests.ask(server, request);
  }

  @Test
  void eachDescriptorIsAnsweredInItsPlace() {
    RateLimitResponse answer =
        ask(
            request(
                "edge",
                descriptor("remote_address", "10.0.0.1"),
                descriptor("vip", "anna"),
                descriptor("remote_address", "10.0.0.2")));
    assertEquals(Code.OK, answer.getOverallCode());
    assertEquals(3, answer.getStatusesCount());
    DescriptorStatus first = answer.getStatuses(0);
    assertEquals(Code.OK, first.getCode());
    assertEquals("per-address", first.getCurrentLimit().getName());
    assertEquals(5, first.getCurrentLimit().getRequestsPerUnit());
    assertEquals(Unit.MINUTE, first.getCurrentLimit().getUnit());
    assertEquals(4, first.getLimitRemaining());
    assertEquals(60, first.getDurationUntilReset().getSeconds());
    assertFalse(answer.getStatuses(1).hasCurrentLimit(), "unlimited");
    assertEquals(-1, answer.getStatuses(1).getLimitRemaining(), "the most of an unsigned number");
    assertEquals(4, answer.getStatuses(2).getLimitRemaining(), "each address counts apart");
  }

  @Test
  void aRuleReplacesALimitOfTheNamespaceAndDeniesAfterItsOwn() {
    RateLimitRequest.Builder login =
        request("edge", descriptor("path", "/login", "remote_address", "10.0.0.1"));
    assertEquals("login", ask(login).getStatuses(0).getCurrentLimit().getName());
    assertEquals(Code.OK, ask(login).getOverallCode());
    RateLimitResponse denied = ask(login);
    assertEquals(Code.OVER_LIMIT, denied.getOverallCode());
    assertEquals(Code.OVER_LIMIT, denied.getStatuses(0).getCode());
    assertEquals(0, denied.getStatuses(0).getLimitRemaining());
    assertEquals(3_600 / 2, denied.getStatuses(0).getDurationUntilReset().getSeconds());
  }

  @Test
  void whatIsNotConfiguredPassesWithoutALimit() {
    for (RateLimitRequest.Builder unknown :
        List.of(
            request("nowhere", descriptor("a", "b")), request("bare", descriptor("other", "x")))) {
      RateLimitResponse answer = ask(unknown);
      assertEquals(Code.OK, answer.getOverallCode());
      assertEquals(1, answer.getStatusesCount());
      assertFalse(answer.getStatuses(0).hasCurrentLimit());
    }
  }

  @Test
  void theSameDescriptorTwiceCountsTwice() {
    RateLimitResponse answer =
        ask(request("bare", descriptor("known", "x"), descriptor("known", "x")));
    assertEquals(2, answer.getStatuses(0).getLimitRemaining());
    assertEquals(1, answer.getStatuses(1).getLimitRemaining());
  }

  @Test
  void theAddendOfADescriptorComesBeforeThatOfTheRequest() {
    RateLimitRequest.Builder two = request("edge", descriptor("remote_address", "a"));
    assertEquals(3, ask(two.setHitsAddend(2)).getStatuses(0).getLimitRemaining());
    RateLimitDescriptor.Builder peek =
        descriptor("remote_address", "a").setHitsAddend(UInt64Value.of(0));
    assertEquals(3, ask(request("edge", peek).setHitsAddend(2)).getStatuses(0).getLimitRemaining());
    RateLimitDescriptor.Builder most =
        descriptor("remote_address", "a").setHitsAddend(UInt64Value.of(1L << 40));
    assertEquals(Code.OVER_LIMIT, ask(request("edge", most)).getOverallCode());
    assertEquals(Code.OVER_LIMIT, ask(two.setHitsAddend(-1)).getOverallCode(), "2^32 - 1");
    assertEquals(3, ask(request("edge", peek)).getStatuses(0).getLimitRemaining());
  }

  @Test
  void anAddendAtTheEdgeOfItsTypeIsRefused() {
    RateLimitDescriptor.Builder most =
        descriptor("remote_address", "a").setHitsAddend(UInt64Value.of(-1));
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> ask(request("edge", most)));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertEquals(
        "descriptors.hits_addend: 18446744073709551615 is out of bounds",
        refused.getStatus().getDescription());
  }

  @Test
  void aLimitThatComesAlongHoldsInPlaceOfAll() {
    RateLimitDescriptor.Builder own =
        descriptor("remote_address", "a")
            .setLimit(
                RateLimitOverride.newBuilder().setRequestsPerUnit(1).setUnit(RateLimitUnit.SECOND));
    DescriptorStatus first = ask(request("edge", own)).getStatuses(0);
    assertEquals(Unit.SECOND, first.getCurrentLimit().getUnit());
    assertEquals(0, first.getLimitRemaining());
    assertEquals(Code.OVER_LIMIT, ask(request("edge", own)).getOverallCode());
    own.getLimitBuilder().setRequestsPerUnit(0);
    assertEquals(Code.OVER_LIMIT, ask(request("edge", own)).getOverallCode());
    own.getLimitBuilder().setUnit(RateLimitUnit.UNKNOWN);
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> ask(request("edge", own)));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
  }

  @Test
  void aRequestThatAsksNothingIsWrong() {
    for (RateLimitRequest.Builder wrong :
        List.of(
            request("edge"),
            request("", descriptor("a", "b")),
            request("edge", RateLimitDescriptor.newBuilder()),
            request("edge", descriptor("", "b")))) {
      StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> ask(wrong));
      assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    }
  }

  @Test
  void aDescriptorOfAMegabyteIsOneKeyOrRefused() {
    String value = "x".repeat(1024 * 1024 - 1_000);
    assertEquals(
        4,
        ask(request("edge", descriptor("remote_address", value)))
            .getStatuses(0)
            .getLimitRemaining());
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> ask(request("edge", descriptor("remote_address", value + value))));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
  }

  @Test
  void aStoreThatIsAwayIsNoReasonToSayOverLimit() throws IOException {
    try (TestGrpc away = new TestGrpc(TestGrpc.With.store(EnvoyServiceTest::away), LIMITS)) {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> EnvoyRequests.ask(away, request("strict", descriptor("a", "b"))));
      assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
      assertEquals(
          Code.OK,
          EnvoyRequests.ask(away, request("edge", descriptor("a", "b"))).getOverallCode(),
          "local");
    }
  }

  /** As a store decides whose counters cannot be reached. */
  private static Store away(Store store) {
    MemoryStore local =
        new MemoryStore(
            () -> TestGrpc.START.getEpochSecond() * 1_000_000,
            new MemoryStoreConfig(1_024, 1_000_000, WhenFull.EVICT));
    FailurePolicy policy =
        new FailurePolicy(
            local, () -> TestGrpc.START.getEpochSecond() * 1_000_000, () -> 1, 1_000_000);
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (_, method, arguments) -> {
              if (!method.getName().equals("check")) {
                return method.invoke(store, arguments);
              }
              policy.check(
                  (io.tollgate.limiter.store.CheckBuffer) arguments[0],
                  (Store.Listener) arguments[1]);
              return null;
            });
  }
}
