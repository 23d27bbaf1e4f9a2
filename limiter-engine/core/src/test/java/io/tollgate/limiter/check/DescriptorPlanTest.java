package io.tollgate.limiter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Descriptors are decided as Envoy's service would decide them, by our limits. */
class DescriptorPlanTest {

  private static final long MINUTE = 60_000_000;
  private static final Match ADDRESS = new Match("remote_address", null);
  private static final LimitSpec PER_ADDRESS = limit("per-address", 10);
  private static final DescriptorSpec LOGIN =
      new DescriptorSpec(
          List.of(new Match("path", "/login"), ADDRESS),
          List.of("per-address"),
          false,
          false,
          true,
          List.of(limit("login", 2)));

  private static LimitSpec limit(String name, long units) {
    return LimitSpec.of(
        name, new Algorithm.FixedWindow(units, new Period.Span(MINUTE), new Alignment.Epoch()));
  }

  private static DescriptorSpec rule(String name, long units, Match... match) {
    return new DescriptorSpec(
        List.of(match), List.of(), false, false, false, List.of(limit(name, units)));
  }

  private static DescriptorSpec unlimited(List<String> replaces, Match... match) {
    return new DescriptorSpec(List.of(match), replaces, true, false, false, List.of());
  }

  private static Match match(String key, @Nullable String value) {
    return new Match(key, value);
  }

  private static NamespaceSpec namespace(
      List<LimitSpec> limits, List<OverrideSpec> overrides, DescriptorSpec... descriptors) {
    return new NamespaceSpec(
        Scene.NAMESPACE,
        StoreFailure.LOCAL,
        Headers.DRAFT,
        limits,
        overrides,
        List.of(),
        List.of(descriptors),
        NegativeHits.PEEK,
        NamespaceSpec.USUAL_IDENTITY);
  }

  private static Scene scene(List<LimitSpec> limits, DescriptorSpec... descriptors) {
    return new Scene(MemoryStores::roomy, List.of(namespace(limits, List.of(), descriptors)));
  }

  private static List<DescriptorEntry> entries(String... keysAndValues) {
    List<DescriptorEntry> entries = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.add(new DescriptorEntry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return entries;
  }

  private static Descriptor one(String... keysAndValues) {
    return Descriptor.of(entries(keysAndValues), 1);
  }

  private static List<DescriptorStep> steps(Scene scene, Descriptor... descriptors) {
    return scene.limiter.plan(scene.realm, Scene.NAMESPACE, List.of(descriptors)).steps();
  }

  private static DescriptorQuestion question(DescriptorStep step) {
    return assertInstanceOf(DescriptorStep.Asked.class, step).question();
  }

  private static Decision check(Scene scene, DescriptorQuestion question) {
    AtomicReference<Decision> answer = new AtomicReference<>();
    scene.limiter.check(question, new CheckBuffer(), b -> answer.set(b.decision()));
    return answer.get();
  }

  private static Decision check(Scene scene, Descriptor descriptor) {
    return check(scene, question(steps(scene, descriptor).getFirst()));
  }

  private static Decision refund(Scene scene, DescriptorQuestion question) {
    AtomicReference<Decision> answer = new AtomicReference<>();
    scene.limiter.refund(question, new CheckBuffer(), b -> answer.set(b.decision()));
    return answer.get();
  }

  private static List<String> names(Decision decision) {
    return decision.limits().stream().map(LimitReport::name).toList();
  }

  @Test
  void ruleReplacesTheNamespacesLimitAndCountsEachValueApart() {
    Scene scene = scene(List.of(PER_ADDRESS), LOGIN);
    Descriptor login = one("path", "/login", "remote_address", "10.0.0.1");
    assertEquals(List.of("login"), names(check(scene, login)));
    assertTrue(check(scene, login).allowed());
    assertFalse(check(scene, login).allowed());
    assertTrue(check(scene, one("path", "/login", "remote_address", "10.0.0.2")).allowed());
    assertEquals(List.of("per-address"), names(check(scene, one("remote_address", "10.0.0.1"))));
    assertEquals(LOGIN, question(steps(scene, login).getFirst()).rule().orElseThrow().spec());
  }

  @Test
  void whatOneDescriptorReplacesIsLeftOutOfTheWholeRequest() {
    Scene scene = scene(List.of(PER_ADDRESS), LOGIN, rule("user", 3, match("user", null)));
    List<DescriptorStep> steps =
        steps(
            scene,
            one("remote_address", "10.0.0.1"),
            one("path", "/login", "remote_address", "10.0.0.1"),
            one("user", "a"));
    assertInstanceOf(DescriptorStep.Replaced.class, steps.get(0));
    assertEquals(List.of("login"), names(check(scene, question(steps.get(1)))));
    assertEquals(List.of("user"), names(check(scene, question(steps.get(2)))));
    assertEquals(OptionalLong.of(9), check(scene, one("remote_address", "10.0.0.1")).remaining());
  }

  @Test
  void ruleReplacesAnotherRulesLimit() {
    DescriptorSpec wide =
        new DescriptorSpec(
            List.of(match("b", null)), List.of("a"), false, false, false, List.of(limit("b", 9)));
    Scene scene = scene(List.of(), rule("a", 1, match("a", null)), wide);
    List<DescriptorStep> steps = steps(scene, one("a", "1"), one("b", "1"));
    assertInstanceOf(DescriptorStep.Replaced.class, steps.get(0));
    assertEquals(List.of("b"), names(check(scene, question(steps.get(1)))));
    assertEquals(List.of("a"), names(check(scene, one("a", "1"))));
  }

  @Test
  void namespacesLimitsHoldBesideTheRules() {
    Scene scene = scene(List.of(PER_ADDRESS), rule("path", 5, match("path", null)));
    assertEquals(List.of("per-address", "path"), names(check(scene, one("path", "/"))));
  }

  @Test
  void unlimitedRuleAsksForNothingAndStillReplaces() {
    Scene scene =
        scene(List.of(PER_ADDRESS), unlimited(List.of("per-address"), match("friend", null)));
    List<DescriptorStep> steps = steps(scene, one("friend", "x"), one("remote_address", "1"));
    assertEquals(
        "friend", assertInstanceOf(DescriptorStep.Unlimited.class, steps.get(0)).rule().text());
    assertInstanceOf(DescriptorStep.Replaced.class, steps.get(1));
  }

  @Test
  void descriptorWithoutRuleOrDomainWithoutNamespaceIsUnknown() {
    Scene scene = scene(List.of(), rule("a", 1, match("a", null)));
    assertInstanceOf(DescriptorStep.Unknown.class, steps(scene, one("b", "1")).getFirst());
    DescriptorPlan nowhere =
        scene.limiter.plan(
            scene.realm,
            "no/where",
            List.of(
                one("a", "1"),
                new Descriptor(entries("a", "1"), 1, new InlineLimit(1, RateUnit.DAY))));
    assertTrue(nowhere.namespace().isEmpty());
    assertEquals(2, nowhere.steps().size());
    nowhere.steps().forEach(step -> assertInstanceOf(DescriptorStep.Unknown.class, step));
  }

  @Test
  void starAnswersForDomainsThatAreNames() {
    Scene scene =
        new Scene(
            MemoryStores::roomy,
            List.of(NamespaceSpec.of(NamespaceSpec.ANY, List.of(limit("default", 1)))));
    assertTrue(check(scene, one("a", "1")).allowed());
    assertFalse(check(scene, one("a", "1")).allowed());
    DescriptorPlan other = scene.limiter.plan(scene.realm, "other", List.of(one("a", "1")));
    assertTrue(check(scene, question(other.steps().getFirst())).allowed());
    refused("domain", () -> scene.limiter.plan(scene.realm, "no/name", List.of(one("a", "1"))));
  }

  @Test
  void shadowRuleWatchesAndNeverDenies() {
    DescriptorSpec shadow =
        new DescriptorSpec(
            List.of(match("a", null)), List.of(), false, true, false, List.of(limit("a", 1)));
    Scene scene = scene(List.of(), shadow);
    assertTrue(check(scene, one("a", "1")).allowed());
    Decision second = check(scene, one("a", "1"));
    assertTrue(second.allowed());
    assertTrue(second.limits().getFirst().shadow());
    assertFalse(second.limits().getFirst().admitted());
  }

  @Test
  void beginningCountsEachValueApartUnlessItsLimitIsTheNamespaces() {
    LimitSpec together =
        new LimitSpec(
            "together", limit("x", 1).algorithm(), false, LimitSpec.Per.NAMESPACE, Map.of());
    Scene scene =
        scene(
            List.of(),
            rule("apart", 1, match("a", "x*")),
            new DescriptorSpec(
                List.of(match("b", "x*")), List.of(), false, false, false, List.of(together)));
    assertTrue(check(scene, one("a", "x1")).allowed());
    assertTrue(check(scene, one("a", "x2")).allowed());
    assertFalse(check(scene, one("a", "x1")).allowed());
    assertTrue(check(scene, one("b", "x1")).allowed());
    assertFalse(check(scene, one("b", "x2")).allowed());
  }

  @Test
  void sameDescriptorTwiceCountsTwice() {
    Scene scene = scene(List.of(), rule("a", 3, match("a", null)));
    for (DescriptorStep step : steps(scene, one("a", "1"), one("a", "1"))) {
      check(scene, question(step));
    }
    assertEquals(OptionalLong.of(1), check(scene, Descriptor.of(entries("a", "1"), 0)).remaining());
  }

  @Test
  void peekChangesNothingAndARefundGivesBack() {
    Scene scene = scene(List.of(), rule("a", 3, match("a", null)));
    Descriptor three = Descriptor.of(entries("a", "1"), 3);
    assertTrue(check(scene, three).allowed());
    DescriptorQuestion question = question(steps(scene, three).getFirst());
    assertEquals(OptionalLong.of(0), check(scene, question.withCost(0)).remaining());
    assertEquals(OptionalLong.of(2), refund(scene, question.withCost(2)).remaining());
    assertEquals(OptionalLong.of(3), refund(scene, question.withCost(9)).remaining());
  }

  @Test
  void inlineLimitHoldsInPlaceOfAllOthersInItsOwnKey() {
    Scene scene = scene(List.of(PER_ADDRESS), LOGIN);
    List<DescriptorEntry> address = entries("remote_address", "10.0.0.1");
    Descriptor inline = new Descriptor(address, 1, new InlineLimit(1, RateUnit.MINUTE));
    Decision first = check(scene, inline);
    assertEquals(List.of("inline-minute"), names(first));
    assertEquals(MINUTE, first.limits().getFirst().periodMicros());
    assertFalse(check(scene, inline).allowed());
    assertTrue(
        check(scene, new Descriptor(address, 1, new InlineLimit(1, RateUnit.HOUR))).allowed());
    assertEquals(OptionalLong.of(9), check(scene, one("remote_address", "10.0.0.1")).remaining());
    scene.clock.moveTo(scene.clock.next(MINUTE));
    assertTrue(check(scene, inline).allowed());
    assertEquals(
        RateUnit.MINUTE, question(steps(scene, inline).getFirst()).inline().orElseThrow().unit());
  }

  @Test
  void inlineLimitOfNothingBlocksWithoutBeingCounted() {
    Scene scene = scene(List.of(PER_ADDRESS));
    InlineLimit nothing = new InlineLimit(0, RateUnit.SECOND);
    List<DescriptorStep> steps =
        steps(
            scene,
            new Descriptor(entries("a", "1"), 1, nothing),
            new Descriptor(entries("a", "1"), 0, nothing));
    assertEquals(new DescriptorStep.Blocked(nothing, true), steps.get(0));
    assertEquals(new DescriptorStep.Blocked(nothing, false), steps.get(1));
  }

  @Test
  void everyUnitIsAFixedWindowOfItsLength() {
    Scene scene = scene(List.of());
    for (RateUnit unit : RateUnit.values()) {
      Decision decision =
          check(scene, new Descriptor(entries("a", "1"), 1, new InlineLimit(4_294_967_295L, unit)));
      LimitReport report = decision.limits().getFirst();
      assertEquals("fixed_window", report.algorithm());
      assertEquals(unit, RateUnit.of(report).orElseThrow());
      assertEquals(4_294_967_294L, report.remaining());
    }
    Decision other = check(scene(List.of(limit("a", 1))), one("a", "1"));
    assertEquals(RateUnit.MINUTE, RateUnit.of(other.limits().getFirst()).orElseThrow());
  }

  @Test
  void overrideOfAnIdentifierChangesWhatADescriptorMayDo() {
    NamespaceSpec spec =
        namespace(
            List.of(PER_ADDRESS),
            List.of(
                new OverrideSpec(
                    "path=/login;remote_address=10.*",
                    Map.of("login", new LimitOverride.Numbers(7, OptionalLong.empty()))),
                new OverrideSpec(
                    "path=/login;remote_address=127.0.0.1",
                    Map.of("login", new LimitOverride.Unlimited()))),
            LOGIN);
    Scene scene = new Scene(MemoryStores::roomy, List.of(spec));
    Decision raised = check(scene, one("path", "/login", "remote_address", "10.0.0.1"));
    assertEquals(7, raised.limits().getFirst().limit());
    Decision free = check(scene, one("path", "/login", "remote_address", "127.0.0.1"));
    assertTrue(free.allowed());
    assertEquals(List.of(), free.limits());
  }

  @Test
  void resetOfItsIdentifierForgetsWhatADescriptorUsed() {
    Scene scene = scene(List.of(PER_ADDRESS), LOGIN);
    Descriptor login = one("path", "/login", "remote_address", "10.0.0.1");
    check(scene, login);
    scene.reset(question(steps(scene, login).getFirst()).request().identifier(), false);
    assertEquals(OptionalLong.of(1), check(scene, login).remaining());
  }

  @Test
  void checksOfOtherDoorsAreNotAskedForLimitsOfDescriptors() {
    Scene scene = scene(List.of(PER_ADDRESS), LOGIN);
    Decision decision = scene.check("path=/login;remote_address=10.0.0.1", 1);
    assertEquals(List.of("per-address"), names(decision));
  }

  @Test
  void limitsWithAConditionOrLeasesAreNotAsked() {
    LimitSpec when =
        new LimitSpec(
            "eu",
            limit("x", 1).algorithm(),
            false,
            LimitSpec.Per.IDENTIFIER,
            Map.of("region", "eu"));
    LimitSpec held = LimitSpec.of("held", new Algorithm.Concurrency(1, MINUTE));
    Scene scene = scene(List.of(when, held));
    assertInstanceOf(DescriptorStep.Unknown.class, steps(scene, one("region", "eu")).getFirst());
  }

  @Test
  void hostileRequestsAreRefusedByTheirField() {
    Scene scene = scene(List.of(PER_ADDRESS));
    refused("domain", () -> scene.limiter.plan(scene.realm, "", List.of(one("a", "1"))));
    refused("descriptors", () -> scene.limiter.plan(scene.realm, "api", List.of()));
    refused(
        "descriptors",
        () -> scene.limiter.plan(scene.realm, "api", Collections.nCopies(1_001, one("a", "1"))));
    refused("descriptors.entries", () -> Descriptor.of(List.of(), 1));
    refused(
        "descriptors.entries",
        () -> Descriptor.of(Collections.nCopies(1_001, new DescriptorEntry("a", "1")), 1));
    refused("descriptors.entries.key", () -> one("", "1"));
    refused("descriptors.entries.key", () -> one("\ud800", "1"));
    refused("descriptors.entries.value", () -> one("a", "x\udc00"));
    refused("hits_addend", () -> Descriptor.of(entries("a", "1"), -1));
    refused("hits_addend", () -> Descriptor.of(entries("a", "1"), Exact.MAX + 1));
    refused("limit.requests_per_unit", () -> new InlineLimit(-1, RateUnit.DAY));
    refused("limit.requests_per_unit", () -> new InlineLimit(1L << 32, RateUnit.DAY));
    assertTrue(check(scene, one("a\0", "😀" + "x".repeat(1_000_000))).allowed());
  }

  private static void refused(String field, Executable made) {
    assertEquals(field, assertThrows(InvalidRequestException.class, made).field());
  }
}
