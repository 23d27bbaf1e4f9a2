package io.tollgate.server.config;

import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A node that is being read: knows its name and place, and reports what is wrong with it.
 *
 * <p>Each reading method answers empty after it has reported a problem.
 */
final class Value {

  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,40})");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|nan)");
  private static final Pattern FLAG = Pattern.compile("(?i)true|false");
  private static final Pattern NOTHING = Pattern.compile("(?i)|~|null");

  private final Node node;
  private final String pointer;
  private final String name;
  private final Problems problems;

  private Value(Node node, String pointer, String name, Problems problems) {
    this.node = node;
    this.pointer = pointer;
    this.name = name;
    this.problems = problems;
  }

  /**
   * The whole of what is read; pointers begin here.
   *
   * @param name how messages call it
   */
  static Value root(Node node, String name, Problems problems) {
    return new Value(node, "", Shown.line(name, 60), problems);
  }

  /** The value of one of this object's fields. */
  Value child(String key, Node child) {
    String segment = key.replace("~", "~0").replace("/", "~1");
    return new Value(child, pointer + "/" + segment, Shown.line(key, 60), problems);
  }

  Node node() {
    return node;
  }

  Position at() {
    return node.at();
  }

  String pointer() {
    return pointer;
  }

  String name() {
    return name;
  }

  Problems problems() {
    return problems;
  }

  /** Reports that this value is wrong. */
  void invalid(String detail, String fix) {
    problems.invalid(node.at(), pointer, name + ": " + detail, fix);
  }

  private void isNot(String wanted, String fix) {
    invalid(isNothing() ? "has no value" : shown() + " is not " + wanted, fix);
  }

  private boolean isNothing() {
    return node instanceof Node.Scalar(Position _, String text, boolean plain)
        && plain
        && NOTHING.matcher(text).matches();
  }

  /** What is written here, as a message shows it. */
  String shown() {
    return switch (node) {
      case Node.Scalar(Position _, String text, boolean _) -> Shown.quoted(text);
      case Node.Sequence _ -> "a list";
      case Node.Mapping _ -> "an object";
    };
  }

  /** The fields of an object. */
  Optional<List<Node.Entry>> entries(String example) {
    if (node instanceof Node.Mapping mapping) {
      return Optional.of(mapping.entries());
    }
    isNot("an object", "write " + example);
    return Optional.empty();
  }

  /** The entries of a list. */
  Optional<List<Value>> items(String example) {
    if (!(node instanceof Node.Sequence sequence)) {
      isNot("a list", "write " + example);
      return Optional.empty();
    }
    List<Value> values = new ArrayList<>();
    for (Node item : sequence.items()) {
      String index = "/" + values.size();
      values.add(new Value(item, pointer + index, name, problems));
    }
    return Optional.of(values);
  }

  /** A text: in quotes where YAML would read it as a number, a flag or nothing. */
  Optional<String> text() {
    if (!(node instanceof Node.Scalar scalar)) {
      isNot("a text", "write a text");
      return Optional.empty();
    }
    String text = scalar.text();
    if (isNothing()) {
      isNot("a text", "write one, or remove the field");
      return Optional.empty();
    }
    if (scalar.plain() && (NUMBER.matcher(text).matches() || FLAG.matcher(text).matches())) {
      isNot("a text", "put it in quotes: \"" + Shown.line(text, 60) + "\"");
      return Optional.empty();
    }
    return requireUnicode(text);
  }

  /** A text that every check can carry, be it this value's or its name; else a problem. */
  Optional<String> requireUnicode(String text) {
    boolean pairs = text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (pairs && text.indexOf('\0') < 0) {
      return Optional.of(text);
    }
    invalid(Shown.quoted(text) + " is not valid Unicode or contains NUL", "remove the escape");
    return Optional.empty();
  }

  /** A whole number between bounds. */
  OptionalLong wholeNumber(long least, long most) {
    String range =
        least == most ? "write " + least : "write a whole number from " + least + " to " + most;
    if (!(node instanceof Node.Scalar scalar)) {
      isNot("a number", range);
      return OptionalLong.empty();
    }
    String text = scalar.text();
    if (!WHOLE.matcher(text).matches()) {
      isNot("a whole number", range);
      return OptionalLong.empty();
    }
    if (!scalar.plain()) {
      invalid(shown() + " is a text, not a number", "remove the quotes");
      return OptionalLong.empty();
    }
    BigInteger number = new BigInteger(text);
    boolean above = number.compareTo(BigInteger.valueOf(most)) > 0;
    if (above || number.compareTo(BigInteger.valueOf(least)) < 0) {
      invalid(shown() + " is out of bounds", range);
      return OptionalLong.empty();
    }
    return OptionalLong.of(number.longValueExact());
  }

  /** True or false. */
  Optional<Boolean> flag() {
    if (node instanceof Node.Scalar(Position _, String text, boolean plain) && plain) {
      if (text.equals("true") || text.equals("false")) {
        return Optional.of(text.equals("true"));
      }
    }
    isNot("true or false", "write true or false, without quotes");
    return Optional.empty();
  }

  /** A span of time in microseconds, such as {@code 250ms} or {@code 1d}, between bounds. */
  OptionalLong micros(Durations.Range range) {
    Optional<String> text = duration();
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    return switch (Durations.parse(text.get())) {
      case Durations.Parsed.Span(long micros) when range.includes(micros) ->
          OptionalLong.of(micros);
      case Durations.Parsed.Span _ -> {
        invalid(shown() + " is out of bounds", "write " + range);
        yield OptionalLong.empty();
      }
      case Durations.Parsed.Wrong(String fix) -> {
        isNot("a duration", fix);
        yield OptionalLong.empty();
      }
    };
  }

  private Optional<String> duration() {
    if (node instanceof Node.Scalar(Position _, String text, boolean _)) {
      return Optional.of(text);
    }
    isNot("a duration", "write one such as 250ms, 1s, 5m, 1h or 1d");
    return Optional.empty();
  }

  /** One of a few words. */
  <T> Optional<T> oneOf(Map<String, T> choices) {
    List<String> words = choices.keySet().stream().sorted().toList();
    Optional<String> text = text();
    Optional<T> choice = text.flatMap(word -> Optional.ofNullable(choices.get(word)));
    if (text.isPresent() && choice.isEmpty()) {
      String fix =
          NearestName.of(text.get(), words)
              .map(near -> "did you mean '" + near + "'?")
              .orElse((words.size() == 1 ? "write " : "write one of ") + String.join(", ", words));
      invalid(shown() + " is not known", fix);
    }
    return choice;
  }
}
