package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.check.Descriptor;
import io.tollgate.limiter.check.DescriptorPlan;
import io.tollgate.limiter.check.DescriptorStep;
import io.tollgate.limiter.limit.Realm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What is imported picks the limits that the nested configuration picks, as it is documented. */
class EnvoyImportPropertyTest {

  private static final Realm REALM = Realm.live("standalone");
  private static final List<String> KEYS = List.of("k", "l");
  private static final List<String> VALUES =
      List.of("", "a", "b", "ab", "abc", "abc*", "ab*", "a*");
  private static final List<String> ASKED = List.of("", "a", "b", "ab", "abc", "abcd", "c", "*");

  /** One level of the nested configuration, by key and value; a longer beginning comes first. */
  private static final class Level {
    final Map<String, Level> entries = new LinkedHashMap<>();
    String limit = "";
    boolean unlimited;

    void write(StringBuilder yaml, String indent) {
      entries.forEach((entry, below) -> {
        String[] parts = entry.split("_", 2);
        yaml.append(indent).append("- key: ").append(parts[0]).append('\n');
        yaml.append(indent).append("  value: \"").append(parts[1]).append("\"\n");
        if (below.unlimited) {
          yaml.append(indent).append("  rate_limit: {unlimited: true}\n");
        } else if (!below.limit.isEmpty()) {
          yaml.append(indent).append("  rate_limit: {unit: day, requests_per_unit: 9, name: ");
          yaml.append(below.limit).append("}\n");
        }
        if (!below.entries.isEmpty()) {
          yaml.append(indent).append("  descriptors:\n");
          below.write(yaml, indent + "  ");
        }
      });
    }

    @Nullable Level next(DescriptorEntry asked) {
      Level exact = asked.value().isEmpty() ? null : entries.get(asked.key() + "_" + asked.value());
      if (exact != null && !asked.value().endsWith("*")) {
        return exact;
      }
      for (Map.Entry<String, Level> entry : entries.entrySet()) {
        String name = entry.getKey();
        String beginning = name.substring(0, name.length() - 1);
        if (name.endsWith("*") && (asked.key() + "_" + asked.value()).startsWith(beginning)) {
          return entry.getValue();
        }
      }
      return entries.get(asked.key() + "_");
    }
  }

  private final List<String> limits = new ArrayList<>();

  private Level level(Random random, int depth) {
    Level level = new Level();
    for (String key : KEYS) {
      for (String value : VALUES.reversed().stream().sorted(longestFirst()).toList()) {
        if (random.nextInt(4) == 0) {
          Level below = random.nextBoolean() && depth < 3 ? level(random, depth + 1) : new Level();
          below.unlimited = random.nextInt(6) == 0;
          if (!below.unlimited && random.nextInt(4) > 0) {
            below.limit = "n" + limits.size();
            limits.add(below.limit);
          }
          level.entries.put(key + "_" + value, below);
        }
      }
    }
    return level;
  }

  private static Comparator<String> longestFirst() {
    return Comparator.comparingInt(text -> -text.length());
  }

  /** The limit's name; {@code unlimited} or {@code none}. */
  private static String plainly(Level root, List<DescriptorEntry> entries) {
    Level level = root;
    for (DescriptorEntry entry : entries) {
      Level next = level.next(entry);
      if (next == null) {
        return "none";
      }
      level = next;
    }
    boolean leaf = level.limit.isEmpty() && level.entries.isEmpty();
    return level.unlimited || leaf ? "unlimited" : level.limit.isEmpty() ? "none" : level.limit;
  }

  private static String here(Catalog catalog, List<DescriptorEntry> entries) {
    DescriptorPlan plan =
        DescriptorPlan.of(catalog, REALM, "d", List.of(Descriptor.of(entries, 1)));
    return switch (plan.steps().getFirst()) {
      case DescriptorStep.Unknown() -> "none";
      case DescriptorStep.Unlimited _ -> "unlimited";
      case DescriptorStep.Asked asked ->
          asked.question().rule().orElseThrow().spec().limits().getFirst().name();
      case DescriptorStep.Replaced _, DescriptorStep.Blocked _ -> "?";
    };
  }

  @Property(tries = 300)
  void everyDescriptorHasTheLimitThatItHasThere(@ForAll long seed) {
    Random random = new Random(seed);
    limits.clear();
    Level root = level(random, 1);
    StringBuilder yaml = new StringBuilder("domain: d\ndescriptors:\n");
    root.write(yaml, "  ");
    Imported imported = Imports.parse(Imports.Format.ENVOY_RATELIMIT, "c.yaml", yaml.toString());
    assertEquals(List.of(), imported.leftOut(), yaml.toString());
    Catalog catalog = new Catalog(LimitsFile.parse("made", imported.yaml()));
    for (int i = 0; i < 100; i++) {
      List<DescriptorEntry> entries = new ArrayList<>();
      for (int k = random.nextInt(3); k >= 0; k--) {
        entries.add(
            new DescriptorEntry(
                KEYS.get(random.nextInt(2)), ASKED.get(random.nextInt(ASKED.size()))));
      }
      assertEquals(plainly(root, entries), here(catalog, entries), () -> entries + "\n" + yaml);
    }
  }
}
