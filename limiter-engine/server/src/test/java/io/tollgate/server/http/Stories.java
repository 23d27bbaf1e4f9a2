package io.tollgate.server.http;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.LimitSpec.Per;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.check.BatchDecision.Mode;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.server.http.Story.Ask;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** Random valid sequences of calls over namespaces that hold every algorithm and every rule. */
final class Stories {

  private static final long SECOND = 1_000_000;

  /** Few, so that calls of one story meet in the same counters. */
  private static final List<String> IDENTIFIERS =
      List.of("user", "user", "user", "vip", "bot_7", "\uD83D\uDE00 \"\\/é\u0001");

  private static final List<String> ENDPOINTS =
      List.of("POST /exports/7", "GET /exports", "GET /ğ");

  private static final List<String> NAMES =
      List.of("buckets", "windows", "windows", "logs", "queues", "streams", "free", "other.name");

  /** Under make verify stories become long, instead of many. */
  private static final int MOST_STEPS = Boolean.getBoolean("tollgate.long") ? 1_000 : 40;

  private Stories() {}

  /** Stories of any length, which jqwik can shorten. */
  static Arbitrary<List<Story>> any() {
    return Arbitraries.randomValue(Stories::step).list().ofMinSize(1).ofMaxSize(MOST_STEPS);
  }

  /** The namespaces of every story. */
  static NamespaceSpec[] namespaces() {
    return new NamespaceSpec[] {
      buckets(), windows(), logs(), queues(), streams(), free(), others()
    };
  }

  private static LimitSpec limit(String name, Algorithm algorithm) {
    return LimitSpec.of(name, algorithm);
  }

  private static LimitSpec shadow(String name, Algorithm algorithm) {
    return new LimitSpec(name, algorithm, true, Per.IDENTIFIER, Map.of());
  }

  private static Algorithm window(long limit, long micros, Alignment alignment) {
    return new Algorithm.FixedWindow(limit, new Period.Span(micros), alignment);
  }

  private static NamespaceSpec buckets() {
    LimitSpec european =
        new LimitSpec(
            "eu", new Algorithm.Gcra(2, SECOND, 2), false, Per.IDENTIFIER, Map.of("region", "eu"));
    EndpointSpec exports =
        new EndpointSpec(
            "POST /exports*", List.of(limit("exports", new Algorithm.SlidingLog(2, 5 * SECOND))));
    OverrideSpec vip =
        new OverrideSpec(
            "vip",
            Map.of(
                "bucket", new LimitOverride.Numbers(50, OptionalLong.of(75)),
                "exports", new LimitOverride.Unlimited()));
    OverrideSpec bots =
        new OverrideSpec(
            "bot_*", Map.of("gcra", new LimitOverride.Numbers(1, OptionalLong.empty())));
    return new NamespaceSpec(
        "buckets",
        StoreFailure.LOCAL,
        Headers.BOTH,
        List.of(
            limit("bucket", new Algorithm.TokenBucket(7, SECOND, 12)),
            limit("gcra", new Algorithm.Gcra(20, 1_500_000, 20)),
            european),
        List.of(vip, bots),
        List.of(exports));
  }

  private static NamespaceSpec windows() {
    return NamespaceSpec.of(
        "windows",
        List.of(
            limit("fixed", window(6, 60 * SECOND, new Alignment.Epoch())),
            shadow("trial", new Algorithm.SlidingWindow(3, 60 * SECOND)),
            limit("sliding", new Algorithm.SlidingWindow(9, 10 * SECOND)),
            limit("first", window(5, 2_500_000, new Alignment.FirstCall())),
            limit(
                "berlin",
                new Algorithm.FixedWindow(
                    40, new Period.Month(), new Alignment.Calendar(ZoneId.of("Europe/Berlin"))))));
  }

  private static NamespaceSpec logs() {
    LimitSpec shared =
        new LimitSpec(
            "together", new Algorithm.Gcra(9, 3 * SECOND, 9), false, Per.NAMESPACE, Map.of());
    return TestDoor.namespace(
        "logs",
        Headers.LEGACY,
        limit("log", new Algorithm.SlidingLog(5, 3 * SECOND)),
        shared,
        shadow("watch", window(1, 60 * SECOND, new Alignment.Epoch())));
  }

  private static NamespaceSpec queues() {
    return TestDoor.namespace(
        "queues",
        Headers.BOTH,
        limit("queue", new Algorithm.LeakyBucket(3, SECOND, 1, LeakyMode.QUEUE, 2 * SECOND)),
        limit("meter", new Algorithm.LeakyBucket(30, SECOND, 9, LeakyMode.METER, 0)));
  }

  private static NamespaceSpec streams() {
    return TestDoor.namespace(
        "streams",
        Headers.DRAFT,
        limit("at-once", new Algorithm.Concurrency(3, 30 * SECOND)),
        shadow("fewer", new Algorithm.Concurrency(2, 10 * SECOND)),
        limit("starts", window(Exact.MAX, 3_600 * SECOND, new Alignment.Epoch())));
  }

  private static NamespaceSpec free() {
    return TestDoor.namespace("free", Headers.BOTH, shadow("watch", TestDoor.window(2)));
  }

  private static NamespaceSpec others() {
    return TestDoor.namespace("*", Headers.NONE, TestDoor.gcra("default", 4));
  }

  private static Story step(Random random) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> new Story.Check(ask(random), key(random), random.nextInt(3) == 0);
      case 5, 6 -> batch(random);
      case 7 -> new Story.Explain(ask(random));
      case 8, 9 -> new Story.Reserve(ask(random), ttl(random, 1_000));
      case 10 -> new Story.Commit(which(random), cost(random));
      case 11 -> new Story.Cancel(which(random));
      case 12, 13 -> new Story.Acquire(held(random), ttl(random, 100));
      case 14 -> new Story.Renew(which(random), 100 + random.nextInt(5_000));
      case 15 -> new Story.Release(which(random), outcome(random));
      case 16 -> new Story.Refund(ask(random));
      case 17 -> new Story.Reset(ask(random), random.nextBoolean());
      default -> new Story.Pass(pause(random));
    };
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static Ask ask(Random random) {
    return ask(random, one(random, NAMES));
  }

  private static Ask held(Random random) {
    return ask(random, random.nextInt(3) == 0 ? one(random, NAMES) : "streams");
  }

  private static Ask ask(Random random, String namespace) {
    return new Ask(
        one(random, IDENTIFIERS),
        namespace,
        random.nextInt(3) == 0 ? OptionalLong.empty() : OptionalLong.of(cost(random)),
        random.nextInt(3) == 0 ? one(random, ENDPOINTS) : null,
        switch (random.nextInt(6)) {
          case 0, 1 -> Map.of("region", "eu");
          case 2 -> Map.of("region", "us", "x", "");
          default -> Map.of();
        });
  }

  private static long cost(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> 0;
      case 2 -> random.nextLong(Exact.MAX) + 1;
      case 3 -> Exact.MAX;
      case 4, 5 -> 3 + random.nextInt(10);
      default -> 1 + random.nextInt(2);
    };
  }

  private static @Nullable String key(Random random) {
    return random.nextInt(4) == 0 ? "key " + random.nextInt(2) : null;
  }

  private static Story batch(Random random) {
    Mode mode = random.nextBoolean() ? Mode.EACH : Mode.ALL;
    int size = random.nextInt(30) == 0 ? 200 : 1 + random.nextInt(4);
    List<Ask> asks = random.ints(size).mapToObj(_ -> ask(random)).toList();
    return new Story.Batch(mode, asks, mode == Mode.EACH ? key(random) : null);
  }

  private static OptionalLong ttl(Random random, int leastMillis) {
    return random.nextInt(3) == 0
        ? OptionalLong.empty()
        : OptionalLong.of(leastMillis + random.nextInt(3_000));
  }

  private static int which(Random random) {
    return random.nextInt(random.nextInt(4) == 0 ? 8 : 2);
  }

  private static @Nullable String outcome(Random random) {
    return random.nextBoolean() ? null : one(random, List.of("success", "ignore", "dropped"));
  }

  private static long pause(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> 1;
      case 1 -> random.nextInt(1_000_000);
      case 2 -> 60 * SECOND;
      case 3 -> 20 * 86_400 * SECOND + 1;
      default -> random.nextInt(4_000_000);
    };
  }
}
