package io.tollgate.server.doors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.doors.Step.Asked;
import io.tollgate.server.doors.Step.Waited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Every door gives one answer: the same sequence of checks, each door over an empty store of its
 * own at the same time, is told the same decision, remaining units and times.
 */
class OneAnswerPropertyTest {

  /** Limits of every algorithm that all doors know, alone and together. */
  private static final List<String> LIMITS =
      List.of(
          "version: 1",
          "namespaces:",
          "  fixed: {limits: [{name: a, algorithm: fixed_window, limit: 5, period: 10s}]}",
          "  sliding: {limits: [{name: a, algorithm: sliding_window, limit: 5, period: 10s}]}",
          "  log: {limits: [{name: a, algorithm: sliding_log, limit: 5, period: 10s}]}",
          "  bucket:",
          "    limits: [{name: a, algorithm: token_bucket, limit: 3, period: 7s, burst: 5}]",
          "  gcra: {limits: [{name: a, algorithm: gcra, limit: 7, period: 3s, burst: 4}]}",
          "  meter: {limits: [{name: a, algorithm: leaky_bucket, limit: 2, period: 1s}]}",
          "  several:",
          "    limits:",
          "      - {name: burst, algorithm: gcra, limit: 4, period: 1s}",
          "      - {name: steady, algorithm: sliding_window, limit: 9, period: 20s}",
          "      - {name: all, algorithm: fixed_window, limit: 30, period: 1m, per: namespace}",
          "      - {name: watch, algorithm: fixed_window, limit: 1, period: 1m, shadow: true}",
          "    overrides:",
          "      - {identifier: user=b, limits: {steady: {limit: 3}, burst: unlimited}}",
          "      - {identifier: 'addr:10.0.0.2', limits: {steady: {limit: 3}, burst: unlimited}}",
          "  first:",
          "    limits:",
          "      - {name: a, algorithm: fixed_window, limit: 5, period: 9s, align: first_call}");

  /** All but HTTP, which they are compared with. */
  private static final Map<String, Door.Opening> OTHERS =
      Map.of(
          "gRPC, unary", GrpcWays.Unary::new,
          "gRPC, stream", GrpcWays.Stream::new,
          "Envoy", EnvoyWay::new);

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> asked =
        Combinators.combine(
                Arbitraries.of(
                    "fixed", "sliding", "log", "bucket", "gcra", "meter", "several", "first",
                    "nowhere"),
                Arbitraries.of("a", "b", "ğ"),
                Arbitraries.frequencyOf(
                    Tuple.of(8, Arbitraries.longs().between(0, 3)),
                    Tuple.of(1, Arbitraries.of(6L, 1_000L, (1L << 53) - 1))))
            .as(Asked::new);
    Arbitrary<Step> waited =
        Arbitraries.of(1L, 999L, 250_000L, 1_000_000L, 3_333_333L, 11_000_000L).map(Waited::new);
    return Arbitraries.frequencyOf(Tuple.of(5, asked), Tuple.of(1, waited))
        .list()
        .ofMinSize(150)
        .ofMaxSize(300);
  }

  @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
  void theSameSequenceIsToldTheSameByEveryDoor(@ForAll("steps") List<Step> steps) throws Exception {
    List<Optional<Told>> expected = run(HttpWay::new, steps);
    assertTrue(expected.stream().flatMap(Optional::stream).anyMatch(told -> !told.allowed()));
    List<Step> asked = steps.stream().filter(Asked.class::isInstance).toList();
    for (Map.Entry<String, Door.Opening> door : OTHERS.entrySet()) {
      List<Optional<Told>> told = run(door.getValue(), steps);
      for (int i = 0; i < asked.size(); i++) {
        assertEquals(expected.get(i), told.get(i), door.getKey() + ", " + i + ": " + asked.get(i));
      }
    }
  }

  /** A gateway tells its client by headers, and by the numbers of a denial. */
  @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
  void gatewaysAreToldByHeadersWhatChecksAreTold(@ForAll("steps") List<Step> steps)
      throws Exception {
    Path file = Files.createTempFile("limits", ".yaml");
    Files.write(file, LIMITS);
    int denied = 0;
    try (OneServer one = new OneServer(file);
        OneServer other = new OneServer(file);
        HttpWay http = new HttpWay(one);
        AuthzWay authz = new AuthzWay(other)) {
      for (Step step : steps) {
        switch (step) {
          case Asked asked -> {
            Optional<Heads> told = http.heads(asked);
            denied += told.filter(heads -> !heads.allowed()).isPresent() ? 1 : 0;
            assertEquals(told, authz.ask(asked), asked.toString());
          }
          case Waited(long micros) -> {
            one.micros.addAndGet(micros);
            other.micros.addAndGet(micros);
          }
        }
      }
    } finally {
      Files.delete(file);
    }
    assertTrue(denied > 0);
  }

  /** Limits that RESP can say: one GCRA, whose numbers come with each call. */
  private record Numbers(long maxBurst, long count, long period) {

    String namespace() {
      return "gcra-" + maxBurst + "-" + count + "-" + period;
    }

    String line() {
      return "  %s: {limits: [{name: a, algorithm: gcra, limit: %d, period: %ds, burst: %d}]}"
          .formatted(namespace(), count, period, maxBurst + 1);
    }
  }

  private static final List<Numbers> NUMBERS =
      List.of(
          new Numbers(0, 1, 1),
          new Numbers(4, 1, 1),
          new Numbers(15, 30, 60),
          new Numbers(3, 7, 3),
          new Numbers(2, 3, 10));

  @Provide
  Arbitrary<List<Step>> throttles() {
    Arbitrary<Step> asked =
        Combinators.combine(
                Arbitraries.of(NUMBERS).map(Numbers::namespace),
                Arbitraries.of("a", "b", "ğ"),
                Arbitraries.frequencyOf(
                    Tuple.of(8, Arbitraries.longs().between(0, 3)),
                    Tuple.of(1, Arbitraries.of(16L, 17L, (1L << 53) - 1))))
            .as(Asked::new);
    Arbitrary<Step> waited =
        Arbitraries.of(1L, 999L, 250_000L, 1_000_000L, 3_333_333L, 11_000_000L).map(Waited::new);
    return Arbitraries.frequencyOf(Tuple.of(5, asked), Tuple.of(1, waited))
        .list()
        .ofMinSize(150)
        .ofMaxSize(300);
  }

  @Property(tries = 12, shrinking = ShrinkingMode.BOUNDED)
  void redisClientsAreToldOfTheSameLimitWhatHttpTells(@ForAll("throttles") List<Step> steps)
      throws Exception {
    Path file = Files.createTempFile("limits", ".yaml");
    try {
      List<String> lines = new ArrayList<>(List.of("version: 1", "namespaces:"));
      NUMBERS.forEach(numbers -> lines.add(numbers.line()));
      Files.write(file, lines);
      compareWithResp(steps, file);
    } finally {
      Files.delete(file);
    }
  }

  private static void compareWithResp(List<Step> steps, Path file) throws Exception {
    int denied = 0;
    try (OneServer server = new OneServer(file);
        HttpWay http = new HttpWay(server);
        RespWay resp = new RespWay(server)) {
      for (Step step : steps) {
        switch (step) {
          case Asked asked -> {
            Told told = http.ask(asked).orElseThrow();
            denied += told.allowed() ? 0 : 1;
            assertEquals(throttled(told, asked, server), resp(resp, asked), asked.toString());
          }
          case Waited(long micros) -> server.micros.addAndGet(micros);
        }
      }
    }
    assertTrue(denied > 0);
  }

  private static Numbers numbers(Asked asked) {
    return NUMBERS.stream()
        .filter(numbers -> numbers.namespace().equals(asked.namespace()))
        .findFirst()
        .orElseThrow();
  }

  /** Each limit has keys of its own, as each namespace of HTTP has. */
  private static List<Long> resp(RespWay resp, Asked asked) throws IOException {
    Numbers numbers = numbers(asked);
    return LongStream.of(
            resp.ask(
                asked.namespace() + "/" + asked.user(),
                numbers.maxBurst,
                numbers.count,
                numbers.period,
                asked.cost()))
        .boxed()
        .toList();
  }

  /** What redis-cell's clients are to be told of what HTTP has told. */
  private static List<Long> throttled(Told told, Asked asked, OneServer server) {
    long wait = told.allowed() ? -1 : told.retryAfterSeconds().orElse(-1);
    long reset = Math.ceilDiv(told.resetAtMicros() - server.micros.get(), 1_000_000L);
    return List.of(
        told.allowed() ? 0L : 1L, numbers(asked).maxBurst + 1, told.remaining(), wait, reset);
  }

  private static List<Optional<Told>> run(Door.Opening opening, List<Step> steps) throws Exception {
    Path file = Files.createTempFile("limits", ".yaml");
    try {
      Files.write(file, LIMITS);
      return run(opening, steps, file);
    } finally {
      Files.delete(file);
    }
  }

  private static List<Optional<Told>> run(Door.Opening opening, List<Step> steps, Path file)
      throws Exception {
    List<Optional<Told>> answers = new ArrayList<>();
    try (OneServer server = new OneServer(file);
        Door door = opening.open(server)) {
      for (Step step : steps) {
        switch (step) {
          case Asked asked -> answers.add(door.ask(asked));
          case Waited(long micros) -> server.micros.addAndGet(micros);
        }
      }
    }
    return answers;
  }
}
