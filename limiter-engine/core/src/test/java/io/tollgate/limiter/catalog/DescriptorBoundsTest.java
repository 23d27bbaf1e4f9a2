package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What cannot be meant of descriptors is refused by the name of its field. */
class DescriptorBoundsTest {

  private static final long MINUTE = 60_000_000;
  private static final Algorithm BUCKET = new Algorithm.Gcra(10, MINUTE, 10);
  private static final List<Match> PATH = List.of(new Match("path", null));

  private static DescriptorSpec spec(
      List<Match> match, List<String> replaces, LimitSpec... limits) {
    return new DescriptorSpec(match, replaces, false, false, false, List.of(limits));
  }

  private static NamespaceSpec namespace(List<LimitSpec> limits, List<DescriptorSpec> descriptors) {
    return new NamespaceSpec(
        "n",
        StoreFailure.LOCAL,
        Headers.DRAFT,
        limits,
        List.of(),
        List.of(),
        descriptors,
        NegativeHits.PEEK,
        NamespaceSpec.USUAL_IDENTITY);
  }

  private static LimitSpec limit(String name) {
    return LimitSpec.of(name, BUCKET);
  }

  private static void refused(String field, String part, Executable made) {
    InvalidLimitException refusal = assertThrows(InvalidLimitException.class, made);
    assertEquals(field, refusal.field(), refusal.getMessage());
    String message = refusal.detail() + "; " + refusal.fix();
    assertTrue(message.contains(part), message);
  }

  @Test
  void keysAndValuesHaveOneTo1024Bytes() {
    assertDoesNotThrow(() -> new Match("é".repeat(512), "x".repeat(1_024)));
    refused("key", "0 bytes", () -> new Match("", null));
    refused("key", "1025 bytes", () -> new Match("x" + "é".repeat(512), null));
    refused("value", "or none to match each", () -> new Match("a", ""));
    refused("value", "1025 bytes", () -> new Match("a", "x".repeat(1_025)));
  }

  @Test
  void matchHasOneTo16Entries() {
    assertDoesNotThrow(() -> spec(Collections.nCopies(16, PATH.getFirst()), List.of(), limit("a")));
    refused("match", "0 entries", () -> spec(List.of(), List.of(), limit("a")));
    refused(
        "match",
        "17 entries",
        () -> spec(Collections.nCopies(17, PATH.getFirst()), List.of(), limit("a")));
  }

  @Test
  void ruleHasLimitsOrIsUnlimited() {
    refused("limits", "unlimited: true", () -> spec(PATH, List.of()));
    refused(
        "limits",
        "never count",
        () -> new DescriptorSpec(PATH, List.of(), true, false, false, List.of(limit("a"))));
  }

  @Test
  void limitsThatAProxyCannotObeyAreRefused() {
    LimitSpec held = LimitSpec.of("a", new Algorithm.Concurrency(1, MINUTE));
    refused("limits", "leases", () -> spec(PATH, List.of(), held));
    LimitSpec queue =
        LimitSpec.of("a", new Algorithm.LeakyBucket(1, MINUTE, 1, LeakyMode.QUEUE, 1_000));
    refused("limits", "delays", () -> spec(PATH, List.of(), queue));
    LimitSpec when =
        new LimitSpec("a", BUCKET, false, LimitSpec.Per.IDENTIFIER, Map.of("region", "eu"));
    refused("limits", "attributes", () -> spec(PATH, List.of(), when));
  }

  @Test
  void onlyWhatARequestCanEvaluateIsReplaced() {
    refused("replaces", "of its own", () -> spec(PATH, List.of("a"), limit("a")));
    refused("replaces", "at most 100", () -> spec(PATH, Collections.nCopies(101, "b"), limit("a")));
    refused(
        "replaces",
        "'b' is no limit",
        () -> namespace(List.of(), List.of(spec(PATH, List.of("b"), limit("a")))));
    DescriptorSpec later = spec(List.of(new Match("user", null)), List.of(), limit("b"));
    assertDoesNotThrow(
        () -> namespace(List.of(), List.of(spec(PATH, List.of("b"), limit("a")), later)));
    assertDoesNotThrow(
        () -> namespace(List.of(limit("b")), List.of(spec(PATH, List.of("b"), limit("a")))));
  }

  @Test
  void nameIsUniqueInTheWholeNamespace() {
    refused(
        "name",
        "'a' is used twice",
        () -> namespace(List.of(limit("a")), List.of(spec(PATH, List.of(), limit("a")))));
  }

  @Test
  void matchIsUniqueInANamespace() {
    refused(
        "descriptors",
        "'path' is matched twice",
        () ->
            namespace(
                List.of(),
                List.of(spec(PATH, List.of(), limit("a")), spec(PATH, List.of(), limit("b")))));
  }

  @Test
  void aRuleAndItsNamespaceHaveAtMost32LimitsTogether() {
    List<LimitSpec> own = IntStream.range(0, 31).mapToObj(i -> limit("o" + i)).toList();
    assertDoesNotThrow(() -> namespace(own, List.of(spec(PATH, List.of(), limit("a")))));
    refused(
        "descriptors",
        "at most 32",
        () -> namespace(own, List.of(spec(PATH, List.of(), limit("a"), limit("b")))));
  }

  @Test
  void namespaceHasAtMost10000Descriptors() {
    List<DescriptorSpec> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(spec(List.of(new Match("path", "/" + i)), List.of(), limit("l" + i)));
    }
    Catalog catalog = new Catalog(List.of(namespace(List.of(), many)));
    NamespaceLimits limits = catalog.find("n").orElseThrow();
    List<DescriptorEntry> last = List.of(new DescriptorEntry("path", "/9999"));
    assertEquals("path=/9999", limits.rule(last).orElseThrow().text());
    many.add(spec(PATH, List.of(), limit("one-more")));
    refused("descriptors", "at most 10000", () -> namespace(List.of(), many));
  }

  @Test
  void textOfAMatchHasNoSeparatorsButItsOwn() {
    DescriptorSpec odd =
        spec(List.of(new Match("a=;", "b=;%"), new Match("c", null)), List.of(), limit("a"));
    assertEquals("a%3D%3B=b=%3B%25;c", odd.text());
  }
}
