package io.tollgate.server.config;

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
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.limit.StoreFailure;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Random namespaces: all that a file can say, each made of one seed. */
final class Namespaces {

  private static final List<String> NAMES =
      List.of("a", "null", "true", "1", "1e3", "~", "-", ":", ".", "a:b", "*", "x".repeat(128));
  private static final List<String> TEXTS =
      List.of(
          "user",
          "12345",
          "null",
          "*",
          "bot_*",
          "a*b*c",
          "\"",
          "\\",
          "\n\t\r",
          "ğüş",
          "\uFEFF",
          "\uD83D\uDE00",
          "\u2028",
          "#",
          "{a: b}",
          " ",
          "\u007F",
          "\u0085",
          "'",
          "%",
          "@",
          "\u001B");
  private static final List<ZoneId> ZONES =
      List.of(ZoneOffset.UTC, ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Etc/GMT+5"));
  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final long[] PERIODS = {
    1_000,
    250_000,
    SECOND,
    1_500_000,
    60 * SECOND,
    90 * SECOND,
    3_600 * SECOND,
    DAY,
    7 * DAY,
    366 * DAY
  };

  private final Random random;
  private int limits;

  private Namespaces(long seed) {
    this.random = new Random(seed);
  }

  static Arbitrary<NamespaceSpec> any() {
    return Arbitraries.randomValue(random -> new Namespaces(random.nextLong()).namespace());
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private NamespaceSpec namespace() {
    List<LimitSpec> own = limits(random.nextInt(5));
    List<EndpointSpec> endpoints = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String match = one(List.of("/x", "POST /x*", "* /\"ğ\\", "*", "GET *"));
      endpoints.add(new EndpointSpec(match, limits(1 + random.nextInt(3))));
    }
    List<LimitSpec> all = new ArrayList<>(own);
    List<DescriptorSpec> descriptors = descriptors(all);
    endpoints.forEach(endpoint -> all.addAll(endpoint.limits()));
    descriptors.forEach(descriptor -> all.addAll(descriptor.limits()));
    return new NamespaceSpec(
        one(NAMES.stream().filter(n -> !n.equals("~")).toList()),
        one(List.of(StoreFailure.values())),
        one(List.of(Headers.values())),
        own,
        all.isEmpty() ? List.of() : overrides(all),
        endpoints,
        descriptors,
        one(List.of(NegativeHits.values())),
        identity());
  }

  private List<Identity> identity() {
    List<Identity> kinds = new ArrayList<>(List.of(Identity.values()));
    Collections.shuffle(kinds, random);
    return kinds.subList(0, 1 + random.nextInt(kinds.size()));
  }

  private List<DescriptorSpec> descriptors(List<LimitSpec> own) {
    Map<List<Match>, DescriptorSpec> made = new LinkedHashMap<>();
    List<String> names = own.stream().map(LimitSpec::name).toList();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<Match> match = new ArrayList<>();
      for (int k = random.nextInt(3); k >= 0; k--) {
        match.add(new Match(one(TEXTS), random.nextBoolean() ? null : one(TEXTS)));
      }
      boolean free = random.nextInt(3) == 0;
      List<LimitSpec> counted =
          free
              ? List.of()
              : List.of(LimitSpec.of("l" + limits++, new Algorithm.Gcra(5, period(), 7)));
      List<String> replaced =
          names.isEmpty() || random.nextBoolean() ? List.of() : List.of(one(names));
      made.putIfAbsent(
          match,
          new DescriptorSpec(
              match, replaced, free, random.nextBoolean(), random.nextBoolean(), counted));
    }
    return List.copyOf(made.values());
  }

  private List<LimitSpec> limits(int count) {
    List<LimitSpec> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, String> when = new HashMap<>();
      for (int k = random.nextInt(6) - 3; k > 0; k--) {
        when.put(one(TEXTS) + k, one(TEXTS));
      }
      Algorithm algorithm = algorithm();
      made.add(
          new LimitSpec(
              "l" + limits++,
              algorithm,
              random.nextBoolean(),
              one(List.of(LimitSpec.Per.values())),
              when,
              random.nextBoolean() ? 0 : allotment(algorithm)));
    }
    return made;
  }

  private long period() {
    return PERIODS[random.nextInt(PERIODS.length)];
  }

  private Algorithm algorithm() {
    long limit = random.nextLong(1, 10_001);
    long burst = random.nextBoolean() ? limit : random.nextLong(1, 10_001);
    return switch (random.nextInt(7)) {
      case 0 -> window(limit);
      case 1 -> new Algorithm.SlidingWindow(limit, period());
      case 2 -> new Algorithm.SlidingLog(limit, period());
      case 3 -> new Algorithm.TokenBucket(limit, period(), burst);
      case 4 -> new Algorithm.Gcra(limit, period(), burst);
      case 5 ->
          random.nextBoolean()
              ? new Algorithm.LeakyBucket(limit, period(), burst, LeakyMode.METER, 0)
              : new Algorithm.LeakyBucket(
                  limit, period(), burst, LeakyMode.QUEUE, 1_000L * (1 + random.nextInt(99_999)));
      default ->
          new Algorithm.Concurrency(
              limit,
              SECOND * (1 + random.nextInt(3_600)),
              random.nextBoolean() ? 0 : random.nextLong(1, limit + 1));
    };
  }

  private long allotment(Algorithm algorithm) {
    boolean allots =
        !algorithm.queues()
            && !(algorithm instanceof Algorithm.SlidingLog)
            && !(algorithm instanceof Algorithm.Concurrency);
    return allots ? random.nextLong(1, algorithm.kernel().capacity() + 1) : 0;
  }

  private Algorithm window(long limit) {
    return switch (random.nextInt(3)) {
      case 0 -> new Algorithm.FixedWindow(limit, new Period.Span(period()), new Alignment.Epoch());
      case 1 ->
          new Algorithm.FixedWindow(limit, new Period.Span(period()), new Alignment.FirstCall());
      default ->
          new Algorithm.FixedWindow(
              limit,
              one(List.of(Period.MONTH, new Period.Span(DAY), new Period.Span(7 * DAY))),
              new Alignment.Calendar(one(ZONES)));
    };
  }

  private List<OverrideSpec> overrides(List<LimitSpec> all) {
    Map<String, OverrideSpec> made = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Map<String, LimitOverride> changes = new HashMap<>();
      for (int k = 1 + random.nextInt(2); k > 0; k--) {
        LimitSpec limit = one(all);
        changes.put(limit.name(), change(limit.algorithm()));
      }
      String identifier = one(TEXTS);
      made.put(identifier, new OverrideSpec(identifier, changes));
    }
    return List.copyOf(made.values());
  }

  private LimitOverride change(Algorithm base) {
    boolean bucket =
        base instanceof Algorithm.TokenBucket
            || base instanceof Algorithm.Gcra
            || base instanceof Algorithm.LeakyBucket;
    long limit = random.nextLong(1, 10_001);
    return switch (random.nextInt(bucket ? 4 : 2)) {
      case 0 -> new LimitOverride.Unlimited();
      case 1 -> new LimitOverride.Numbers(limit, OptionalLong.empty());
      case 2 -> new LimitOverride.Numbers(limit, OptionalLong.of(limit));
      default -> new LimitOverride.Numbers(limit, OptionalLong.of(random.nextLong(1, 10_001)));
    };
  }
}
