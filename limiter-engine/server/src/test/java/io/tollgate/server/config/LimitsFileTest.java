package io.tollgate.server.config;

import static io.tollgate.server.config.Yaml.limit;
import static io.tollgate.server.config.Yaml.namespace;
import static io.tollgate.server.config.Yaml.one;
import static io.tollgate.server.config.Yaml.oneLimit;
import static io.tollgate.server.config.Yaml.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.Identity;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.limit.StoreFailure;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a good file means. */
class LimitsFileTest {

  private static final long MINUTE = 60_000_000;

  static Stream<Arguments> algorithms() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Period day = Period.of(Duration.ofDays(1));
    return Stream.of(
        Arguments.of(
            "fixed_window, limit: 5, period: 1d",
            new Algorithm.FixedWindow(5, day, new Alignment.Epoch())),
        Arguments.of(
            "fixed_window, limit: 5, period: 1d, align: first_call",
            new Algorithm.FixedWindow(5, day, new Alignment.FirstCall())),
        Arguments.of(
            "fixed_window, limit: 5, period: 1d, align: calendar, zone: Europe/Berlin",
            new Algorithm.FixedWindow(5, day, new Alignment.Calendar(berlin))),
        Arguments.of(
            "fixed_window, limit: 5, period: month, align: calendar",
            new Algorithm.FixedWindow(5, Period.MONTH, new Alignment.Calendar(ZoneOffset.UTC))),
        Arguments.of(
            "sliding_window, limit: 5, period: 1m", new Algorithm.SlidingWindow(5, MINUTE)),
        Arguments.of("sliding_log, limit: 5, period: 1m", new Algorithm.SlidingLog(5, MINUTE)),
        Arguments.of(
            "token_bucket, limit: 5, period: 1m, burst: 7",
            new Algorithm.TokenBucket(5, MINUTE, 7)),
        Arguments.of("token_bucket, limit: 5, period: 1m", new Algorithm.TokenBucket(5, MINUTE, 5)),
        Arguments.of("gcra, limit: 5, period: 1m, burst: 1", new Algorithm.Gcra(5, MINUTE, 1)),
        Arguments.of(
            "leaky_bucket, limit: 5, period: 1m",
            new Algorithm.LeakyBucket(5, MINUTE, 5, LeakyMode.METER, 0)),
        Arguments.of(
            "leaky_bucket, mode: queue, limit: 5, period: 1m, burst: 1, max_delay: 2s",
            new Algorithm.LeakyBucket(5, MINUTE, 1, LeakyMode.QUEUE, 2_000_000)),
        Arguments.of("concurrency, limit: 5", new Algorithm.Concurrency(5, 30_000_000)),
        Arguments.of("concurrency, limit: 5, lease_ttl: 1m", new Algorithm.Concurrency(5, MINUTE)));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void everyAlgorithmIsReadWithItsNumbersAndDefaults(String text, Algorithm algorithm) {
    assertEquals(LimitSpec.of("a", algorithm), oneLimit("{name: a, algorithm: " + text + "}"));
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250000", "1s, 1000000", "5m, 300000000", "1h, 3600000000", "1d, 86400000000"})
  void everyUnitOfTimeIsRead(String text, long micros) {
    LimitSpec spec = oneLimit("{name: a, algorithm: gcra, limit: 1, period: " + text + "}");
    assertEquals(micros, spec.algorithm().periodMicros());
  }

  @Test
  void aCharacterOfTwoHalvesMayStandAnywhere() {
    for (int blanks = 900; blanks < 1_100; blanks++) {
      String yaml =
          "version: 1\n#"
              + " ".repeat(blanks)
              + "😀\nnamespaces:\n  a:\n    limits:\n"
              + "      - {name: l, algorithm: gcra, limit: 1, period: 1s}\n";
      assertEquals(1, LimitsFile.parse("f", yaml).size());
    }
  }

  @Test
  void aLimitMayWatchShareItsCounterAndAskForAttributes() {
    LimitSpec spec =
        oneLimit(
            "{name: a, algorithm: gcra, limit: 5, period: 1m, shadow: true, per: namespace,"
                + " when: {attributes: {region: eu, plan: \"1\"}}}");
    assertEquals(
        new LimitSpec(
            "a",
            new Algorithm.Gcra(5, MINUTE, 5),
            true,
            LimitSpec.Per.NAMESPACE,
            Map.of("region", "eu", "plan", "1")),
        spec);
  }

  @Test
  void aNamespaceIsReadWithItsPoliciesOverridesAndEndpoints() {
    NamespaceSpec spec =
        one(
            """
            version: 1
            namespaces:
              api:
                on_store_failure: closed
                headers: both
                limits:
                  - {name: m, algorithm: gcra, limit: 5, period: 1m}
                overrides:
                  - {identifier: vip, limits: {m: {limit: 10, burst: 20}, e: unlimited}}
                  - {identifier: "bot_*", limits: {m: {limit: 1}}}
                endpoints:
                  - match: "POST /exports*"
                    limits: [{name: e, algorithm: gcra, limit: 2, period: 1m}]
            """);
    assertEquals(
        new NamespaceSpec(
            "api",
            StoreFailure.CLOSED,
            Headers.BOTH,
            List.of(LimitSpec.of("m", new Algorithm.Gcra(5, MINUTE, 5))),
            List.of(
                new OverrideSpec(
                    "vip",
                    Map.of(
                        "m", new LimitOverride.Numbers(10, OptionalLong.of(20)),
                        "e", new LimitOverride.Unlimited())),
                new OverrideSpec(
                    "bot_*", Map.of("m", new LimitOverride.Numbers(1, OptionalLong.empty())))),
            List.of(
                new EndpointSpec(
                    "POST /exports*",
                    List.of(LimitSpec.of("e", new Algorithm.Gcra(2, MINUTE, 2)))))),
        spec);
  }

  @Test
  void descriptorsAreReadWithAllThatTheyMaySay() {
    NamespaceSpec spec =
        one(
            """
            version: 1
            namespaces:
              edge:
                limits:
                  - {name: m, algorithm: gcra, limit: 5, period: 1m}
                descriptors:
                  - match: [{key: path, value: /login}, {key: remote_address}]
                    replaces: [m, later]
                    shadow: true
                    metrics: detailed
                    limits: [{name: login, algorithm: gcra, limit: 2, period: 1m}]
                  - match: [{key: path, value: "/api*"}]
                    limits: [{name: later, algorithm: gcra, limit: 2, period: 1m}]
                  - {match: [{key: friend}], unlimited: true}
                overrides:
                  - {identifier: "path=/login;*", limits: {login: {limit: 9}}}
            """);
    Algorithm two = new Algorithm.Gcra(2, MINUTE, 2);
    assertEquals(
        List.of(
            new DescriptorSpec(
                List.of(new Match("path", "/login"), new Match("remote_address", null)),
                List.of("m", "later"),
                false,
                true,
                true,
                List.of(LimitSpec.of("login", two))),
            new DescriptorSpec(
                List.of(new Match("path", "/api*")),
                List.of(),
                false,
                false,
                false,
                List.of(LimitSpec.of("later", two))),
            new DescriptorSpec(
                List.of(new Match("friend", null)), List.of(), true, false, false, List.of())),
        spec.descriptors());
    assertEquals(1, spec.overrides().size());
  }

  @Test
  void byWhatGatewaysRequestsAreKnownIsReadInItsOrder() {
    assertEquals(
        List.of(Identity.ADDRESS, Identity.API_KEY),
        one(namespace("{limits: [], authz: {identity: [address, api_key]}}")).identity());
  }

  @Test
  void policiesHaveTheDocumentedDefaults() {
    NamespaceSpec spec = one(namespace("{limits: []}"));
    assertEquals(StoreFailure.LOCAL, spec.onStoreFailure());
    assertEquals(Headers.DRAFT, spec.headers());
    assertEquals(List.of(), spec.limits());
    assertEquals(
        List.of(Identity.API_KEY, Identity.AUTHORIZATION, Identity.ADDRESS), spec.identity());
  }

  @Test
  void jsonIsReadAsWell() {
    String json =
        """
        {"version": 1, "namespaces": {"*": {"limits":
          [{"name": "default", "algorithm": "gcra", "limit": 100, "period": "1m"}]}}}
        """;
    assertEquals(LimitsFile.builtInExample(100, MINUTE), LimitsFile.parse("body", json));
  }

  @Test
  void aliasesAreFollowed() {
    String yaml =
        """
        version: 1
        namespaces:
          a: {limits: &common [{name: m, algorithm: gcra, limit: 5, period: 1m}]}
          b: {limits: *common}
        """;
    List<NamespaceSpec> specs = LimitsFile.parse("f", yaml);
    assertEquals(specs.get(0).limits(), specs.get(1).limits());
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() {
    assertEquals(
        List.of(), problems("\uFEFF" + limit("{name: a, algorithm: gcra, limit: 1, period: 1s}")));
  }

  @Test
  void theFullExampleIsTakenWhole() {
    assertEquals(List.of(), problems(Yaml.fullExample()));
  }
}
