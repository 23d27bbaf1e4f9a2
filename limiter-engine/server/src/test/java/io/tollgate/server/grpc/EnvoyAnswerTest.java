package io.tollgate.server.grpc;

import static io.tollgate.server.grpc.EnvoyRequests.descriptor;
import static io.tollgate.server.grpc.EnvoyRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UInt64Value;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes with the statuses: headers, hits taken back, what is counted. */
@Timeout(60)
class EnvoyAnswerTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  edge:",
    "    limits: [{name: per-address, algorithm: fixed_window, limit: 5, period: 1m}]",
    "    descriptors:",
    "      - match: [{key: path, value: /login}]",
    "        replaces: [per-address]",
    "        metrics: detailed",
    "        limits: [{name: login, algorithm: fixed_window, limit: 2, period: 1h}]",
    "      - match: [{key: tenant}]",
    "        limits: [{name: tenant, algorithm: fixed_window, limit: 100, period: 1m}]",
    "      - match: [{key: user}]",
    "        metrics: detailed",
    "        limits: [{name: user, algorithm: fixed_window, limit: 100, period: 1m}]",
    "      - match: [{key: trial}]",
    "        shadow: true",
    "        limits: [{name: trial, algorithm: fixed_window, limit: 1, period: 1m}]",
    "      - {match: [{key: vip}], unlimited: true}",
    "  old:",
    "    headers: legacy",
    "    negative_hits: refund",
    "    limits: [{name: all, algorithm: fixed_window, limit: 5, period: 1m}]",
    "  mute:",
    "    headers: none",
    "    limits: [{name: all, algorithm: fixed_window, limit: 1, period: 1m}]",
  };

  /** A field of newer Envoys, which the stubs do not know. */
  private static final int IS_NEGATIVE_HITS = 4;

  private static final UnknownFieldSet.Field YES =
      UnknownFieldSet.Field.newBuilder().addVarint(1).build();

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

  private static Map<String, String> headers(RateLimitResponse answer) {
    return answer.getResponseHeadersToAddList().stream()
        .collect(Collectors.toMap(HeaderValue::getKey, HeaderValue::getValue));
  }

  private static RateLimitDescriptor.Builder takenBack(long hits, String... keysAndValues) {
    return descriptor(keysAndValues)
        .setHitsAddend(UInt64Value.of(hits))
        .setUnknownFields(UnknownFieldSet.newBuilder().addField(IS_NEGATIVE_HITS, YES).build());
  }

  private void assertCounted(String series) throws IOException {
    List<String> metrics = server.scraped();
    assertTrue(metrics.contains(series), () -> String.join("\n", metrics));
  }

  @Test
  void headersAreThoseOfTheDraft() {
    RateLimitRequest.Builder login = request("edge", descriptor("path", "/login"));
    assertEquals(
        Map.of("ratelimit-policy", "\"login\";q=2;w=3600", "ratelimit", "\"login\";r=1;t=1800"),
        headers(ask(login)));
    var _ = ask(login);
    assertEquals(
        Map.of(
            "ratelimit-policy",
            "\"login\";q=2;w=3600",
            "ratelimit",
            "\"login\";r=0;t=1800",
            "retry-after",
            "1800"),
        headers(ask(login)));
  }

  @Test
  void ofSeveralDescriptorsTheOneThatDeniesTellsElseWhoHasLeastLeft() {
    RateLimitDescriptor.Builder tenant = descriptor("tenant", "a");
    RateLimitDescriptor.Builder login = descriptor("path", "/login");
    Map<String, String> least = headers(ask(request("edge", tenant, login)));
    assertEquals("\"login\";r=1;t=1800", least.get("ratelimit"));
    var _ = ask(request("edge", login));
    Map<String, String> denied = headers(ask(request("edge", tenant, login)));
    assertEquals("\"login\";r=0;t=1800", denied.get("ratelimit"));
    assertEquals("1800", denied.get("retry-after"));
  }

  @Test
  void headersAreTheOnesThatAreConfigured() {
    assertEquals(
        Map.of("x-ratelimit-limit", "5", "x-ratelimit-remaining", "4", "x-ratelimit-reset", "60"),
        headers(ask(request("old", descriptor("a", "b")))));
    assertEquals(Map.of(), headers(ask(request("mute", descriptor("a", "b")))));
    assertEquals(
        Map.of("retry-after", "60"), headers(ask(request("mute", descriptor("a", "b")))), "denied");
    assertEquals(Map.of(), headers(ask(request("edge", descriptor("vip", "anna")))), "unlimited");
    assertEquals(Map.of(), headers(ask(request("nowhere", descriptor("a", "b")))), "unknown");
  }

  @Test
  void hitsThatAreTakenBackAreGivenBackOnlyWhereThatIsAllowed() throws IOException {
    for (String domain : List.of("edge", "old")) {
      var _ = ask(request(domain, descriptor("address", "a")).setHitsAddend(3));
    }
    RateLimitResponse looked = ask(request("edge", takenBack(2, "address", "a")));
    assertEquals(Code.OK, looked.getOverallCode());
    assertEquals(2, looked.getStatuses(0).getLimitRemaining());
    RateLimitResponse refunded = ask(request("old", takenBack(2, "address", "a")));
    assertEquals(Code.OK, refunded.getOverallCode());
    assertEquals(4, refunded.getStatuses(0).getLimitRemaining());
    assertEquals(
        5,
        ask(request("old", takenBack(1L << 52, "address", "a"))).getStatuses(0).getLimitRemaining(),
        "never more than was used");
    assertCounted("tollgate_negative_hits_total{namespace=\"edge\",result=\"peeked\"} 1.0");
    assertCounted("tollgate_negative_hits_total{namespace=\"old\",result=\"refunded\"} 2.0");
  }

  @Test
  void whoTakesHitsBackIsNeverOverTheLimit() {
    for (String domain : List.of("edge", "old")) {
      var _ = ask(request(domain, descriptor("address", "a")).setHitsAddend(5));
      assertEquals(
          Code.OVER_LIMIT, ask(request(domain, descriptor("address", "a"))).getOverallCode());
      RateLimitResponse answer = ask(request(domain, takenBack(0, "address", "a")));
      assertEquals(Code.OK, answer.getOverallCode(), domain);
      assertEquals(Code.OK, answer.getStatuses(0).getCode(), domain);
    }
  }

  @Test
  void rulesAreCountedEachValueApartWhereThatIsAskedFor() throws IOException {
    var _ = ask(request("edge", descriptor("tenant", "a"), descriptor("tenant", "b")));
    var _ = ask(request("edge", descriptor("user", "a=b"), descriptor("user", "c")));
    var _ = ask(request("edge", descriptor("vip", "anna"), descriptor("none", "x")));
    for (int i = 0; i < 3; i++) {
      var _ = ask(request("edge", descriptor("path", "/login"), descriptor("trial", "x")));
    }
    String family = "tollgate_descriptors_total{descriptor=\"";
    for (String expected :
        List.of(
            "tenant\",namespace=\"edge\",result=\"within_limit\"} 2.0",
            "user=a=b\",namespace=\"edge\",result=\"within_limit\"} 1.0",
            "user=c\",namespace=\"edge\",result=\"within_limit\"} 1.0",
            "vip\",namespace=\"edge\",result=\"within_limit\"} 1.0",
            "path=/login\",namespace=\"edge\",result=\"within_limit\"} 2.0",
            "path=/login\",namespace=\"edge\",result=\"over_limit\"} 1.0",
            "trial\",namespace=\"edge\",result=\"over_limit_in_shadow\"} 2.0")) {
      assertCounted(family + expected);
    }
    assertCounted("tollgate_check_duration_seconds_count{verb=\"check\"} 6");
  }

  @Test
  void tooManyValuesCountTogether() throws IOException {
    RateLimitRequest.Builder many = request("edge");
    for (int k = 0; k < 1_000; k++) {
      many.addDescriptors(descriptor("user", "u" + k));
    }
    for (int i = 0; i < 3; i++) {
      RateLimitRequest.Builder others = request("edge");
      for (RateLimitDescriptor.Builder one : many.getDescriptorsBuilderList()) {
        String value = one.getEntries(0).getValue();
        others.addDescriptors(descriptor("user", i + value));
      }
      var _ = ask(others);
    }
    assertCounted(
        "tollgate_descriptors_total{descriptor=\"others\",namespace=\"edge\","
            + "result=\"within_limit\"} 1000.0");
  }
}
