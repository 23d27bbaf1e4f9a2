package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The most specific rule is found, as a plain reading of the rules finds it. */
class DescriptorRulesPropertyTest {

  private static final Algorithm BUCKET = new Algorithm.Gcra(10, 60_000_000, 10);

  private static DescriptorSpec rule(Match... match) {
    return new DescriptorSpec(
        List.of(match), List.of(), false, false, false, List.of(LimitSpec.of("l", BUCKET)));
  }

  private static Match match(String key, @Nullable String value) {
    return new Match(key, value);
  }

  private static DescriptorRules rules(DescriptorSpec... specs) {
    return new DescriptorRules(List.of(specs), StoreFailure.LOCAL);
  }

  private static List<DescriptorEntry> asked(String... keysAndValues) {
    List<DescriptorEntry> entries = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.add(new DescriptorEntry(keysAndValues[i], keysAndValues[i + 1]));
    }
    return entries;
  }

  private static String found(DescriptorRules rules, String... keysAndValues) {
    DescriptorRule rule = rules.find(asked(keysAndValues));
    return rule == null ? "none" : rule.text();
  }

  @Example
  void exactValueComesBeforeBeginningBeforeKeyAlone() {
    DescriptorRules rules =
        rules(
            rule(match("path", null)),
            rule(match("path", "/a*")),
            rule(match("path", "/api*")),
            rule(match("path", "/api/x")),
            rule(match("path", "*")));
    assertEquals("path=/api/x", found(rules, "path", "/api/x"));
    assertEquals("path=/api*", found(rules, "path", "/api/y"));
    assertEquals("path=/api*", found(rules, "path", "/api"));
    assertEquals("path=/a*", found(rules, "path", "/ap"));
    assertEquals("path=*", found(rules, "path", "x"));
    assertEquals("path=*", found(rules, "path", ""));
    assertEquals("none", found(rules, "Path", "x"));
  }

  @Example
  void numberAndOrderOfEntriesMustBeTheSame() {
    DescriptorRules rules = rules(rule(match("a", null)), rule(match("a", "1"), match("b", null)));
    assertEquals("a=1;b", found(rules, "a", "1", "b", "2"));
    assertEquals("none", found(rules, "a", "1"), "the exact value was taken, and has no limit");
    assertEquals("a", found(rules, "a", "2"));
    assertEquals("none", found(rules, "b", "2", "a", "1"));
    assertEquals("none", found(rules, "a", "1", "b", "2", "c", "3"));
    assertEquals("none", found(rules, "a", "2", "b", "2"));
  }

  @Example
  void aStarElsewhereIsAStar() {
    DescriptorRules rules = rules(rule(match("a", "x*y")));
    assertEquals("a=x*y", found(rules, "a", "x*y"));
    assertEquals("none", found(rules, "a", "xzy"));
  }

  @Example
  void longDescriptorMatchesNothing() {
    List<DescriptorEntry> entries = Collections.nCopies(1_000, new DescriptorEntry("a", "1"));
    assertNull(rules(rule(match("a", null))).find(entries));
  }

  /** All rules, and those among them that fit so far: what the first differing entry decides. */
  private static @Nullable DescriptorSpec plainly(
      List<DescriptorSpec> specs, List<DescriptorEntry> entries) {
    List<DescriptorSpec> left = specs;
    for (int i = 0; i < entries.size(); i++) {
      DescriptorEntry entry = entries.get(i);
      int at = i;
      Comparator<DescriptorSpec> rank =
          Comparator.comparingInt(s -> rank(s.match().get(at), entry));
      List<DescriptorSpec> fitting =
          left.stream()
              .filter(s -> s.match().size() > at && rank(s.match().get(at), entry) >= 0)
              .toList();
      if (fitting.isEmpty()) {
        return null;
      }
      Match best = fitting.stream().max(rank).orElseThrow().match().get(at);
      left = fitting.stream().filter(s -> s.match().get(at).equals(best)).toList();
    }
    return left.stream().filter(s -> s.match().size() == entries.size()).findFirst().orElse(null);
  }

  /** How specific a match is; below 0: it does not match. */
  private static int rank(Match match, DescriptorEntry entry) {
    String value = match.value();
    if (!match.key().equals(entry.key())) {
      return -1;
    }
    if (value == null) {
      return 0;
    }
    if (value.endsWith("*")) {
      String beginning = value.substring(0, value.length() - 1);
      return entry.value().startsWith(beginning) ? 1 + beginning.length() : -1;
    }
    return entry.value().equals(value) ? 1_000 : -1;
  }

  @Property
  void theTreeFindsWhatAPlainReadingFinds(@ForAll long seed) {
    Random random = new Random(seed);
    String[] values = {"a", "ab", "abc", "b", "*", "a*", "ab*", "abc*", "b*"};
    Set<List<Match>> matches = new HashSet<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      List<Match> one = new ArrayList<>();
      for (int k = random.nextInt(3); k >= 0; k--) {
        String value = random.nextInt(4) == 0 ? null : values[random.nextInt(values.length)];
        one.add(match(random.nextBoolean() ? "k" : "l", value));
      }
      matches.add(one);
    }
    List<DescriptorSpec> specs = matches.stream().map(m -> rule(m.toArray(Match[]::new))).toList();
    DescriptorRules rules = new DescriptorRules(specs, StoreFailure.LOCAL);
    String[] asked = {"a", "ab", "abc", "abcd", "b", "bb", "c", "", "*"};
    for (int i = 0; i < 50; i++) {
      List<DescriptorEntry> entries = new ArrayList<>();
      for (int k = random.nextInt(3); k >= 0; k--) {
        String key = random.nextBoolean() ? "k" : "l";
        entries.add(new DescriptorEntry(key, asked[random.nextInt(asked.length)]));
      }
      DescriptorRule found = rules.find(entries);
      assertSame(plainly(specs, entries), found == null ? null : found.spec(), entries.toString());
    }
  }
}
