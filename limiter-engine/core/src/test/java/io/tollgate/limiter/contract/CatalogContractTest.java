package io.tollgate.limiter.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.Algorithm.TokenBucket;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceLimits.Reason;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.NamespaceNotFoundException;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.testing.Scene;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Example;

/** Which limits take part in a check, with which numbers, and in whose counter. */
public abstract class CatalogContractTest extends StoreContract {

  private static final long MINUTE = 60_000_000;
  private static final Algorithm BUCKET = new TokenBucket(10, MINUTE, 10);

  private static NamespaceSpec spec(
      List<LimitSpec> limits, List<OverrideSpec> overrides, List<EndpointSpec> endpoints) {
    return new NamespaceSpec(
        Scene.NAMESPACE, StoreFailure.LOCAL, Headers.DRAFT, limits, overrides, endpoints);
  }

  private static OverrideSpec numbers(String identifier, long limit) {
    return new OverrideSpec(
        identifier, Map.of(Scene.LIMIT, new LimitOverride.Numbers(limit, OptionalLong.empty())));
  }

  private Scene overridden(OverrideSpec... overrides) {
    return scene(
        spec(List.of(LimitSpec.of(Scene.LIMIT, BUCKET)), Arrays.asList(overrides), List.of()));
  }

  private static CheckRequest at(Scene scene, String endpoint) {
    return new CheckRequest(scene.realm, USER, Scene.NAMESPACE, USER, 1, endpoint, Map.of(), null);
  }

  private static CheckRequest with(Scene scene, Map<String, String> attributes) {
    return new CheckRequest(scene.realm, USER, Scene.NAMESPACE, USER, 1, null, attributes, null);
  }

  private static List<String> names(Decision decision) {
    return decision.limits().stream().map(LimitReport::name).toList();
  }

  @Example
  void exactOverrideGoesBeforeAnyGlobAndTheLongestGlobBeforeTheOthers() {
    Scene scene =
        overridden(
            numbers("*", 1),
            numbers("team:*", 2),
            numbers("team:*:admin", 3),
            numbers("team:red:*", 4),
            numbers("team:red:admin", 5));
    assertEquals(1, scene.remaining("anybody"));
    assertEquals(2, scene.remaining("team:blue:anna"));
    assertEquals(3, scene.remaining("team:blue:admin"));
    assertEquals(4, scene.remaining("team:red:anna"));
    assertEquals(5, scene.remaining("team:red:admin"));
  }

  @Example
  void globStandsForAnyRunOfCharactersAndNothingElseDoes() {
    Scene scene = overridden(numbers("a*b*c", 1), numbers("x.y*", 2), numbers("x*b*byz", 3));
    for (String matching : List.of("abc", "a--b--c", "abbc", "aabcbc")) {
      assertEquals(1, scene.remaining(matching), matching);
    }
    for (String other : List.of("ab", "acb", "abcd", "zabc", "ac", "xbyz", "xyyz")) {
      assertEquals(10, scene.remaining(other), other);
    }
    assertEquals(2, scene.remaining("x.y"));
    assertEquals(10, scene.remaining("xzy"), "a point is a point");
  }

  @Example
  void unlimitedIdentifierPassesAndIsNotCounted() {
    Scene scene =
        overridden(new OverrideSpec(USER, Map.of(Scene.LIMIT, new LimitOverride.Unlimited())));
    Decision decision = scene.check(USER, 1_000_000);
    assertTrue(decision.allowed());
    assertTrue(decision.limits().isEmpty());
    assertEquals(OptionalLong.empty(), decision.remaining());
  }

  @Example
  void overrideWithoutBurstHasTheNewLimitAsItsBurst() {
    Scene scene = overridden(numbers(USER, 25));
    assertEquals(25, scene.remaining(USER));
    assertEquals(25, scene.peek(USER).limits().getFirst().limit());
  }

  @Example
  void endpointLimitsApplyBesideThoseOfTheNamespace() {
    Scene scene =
        scene(
            spec(
                List.of(LimitSpec.of("all", BUCKET)),
                List.of(),
                List.of(
                    new EndpointSpec("POST /exports*", List.of(LimitSpec.of("export", BUCKET))),
                    new EndpointSpec("/admin/*", List.of(LimitSpec.of("admin", BUCKET))))));
    assertEquals(List.of("all"), names(scene.check(USER, 1)));
    assertEquals(List.of("all", "export"), names(scene.check(at(scene, "POST /exports/7"))));
    assertEquals(List.of("all"), names(scene.check(at(scene, "GET /exports/7"))));
    assertEquals(List.of("all", "admin"), names(scene.check(at(scene, "DELETE /admin/x"))));
    Decision last = scene.check(at(scene, "POST /exports"));
    assertEquals(5, last.limits().get(0).remaining());
    assertEquals(8, last.limits().get(1).remaining());
  }

  @Example
  void limitWithConditionsAppliesOnlyWhenAllOfThemHold() {
    LimitSpec eu =
        new LimitSpec(
            "eu", BUCKET, false, LimitSpec.Per.IDENTIFIER, Map.of("region", "eu", "plan", "free"));
    Scene scene = scene(LimitSpec.of("all", BUCKET), eu);
    assertEquals(List.of("all"), names(scene.check(USER, 1)));
    assertEquals(List.of("all"), names(scene.check(with(scene, Map.of("region", "eu")))));
    assertEquals(
        List.of("all"), names(scene.check(with(scene, Map.of("region", "us", "plan", "free")))));
    assertEquals(
        List.of("all", "eu"),
        names(scene.check(with(scene, Map.of("region", "eu", "plan", "free", "x", "y")))));
  }

  @Example
  void limitPerNamespaceIsSharedByAllIdentifiers() {
    Scene scene = scene(new LimitSpec("all", BUCKET, false, LimitSpec.Per.NAMESPACE, Map.of()));
    assertTrue(scene.check("a", 6).allowed());
    assertFalse(scene.check("b", 6).allowed());
    assertEquals(4, scene.remaining("c"));
  }

  @Example
  void namespaceForAllOthersCountsEachNameApart() {
    Scene scene =
        scene(
            NamespaceSpec.of(NamespaceSpec.ANY, List.of(LimitSpec.of(Scene.LIMIT, BUCKET))),
            NamespaceSpec.of(
                "own", List.of(LimitSpec.of(Scene.LIMIT, new TokenBucket(3, MINUTE, 3)))));
    assertEquals(4, ask(scene, scene.realm, "first", 6));
    assertEquals(9, ask(scene, scene.realm, "second", 1));
    assertEquals(2, ask(scene, scene.realm, "own", 1));
  }

  private static long ask(Scene scene, Realm realm, String namespace, long cost) {
    return scene.check(CheckRequest.of(realm, namespace, USER, cost)).remaining().orElseThrow();
  }

  @Example
  void limitPerNamespaceOfTheNamespaceForAllOthersIsSharedWithinEachName() {
    LimitSpec shared = new LimitSpec("all", BUCKET, false, LimitSpec.Per.NAMESPACE, Map.of());
    Scene scene = scene(NamespaceSpec.of(NamespaceSpec.ANY, List.of(shared)));
    assertEquals(4, ask(scene, scene.realm, "first", 6));
    assertEquals(10, ask(scene, scene.realm, "second", 0));
    assertEquals(
        3, scene.check(CheckRequest.of(scene.realm, "first", "b", 1)).remaining().orElseThrow());
  }

  @Example
  void namespaceThatNobodyConfiguredIsNotFound() {
    Scene scene = scene(BUCKET);
    var refused =
        assertThrows(NamespaceNotFoundException.class, () -> ask(scene, scene.realm, "nowhere", 1));
    assertEquals("nowhere", refused.namespace());
  }

  @Example
  void realmsNamespacesOwnersAndLimitsNeverMeet() {
    LimitSpec shared = new LimitSpec("all", BUCKET, false, LimitSpec.Per.NAMESPACE, Map.of());
    Scene scene =
        scene(
            Scene.namespace(LimitSpec.of(Scene.LIMIT, BUCKET), shared),
            NamespaceSpec.of("other", List.of(LimitSpec.of(Scene.LIMIT, BUCKET), shared)));
    assertEquals(3, ask(scene, scene.realm, Scene.NAMESPACE, 7));
    assertEquals(10, ask(scene, scene.realm, "other", 0));
    for (Realm other : List.of(Realm.live("tenant-2"), Realm.test("tenant-1:test"))) {
      assertEquals(10, ask(scene, other, Scene.NAMESPACE, 0));
    }
    Decision owned =
        scene.check(
            new CheckRequest(
                scene.realm, "customer", Scene.NAMESPACE, USER, 0, null, Map.of(), null));
    assertEquals(10, owned.limits().getFirst().remaining());
  }

  @Example
  void identifiersAreComparedAsBytesAndNeverRunTogether() {
    Scene scene =
        scene(NamespaceSpec.of(NamespaceSpec.ANY, List.of(LimitSpec.of(Scene.LIMIT, BUCKET))));
    for (String[] one :
        new String[][] {
          {"ns", "user"},
          {"nsu", "ser"},
          {"n", "suser"},
          {"ns", "user "},
          {"ns", "USER"},
          {"ns", "us\u00e9r"},
          {"ns", "use\u0301r"},
          {"ns", "\ud83d\ude00"},
          {"ns", "\n"},
          {"ns", "*"}
        }) {
      Decision decision = scene.check(CheckRequest.of(scene.realm, one[0], one[1], 10));
      assertTrue(decision.allowed(), Arrays.toString(one));
    }
  }

  @Example
  void explainTellsOfEveryLimitWhetherItAppliesAndWhy() {
    LimitSpec when =
        new LimitSpec("eu", BUCKET, false, LimitSpec.Per.IDENTIFIER, Map.of("region", "eu"));
    Scene scene =
        scene(
            spec(
                List.of(
                    LimitSpec.of("a", BUCKET),
                    LimitSpec.of("b", BUCKET),
                    when,
                    LimitSpec.of("held", new Concurrency(1, MINUTE))),
                List.of(
                    new OverrideSpec(
                        "user_*",
                        Map.of(
                            "a", new LimitOverride.Unlimited(),
                            "b", new LimitOverride.Numbers(7, OptionalLong.empty())))),
                List.of(new EndpointSpec("/x", List.of(LimitSpec.of("x", BUCKET))))));
    List<Reason> reasons = scene.explain(scene.ask(USER, 1)).reasons();
    assertEquals(
        List.of("a", "b", "eu", "held", "x"), reasons.stream().map(Reason::limit).toList());
    assertEquals(
        List.of(false, true, false, false, false), reasons.stream().map(Reason::applies).toList());
    assertTrue(reasons.get(0).why().contains("user_*"), reasons.get(0).why());
    assertTrue(reasons.get(1).why().contains("user_*"), reasons.get(1).why());
  }
}
