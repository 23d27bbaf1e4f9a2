package io.tollgate.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An object of somebody else's file: what it has beyond the known fields is left out, and single
 * values are texts, whether they look like numbers or not.
 */
final class ForeignFields {

  private static final Map<String, Boolean> FLAGS =
      Map.of(
          "true", true, "yes", true, "on", true, "y", true, "false", false, "no", false, "off",
          false, "n", false);

  private final Value owner;
  private final Map<String, Value> byName;

  private ForeignFields(Value owner, Map<String, Value> byName) {
    this.owner = owner;
    this.byName = byName;
  }

  /** Opens an object; fields without a value are as if they were not there. */
  static Optional<ForeignFields> of(
      Value owner, List<String> known, String example, Imports imports) {
    return owner
        .entries(example)
        .map(entries -> {
          Map<String, Value> byName = new HashMap<>();
          for (Node.Entry entry : entries) {
            Value value = owner.child(entry.key(), entry.value());
            if (!known.contains(entry.key())) {
              imports.leftOut(value, "is not known here", "see whether it matters");
            } else if (!isNothing(value) && byName.putIfAbsent(entry.key(), value) != null) {
              value.invalid("is written twice", "keep one of the two");
            }
          }
          return new ForeignFields(owner, byName);
        });
  }

  private static boolean isNothing(Value value) {
    return value.node() instanceof Node.Scalar scalar
        && scalar.plain()
        && (scalar.text().isEmpty() || scalar.text().equals("~") || scalar.text().equals("null"));
  }

  Value owner() {
    return owner;
  }

  Optional<Value> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** A field that must be there. */
  Optional<Value> require(String name, String example) {
    if (!byName.containsKey(name)) {
      owner
          .problems()
          .invalid(owner.at(), owner.pointer(), name + ": is missing", "add " + example);
    }
    return get(name);
  }

  /** A single value as a text; empty where there is none, or where it is a list or an object. */
  Optional<String> text(String name) {
    return get(name).flatMap(ForeignFields::text);
  }

  static Optional<String> text(Value value) {
    if (value.node() instanceof Node.Scalar scalar) {
      return value.requireUnicode(scalar.text());
    }
    value.invalid(value.shown() + " is not a text", "write a text");
    return Optional.empty();
  }

  boolean flag(String name) {
    Optional<Value> value = get(name);
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return false;
    }
    Boolean flag = FLAGS.get(text.get().toLowerCase(Locale.ROOT));
    if (flag == null) {
      value.orElseThrow().invalid("is not true or false", "write true or false");
    }
    return flag != null && flag;
  }

  /** A whole number; empty where there is none, or none between the bounds. */
  OptionalLong wholeNumber(String name, long most) {
    Optional<Value> value = get(name);
    return value.isEmpty() ? OptionalLong.empty() : value.get().wholeNumber(0, most);
  }
}
