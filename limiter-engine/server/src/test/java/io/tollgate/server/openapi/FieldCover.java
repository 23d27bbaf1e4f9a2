package io.tollgate.server.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which fields of the schemas that were asked for have had a value. */
public final class FieldCover {

  private static final String COMPONENT = "#/components/schemas/";

  private final ApiDocument document;
  private final Set<String> all = new TreeSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> walked = new TreeSet<>();

  public FieldCover(ApiDocument document) {
    this.document = document;
  }

  /** Notes a value of a schema, and all fields that the schema has. */
  public void note(Tree schema, @Nullable Object value) {
    all(schema, "");
    seen(schema, "", value);
  }

  /** Fields without a value, as schema and name. */
  public List<String> missing() {
    Set<String> missing = new TreeSet<>(all);
    missing.removeAll(seen);
    return new ArrayList<>(missing);
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

  private void seen(Tree schema, String where, @Nullable Object value) {
    String name = named(schema, where);
    Tree own = document.follow(schema);
    alternatives(own).forEach(part -> seen(part, name, value));
    if (value instanceof List<?> list && own.has("items")) {
      list.forEach(item -> seen(own.at("items"), name + "[]", item));
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Tree> fields = own.fields("properties");
      map.forEach((field, part) -> {
        Tree known = fields.get(String.valueOf(field));
        if (known != null) {
          seen.add(name + "." + field);
          seen(known, name + "." + field, part);
        } else if (describesOthers(own)) {
          seen(own.at("additionalProperties"), name + ".*", part);
        }
      });
    }
  }
}
