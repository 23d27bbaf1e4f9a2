package io.tollgate.server.observe;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An expression that a file asks Prometheus.
 *
 * @param place the file, and which alert or panel of it
 * @param text the expression, with plain values for variables
 * @param named labels that texts beside it name
 */
record Query(String place, String text, Set<String> named) {

  /** As in {@code {{ $labels.instance }}} of an alert, and {@code {{instance}}} of a panel. */
  private static final Pattern NAMED =
      Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}");

  /** One with a text beside it that may name labels. */
  static Query beside(String place, String expression, String text) {
    Set<String> named = new TreeSet<>();
    NAMED.matcher(text).results().forEach(found -> named.add(found.group(1)));
    return new Query(place, expression.strip(), named);
  }

  @Override
  public String toString() {
    return place + ": " + text;
  }
}
