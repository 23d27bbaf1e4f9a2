package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Algorithm.LeakyBucket;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Algorithm.SlidingLog;
import io.tollgate.limiter.algorithm.Algorithm.SlidingWindow;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.limit.StoreFailure;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import org.junit.jupiter.api.function.Executable;

/** A limit that cannot be enforced is refused when it is configured, by its field and value. */
class LimitBoundsTest {

  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final Algorithm BUCKET = new TokenBucket(10, SECOND, 10);

  private static void refused(String field, Executable limit) {
    InvalidLimitException refusal = assertThrows(InvalidLimitException.class, limit);
    assertEquals(field, refusal.field());
    assertTrue(refusal.detail().length() > 5 && refusal.fix().length() > 5);
  }

  @Example
  void limitsPeriodsAndBurstsHaveBounds() {
    for (long bad : new long[] {0, -1, Exact.MAX + 1, Long.MIN_VALUE}) {
      refused("limit", () -> new TokenBucket(bad, SECOND, 1));
      refused("limit", () -> new SlidingWindow(bad, SECOND));
      refused("burst", () -> new TokenBucket(1, SECOND, bad));
    }
    for (long bad : new long[] {0, 999, 366 * DAY + 1, -SECOND}) {
      refused("period", () -> new TokenBucket(1, bad, 1));
      refused("period", () -> new SlidingLog(1, bad));
      refused("period", () -> new Period.Span(bad));
    }
    refused("limit", () -> new SlidingLog(10_001, SECOND));
    refused("limit", () -> new Concurrency(100_001, SECOND));
    refused("lease_ttl", () -> new Concurrency(1, 99_999));
    refused("max_delay", () -> new LeakyBucket(1, SECOND, 1, LeakyMode.METER, 1));
    refused("max_delay", () -> new LeakyBucket(1, SECOND, 1, LeakyMode.QUEUE, DAY));
  }

  @Example
  void limitsCompileInTheFinestTickThatIsExact() {
    assertEquals(1, tick(new SlidingWindow(3_474, 30 * DAY)));
    assertEquals(1_000, tick(new SlidingWindow(3_475, 30 * DAY)));
    assertEquals(1_000, tick(new SlidingWindow(3_474_000, 30 * DAY)));
    assertEquals(SECOND, tick(new SlidingWindow(3_500_000, 30 * DAY)));
    refused("limit", () -> new SlidingWindow(3_500_000_000L, 30 * DAY));
    refused("limit", () -> new SlidingWindow(Exact.MAX, 1_500));
    assertEquals(1, tick(new TokenBucket(1, DAY, 52_000)));
    assertEquals(1_000, tick(new TokenBucket(1, DAY, 53_000)));
    assertEquals(SECOND, tick(new TokenBucket(1, DAY, 53_000_000)));
    refused("limit", () -> new TokenBucket(1, DAY, 53_000_000_000L));
  }

  private static long tick(Algorithm algorithm) {
    return algorithm.kernel().tick().micros();
  }

  @Example
  void monthNeedsACalendarAndACalendarADayAWeekOrAMonth() {
    refused("period", () -> new FixedWindow(1, Period.MONTH, new Alignment.Epoch()));
    refused("period", () -> new FixedWindow(1, Period.MONTH, new Alignment.FirstCall()));
    Alignment calendar = new Alignment.Calendar(ZoneOffset.UTC);
    Period hour = Period.of(Duration.ofHours(1));
    refused("period", () -> new FixedWindow(1, hour, calendar));
    assertDoesNotThrow(() -> new FixedWindow(1, Period.of(Duration.ofDays(7)), calendar));
  }

  @Example
  void namespaceHasAtMostAsManyLimitsAsOneCheckMayHave() {
    List<LimitSpec> most =
        IntStream.range(0, 32).mapToObj(i -> LimitSpec.of("l" + i, BUCKET)).toList();
    assertDoesNotThrow(() -> NamespaceSpec.of("n", most));
    EndpointSpec one = new EndpointSpec("/x", List.of(LimitSpec.of("more", BUCKET)));
    refused("limits", () -> spec(most, List.of(), List.of(one)));
  }

  private static NamespaceSpec spec(
      List<LimitSpec> limits, List<OverrideSpec> overrides, List<EndpointSpec> endpoints) {
    return new NamespaceSpec("n", StoreFailure.LOCAL, Headers.DRAFT, limits, overrides, endpoints);
  }

  @Example
  void namesAreUniqueAndWellFormed() {
    LimitSpec limit = LimitSpec.of("a", BUCKET);
    refused("name", () -> NamespaceSpec.of("n", List.of(limit, limit)));
    refused("name", () -> LimitSpec.of("", BUCKET));
    refused("name", () -> LimitSpec.of("a b", BUCKET));
    refused("namespace", () -> NamespaceSpec.of("a b", List.of()));
    NamespaceSpec twice = NamespaceSpec.of("n", List.of(limit));
    refused("namespaces", () -> new Catalog(List.of(twice, twice)));
    refused("match", () -> new EndpointSpec("exports", List.of()));
    refused("match", () -> new EndpointSpec("post /exports", List.of()));
  }

  @Example
  void overridesNameLimitsThatExistAndNumbersThatFit() {
    LimitSpec window = LimitSpec.of("a", new SlidingWindow(1, SECOND));
    LimitOverride burst = new LimitOverride.Numbers(1, OptionalLong.of(2));
    OverrideSpec wrongName = new OverrideSpec("u", Map.of("b", new LimitOverride.Unlimited()));
    OverrideSpec noBurst = new OverrideSpec("u", Map.of("a", burst));
    refused("b", () -> spec(List.of(window), List.of(wrongName), List.of()));
    refused(
        "burst", () -> new Catalog(List.of(spec(List.of(window), List.of(noBurst), List.of()))));
    OverrideSpec fine = new OverrideSpec("u", Map.of());
    refused("identifier", () -> spec(List.of(window), List.of(fine, fine), List.of()));
    refused("identifier", () -> new OverrideSpec("", Map.of()));
    List<OverrideSpec> globs =
        IntStream.range(0, 101).mapToObj(i -> new OverrideSpec(i + "*", Map.of())).toList();
    refused("overrides", () -> spec(List.of(window), globs, List.of()));
    refused(
        "namespaces",
        () -> new Catalog(Collections.nCopies(10_001, NamespaceSpec.of("n", List.of()))));
  }
}
