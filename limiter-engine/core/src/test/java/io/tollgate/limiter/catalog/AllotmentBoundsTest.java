package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Example;

/** Of which limits units may be taken ahead, how many, and how wrong that makes them at most. */
class AllotmentBoundsTest {

  private static final long SECOND = 1_000_000;
  private static final Algorithm BUCKET = new Algorithm.TokenBucket(100, SECOND, 40);

  private static LimitSpec spec(Algorithm algorithm, long allotment) {
    return new LimitSpec("site", algorithm, false, LimitSpec.Per.NAMESPACE, Map.of(), allotment);
  }

  private static void refused(Algorithm algorithm, long allotment, String word) {
    InvalidLimitException refusal =
        assertThrows(InvalidLimitException.class, () -> spec(algorithm, allotment));
    assertEquals("allotment", refusal.field());
    assertTrue(refusal.detail().contains(word), refusal.detail());
  }

  @Example
  void anAllotmentIsAtMostWhatTheLimitAdmitsAtOnce() {
    assertEquals(40, spec(BUCKET, 40).allotment());
    refused(BUCKET, 41, "41");
    refused(BUCKET, -1, "-1");
    assertThrows(
        InvalidLimitException.class,
        () -> new Limit("site", BUCKET, false, StoreFailure.LOCAL, 41));
  }

  @Example
  void whatMustBeExactOrIsHeldHasNone() {
    refused(new Algorithm.SlidingLog(10, SECOND), 1, "exact");
    refused(new Algorithm.Concurrency(10, SECOND), 1, "held");
    refused(new Algorithm.LeakyBucket(10, SECOND, 10, LeakyMode.QUEUE, SECOND), 1, "queue");
    assertEquals(
        1, spec(new Algorithm.LeakyBucket(9, SECOND, 9, LeakyMode.METER, 0), 1).allotment());
  }

  @Example
  void allHoldersTogetherHaveHalfOfTheLimitAtMostButOneUnitEach() {
    Limit limit = new Limit("site", BUCKET, false, StoreFailure.LOCAL, 15);
    assertEquals(List.of(15L, 20L, 20L, 16L, 40L), bounds(limit, 1, 2, 4, 8, 40));
    assertEquals(0, limit.errorBound(0), "nobody takes ahead");
    assertEquals(0, new Limit("site", BUCKET, false).errorBound(8));
    assertFalse(new Limit("site", BUCKET, false).allots());
  }

  private static List<Long> bounds(Limit limit, int... holders) {
    return Arrays.stream(holders).mapToObj(limit::errorBound).toList();
  }

  @Example
  void anOverrideKeepsTheAllotmentAsFarAsItsNumbersAdmit() {
    OverrideSpec few =
        new OverrideSpec("few", Map.of("site", new LimitOverride.Numbers(3, OptionalLong.empty())));
    OverrideSpec many =
        new OverrideSpec(
            "many", Map.of("site", new LimitOverride.Numbers(500, OptionalLong.empty())));
    Catalog catalog =
        new Catalog(
            List.of(
                new NamespaceSpec(
                    "api",
                    StoreFailure.LOCAL,
                    NamespaceSpec.Headers.DRAFT,
                    List.of(spec(BUCKET, 30)),
                    List.of(few, many),
                    List.of())));
    assertEquals(3, limit(catalog, "few").allotment());
    assertEquals(30, limit(catalog, "many").allotment());
    assertEquals(30, limit(catalog, "else").allotment());
    assertEquals(Map.of("api", Map.of("site", 20L)), catalog.errorBounds(2));
  }

  private static Limit limit(Catalog catalog, String identifier) {
    Realm realm = Realm.live("standalone");
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(realm);
    catalog
        .find("api")
        .orElseThrow()
        .addTo(
            buffer,
            new KeyHasher(1, 2),
            realm,
            CheckRequest.of(realm, "api", identifier, 1),
            false);
    return buffer.limit(0);
  }
}
