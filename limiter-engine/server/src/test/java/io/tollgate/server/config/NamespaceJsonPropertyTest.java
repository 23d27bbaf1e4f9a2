package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read again as it was, and nothing that is read can do harm. */
class NamespaceJsonPropertyTest {

  @Provide
  Arbitrary<NamespaceSpec> namespaces() {
    return Namespaces.any();
  }

  @Property
  void everyNamespaceIsReadAgainAsItWasWritten(@ForAll("namespaces") NamespaceSpec spec) {
    String json = NamespaceJson.write(spec);
    NamespaceSpec again = NamespaceJson.parse(spec.name(), json);
    assertEquals(spec, again);
    assertEquals(json, NamespaceJson.write(again));
    assertFalse(json.contains("\n"), json);
  }

  /** JSON is YAML but for a few controls, which YAML wants escaped. */
  @Property
  void theFileTakesTheWrittenFormToo(@ForAll("namespaces") NamespaceSpec spec) {
    String json = NamespaceJson.write(spec).replace("\u007F", "\\u007f");
    String file = "version: 1\nnamespaces:\n  \"" + spec.name() + "\": " + json + "\n";
    List<NamespaceSpec> read = LimitsFile.parse("f", file);
    assertEquals(List.of(spec), read);
  }

  @Property
  void aMutatedNamespaceIsReadOrRefusedInItsOwnWords(
      @ForAll("namespaces") NamespaceSpec spec, @ForAll("mutations") List<Mutation> mutations) {
    StringBuilder json = new StringBuilder(NamespaceJson.write(spec));
    mutations.forEach(mutation -> mutation.applyTo(json));
    try {
      NamespaceSpec read = NamespaceJson.parse(spec.name(), json.toString());
      assertEquals(read, NamespaceJson.parse(spec.name(), NamespaceJson.write(read)));
    } catch (ConfigException e) {
      assertFalse(e.problems().isEmpty());
      assertTrue(e.problems().stream().noneMatch(p -> p.message().isBlank() || p.fix().isBlank()));
    }
  }

  /**
   * A change of a text.
   *
   * @param place where, modulo the length
   * @param length how much of it goes
   * @param with what comes instead
   */
  record Mutation(int place, int length, String with) {

    void applyTo(StringBuilder text) {
      int from = place % (text.length() + 1);
      text.replace(from, Math.min(text.length(), from + length), with);
    }
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "0",
            "-",
            "9".repeat(30),
            "1e9",
            "null",
            "true",
            "\"limits\"",
            "\"m\"",
            "\u0000",
            "\uD800",
            "\uFEFF",
            "{}",
            "\\ud800",
            "//");
    return Arbitraries.integers()
        .between(0, 5_000)
        .flatMap(place ->
            Arbitraries.integers()
                .between(0, 4)
                .flatMap(length -> pieces.map(piece -> new Mutation(place, length, piece))))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 20)
  void theNamespacesOfThisTestAreOfEveryKind(@ForAll("lots") List<NamespaceSpec> many) {
    long kinds =
        many.stream()
            .flatMap(n -> n.limits().stream())
            .map(l -> l.algorithm().getClass())
            .distinct()
            .count();
    assertEquals(7, kinds);
    assertTrue(many.stream().anyMatch(n -> !n.overrides().isEmpty()));
    assertTrue(many.stream().anyMatch(n -> !n.endpoints().isEmpty()));
    assertTrue(IntStream.range(0, many.size()).anyMatch(i -> many.get(i).name().equals("*")));
  }

  @Provide
  Arbitrary<List<NamespaceSpec>> lots() {
    return Namespaces.any().list().ofSize(300);
  }
}
