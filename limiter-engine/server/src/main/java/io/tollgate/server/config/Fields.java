package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object that is being read: its fields by name, none unknown, none twice. */
final class Fields {

  private record Field(Position at, Value value) {}

  private final Value owner;
  private final Map<String, Field> byName;
  private final int problemsBefore;

  private Fields(Value owner, Map<String, Field> byName, int problemsBefore) {
    this.owner = owner;
    this.byName = byName;
    this.problemsBefore = problemsBefore;
  }

  /**
   * Opens an object; reports unknown and repeated fields.
   *
   * @param known every name that a field of it may have
   * @param example what to write where there is no object
   */
  static Optional<Fields> of(Value owner, List<String> known, String example) {
    int before = owner.problems().invalidSoFar();
    return owner
        .entries(example)
        .map(entries -> {
          Map<String, Field> byName = new HashMap<>();
          for (Node.Entry entry : entries) {
            if (known.contains(entry.key())) {
              put(owner, byName, entry);
            } else {
              unknown(owner, known, entry);
            }
          }
          return new Fields(owner, byName, before);
        });
  }

  private static void put(Value owner, Map<String, Field> byName, Node.Entry entry) {
    Value value = owner.child(entry.key(), entry.value());
    Field first = byName.putIfAbsent(entry.key(), new Field(entry.at(), value));
    if (first != null) {
      twice(value, entry, first.at);
    }
  }

  /** Reports a name that an object has twice. */
  static void twice(Value value, Node.Entry again, Position first) {
    value
        .problems()
        .invalid(
            again.at(),
            value.pointer(),
            value.name() + ": is written twice, first at " + first,
            "keep one of the two");
  }

  private static void unknown(Value owner, List<String> known, Node.Entry entry) {
    Value value = owner.child(entry.key(), entry.value());
    String fix =
        NearestName.of(entry.key(), known)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("known are " + String.join(", ", known));
    owner
        .problems()
        .invalid(entry.at(), value.pointer(), "unknown field " + Shown.quoted(entry.key()), fix);
  }

  Value owner() {
    return owner;
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  Optional<Value> get(String name) {
    return Optional.ofNullable(byName.get(name)).map(Field::value);
  }

  /** A field that must be there. */
  Optional<Value> require(String name, String example) {
    Optional<Value> value = get(name);
    if (value.isEmpty()) {
      owner
          .problems()
          .invalid(owner.at(), owner.pointer(), name + ": is missing", "add " + example);
    }
    return value;
  }

  /** Reports that a field should not be there. */
  void refuse(String name, String detail, String fix) {
    Field field = byName.get(name);
    if (field != null) {
      owner.problems().invalid(field.at, field.value.pointer(), name + ": " + detail, fix);
    }
  }

  /** Reports at its field what the core refused. */
  void refuse(InvalidLimitException refusal) {
    Optional<Value> field = get(refusal.field());
    if (field.isEmpty()) {
      owner.invalid(refusal.field() + ": " + refusal.detail(), refusal.fix());
      return;
    }
    field.get().invalid(detail(field.get(), refusal.detail()), refusal.fix());
  }

  /** The core quotes values as they are: here they are cut and escaped, or put in front. */
  private static String detail(Value value, String detail) {
    if (!(value.node() instanceof Node.Scalar scalar)) {
      return detail;
    }
    String quoted = "'" + scalar.text() + "'";
    if (detail.contains(quoted)) {
      return detail.replace(quoted, Shown.quoted(scalar.text()));
    }
    return detail.contains(scalar.text()) ? detail : value.shown() + ": " + detail;
  }

  /** Whether nothing wrong was met since this object was opened. */
  boolean sound() {
    return owner.problems().invalidSoFar() == problemsBefore;
  }
}
