package io.tollgate.server.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which fields of schemas have had a value, and which fields of values have no schema. */
public final class FieldCover {

  private static final String COMPONENT = "#/components/schemas/";

  private final ApiDocument document;
  private final Set<String> all = new TreeSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> walked = new TreeSet<>();
  private final Set<String> given = new TreeSet<>();
  private final Set<String> described = new TreeSet<>();

  public FieldCover(ApiDocument document) {
    this.document = document;
  }

  /** Notes a value of a schema, and all fields that the schema has. */
  public void note(String name, Tree schema, @Nullable Object value) {
    all(schema, "");
    seen(schema, "", value, name);
    given(value, name);
  }

  /** Fields without a value, as schema and name. */
  public List<String> missing() {
    Set<String> missing = new TreeSet<>(all);
    missing.removeAll(seen);
    return new ArrayList<>(missing);
  }

  /** Fields of values that no schema describes, as the name of the value and a pointer. */
  public List<String> unknown() {
    Set<String> unknown = new TreeSet<>(given);
    unknown.removeAll(described);
    return new ArrayList<>(unknown);
  }

  private void given(@Nullable Object value, String pointer) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((field, part) -> {
        given.add(pointer + "/" + field);
        given(part, pointer + "/" + field);
      });
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        given(list.get(i), pointer + "/" + i);
      }
    }
  }

  /** A component's name, else where the schema stands. */
  private static String named(Tree schema, String where) {
    return schema.has("$ref") ? schema.at("$ref").text().substring(COMPONENT.length()) : where;
  }

  private static List<Tree> alternatives(Tree schema) {
    List<Tree> parts = new ArrayList<>(schema.items("allOf"));
    parts.addAll(schema.items("oneOf"));
    return parts;
  }

  private static boolean describesOthers(Tree schema) {
    return schema.has("additionalProperties")
        && schema.at("additionalProperties").value() instanceof Map<?, ?>;
  }

  private void all(Tree schema, String where) {
    String name = named(schema, where);
    if (schema.has("$ref") && !walked.add(name)) {
      return;
    }
    Tree own = document.follow(schema);
    alternatives(own).forEach(part -> all(part, name));
    own.fields("properties")
        .forEach((field, part) -> {
          all.add(name + "." + field);
          all(part, name + "." + field);
        });
    if (own.has("items")) {
      all(own.at("items"), name + "[]");
    }
    if (describesOthers(own)) {
      all(own.at("additionalProperties"), name + ".*");
    }
  }

  private void seen(Tree schema, String where, @Nullable Object value, String pointer) {
    String name = named(schema, where);
    Tree own = document.follow(schema);
    alternatives(own).forEach(part -> seen(part, name, value, pointer));
    if (value instanceof List<?> list && own.has("items")) {
      for (int i = 0; i < list.size(); i++) {
        seen(own.at("items"), name + "[]", list.get(i), pointer + "/" + i);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((field, part) -> field(own, name, String.valueOf(field), part, pointer));
    }
  }

  private void field(
      Tree schema, String name, String field, @Nullable Object part, String pointer) {
    Tree known = schema.fields("properties").get(field);
    String inside = pointer + "/" + field;
    if (known != null) {
      described.add(inside);
      seen.add(name + "." + field);
      seen(known, name + "." + field, part, inside);
    } else if (describesOthers(schema)) {
      described.add(inside);
      seen(schema.at("additionalProperties"), name + ".*", part, inside);
    }
  }
}
