package io.tollgate.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names in an expression of Prometheus that is known to parse.
 *
 * @param selectors the metrics, in order
 * @param grouped labels that stand behind {@code by}, {@code on} and their kin
 */
record PromQl(List<Selector> selectors, Set<String> grouped) {

  /** A metric with what is asked of its labels. */
  record Selector(String metric, List<Condition> conditions) {}

  /** What a label must be, such as {@code decision!="allowed"}. */
  record Condition(String label, String operator, String value) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|#[^\n]*"
              + "|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`"
              + "|\\[[^]]*]"
              + "|[A-Za-z_:][A-Za-z0-9_:]*"
              + "|[0-9][0-9A-Za-z.]*"
              + "|=~|!~|!=|.");

  private static final Set<String> WITH_LABELS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan");

  /** The names in an expression. */
  static PromQl of(String expression) {
    List<String> tokens = tokens(expression);
    List<Selector> selectors = new ArrayList<>();
    Set<String> grouped = new TreeSet<>();
    int at = 0;
    while (at < tokens.size()) {
      String token = tokens.get(at);
      at++;
      if (token.equals("{")) {
        throw new IllegalArgumentException("name the metric before { in " + expression);
      }
      if (!isName(token) || KEYWORDS.contains(token)) {
        continue;
      }
      String next = at < tokens.size() ? tokens.get(at) : "";
      if (WITH_LABELS.contains(token)) {
        if (next.equals("(")) {
          int end = end(tokens, at, ")");
          tokens.subList(at, end).stream().filter(PromQl::isName).forEach(grouped::add);
          at = end;
        }
      } else if (next.equals("{")) {
        int end = end(tokens, at, "}");
        selectors.add(new Selector(token, conditions(tokens.subList(at + 1, end))));
        at = end + 1;
      } else if (!next.equals("(") && !WITH_LABELS.contains(next)) {
        selectors.add(new Selector(token, List.of()));
      }
    }
    return new PromQl(selectors, grouped);
  }

  private static List<String> tokens(String expression) {
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(expression);
    while (token.find()) {
      String text = token.group();
      if (!text.isBlank() && !text.startsWith("#") && !text.startsWith("[")) {
        tokens.add(text);
      }
    }
    return tokens;
  }

  private static boolean isName(String token) {
    char first = token.charAt(0);
    return Character.isLetter(first) || first == '_' || first == ':';
  }

  private static int end(List<String> tokens, int from, String closing) {
    int length = tokens.subList(from, tokens.size()).indexOf(closing);
    if (length < 0) {
      throw new IllegalArgumentException("no " + closing + " in " + tokens);
    }
    return from + length;
  }

  private static List<Condition> conditions(List<String> tokens) {
    List<Condition> conditions = new ArrayList<>();
    int at = 0;
    while (at + 2 < tokens.size()) {
      String quoted = tokens.get(at + 2);
      String value = quoted.substring(1, quoted.length() - 1);
      conditions.add(new Condition(tokens.get(at), tokens.get(at + 1), value));
      // The next one stands behind a comma.
      at += 4;
    }
    return conditions;
  }

  /** The conditions of all metrics. */
  Stream<Condition> conditions() {
    return selectors.stream().flatMap(selector -> selector.conditions().stream());
  }
}
