package io.tollgate.limiter.catalog;

import io.tollgate.limiter.limit.StoreFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule of a descriptor, entry by entry: an exact value before a beginning, a longer
 * beginning before a shorter one, any before the key alone. What was taken is not given up again
 * when a later entry fits nothing, as in Envoy's nested configuration.
 *
 * <p>Needs a look-up per entry, and one more per length of the beginnings that stand there. Safe
 * for use by any number of threads once it is filled.
 */
final class DescriptorRules {

  private static final class Node {
    final Map<String, Values> byKey = new HashMap<>();
    @Nullable DescriptorRule rule;
  }

  /** What may follow under one key. */
  private static final class Values {
    final Map<String, Node> exact = new HashMap<>();

    /** By length, the longest first. */
    final SortedMap<Integer, Map<String, Node>> beginnings =
        new TreeMap<>(Collections.reverseOrder());

    @Nullable Node each;

    Node add(@Nullable String value) {
      if (value == null) {
        Node node = each == null ? new Node() : each;
        each = node;
        return node;
      }
      if (!value.endsWith("*")) {
        return exact.computeIfAbsent(value, _ -> new Node());
      }
      String beginning = value.substring(0, value.length() - 1);
      return beginnings
          .computeIfAbsent(beginning.length(), _ -> new HashMap<>())
          .computeIfAbsent(beginning, _ -> new Node());
    }

    @Nullable Node find(String value) {
      Node node = exact.get(value);
      if (node != null) {
        return node;
      }
      for (Map.Entry<Integer, Map<String, Node>> ofLength : beginnings.entrySet()) {
        int length = ofLength.getKey();
        node = length > value.length() ? null : ofLength.getValue().get(value.substring(0, length));
        if (node != null) {
          return node;
        }
      }
      return each;
    }
  }

  private final Node root = new Node();
  private final List<DescriptorRule> all = new ArrayList<>();

  DescriptorRules(List<DescriptorSpec> specs, StoreFailure onStoreFailure) {
    for (DescriptorSpec spec : specs) {
      DescriptorRule rule = new DescriptorRule(spec, onStoreFailure);
      Node node = root;
      for (DescriptorSpec.Match entry : spec.match()) {
        node = node.byKey.computeIfAbsent(entry.key(), _ -> new Values()).add(entry.value());
      }
      node.rule = rule;
      all.add(rule);
    }
  }

  List<DescriptorRule> all() {
    return all;
  }

  @Nullable DescriptorRule find(List<DescriptorEntry> entries) {
    // No match is longer: the rest of a hostile descriptor is not looked at.
    if (entries.size() > DescriptorSpec.MOST_ENTRIES) {
      return null;
    }
    Node node = root;
    for (DescriptorEntry entry : entries) {
      Values values = node.byKey.get(entry.key());
      Node next = values == null ? null : values.find(entry.value());
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node.rule;
  }
}
