package io.tollgate.limiter.catalog;

import java.util.List;

/**
 * A pattern in which {@code *} stands for any run of characters, also an empty one.
 *
 * <p>Matches in time proportional to text times parts, without recursion: a hostile text cannot
 * make it slow.
 */
final class Glob {

  private final String pattern;
  private final List<String> parts;

  Glob(String pattern) {
    this.pattern = pattern;
    this.parts = List.of(pattern.split("\\*", -1));
  }

  static boolean isGlob(String text) {
    return text.indexOf('*') >= 0;
  }

  String pattern() {
    return pattern;
  }

  boolean matches(String text) {
    String first = parts.getFirst();
    if (parts.size() == 1) {
      return text.equals(first);
    }
    String last = parts.getLast();
    int end = text.length() - last.length();
    if (!text.startsWith(first) || !text.endsWith(last) || end < first.length()) {
      return false;
    }
    int from = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int found = text.indexOf(part, from);
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      from = found + part.length();
    }
    return true;
  }
}
