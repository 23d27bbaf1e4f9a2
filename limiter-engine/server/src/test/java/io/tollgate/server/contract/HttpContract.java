package io.tollgate.server.contract;

import io.tollgate.server.openapi.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the OpenAPI document promises, a line each; descriptions and bounds are no part of it. */
final class HttpContract {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "head");

  private static final Set<String> SEVERAL = Set.of("allOf", "oneOf", "anyOf");

  private final Tree document;
  private final SortedSet<String> lines = new TreeSet<>();
  private final Map<String, Tree> sent = new HashMap<>();

  private HttpContract(Tree document) {
    this.document = document;
  }

  static SortedSet<String> lines(Tree document) {
    HttpContract contract = new HttpContract(document);
    document
        .at("paths")
        .fields()
        .forEach((path, item) -> {
          item.fields()
              .forEach((method, operation) -> {
                if (METHODS.contains(method)) {
                  contract.operation(method.toUpperCase(Locale.ROOT) + " " + path, item, operation);
                }
              });
        });
    document
        .at("components", "schemas")
        .fields()
        .forEach((name, schema) -> contract.schema("schema " + name, schema));
    contract.sent.forEach((name, schema) -> contract.mayBeLeftOut("schema " + name, schema));
    return contract.lines;
  }

  /** Notes which schemas a client may send, under whatever others. */
  private void sent(Tree part) {
    if (part.has("$ref")) {
      String reference = part.at("$ref").text();
      Tree schema = resolved(part);
      if (sent.put(reference.substring(reference.lastIndexOf('/') + 1), schema) == null) {
        sent(schema);
      }
      return;
    }
    if (part.value() instanceof Map<?, ?>) {
      part.fields().values().forEach(this::sent);
    }
    for (String several : SEVERAL) {
      if (part.has(several)) {
        part.at(several).items().forEach(this::sent);
      }
    }
  }

  /** Whoever leaves a field out today leaves it out tomorrow: it does not become required. */
  private void mayBeLeftOut(String name, Tree schema) {
    List<String> required =
        schema.has("required")
            ? schema.at("required").items().stream().map(Tree::text).toList()
            : List.of();
    schema
        .fields("properties")
        .forEach((field, of) -> {
          if (!required.contains(field)) {
            lines.add(name + "." + field + " may be left out");
          }
          mayBeLeftOut(name + "." + field, of);
        });
  }

  private void operation(String name, Tree item, Tree operation) {
    lines.add(name);
    for (Tree holder : Set.of(item, operation)) {
      if (holder.has("parameters")) {
        holder.at("parameters").items().forEach(one -> parameter(name, resolved(one)));
      }
    }
    if (operation.has("requestBody")) {
      Tree body = resolved(operation.at("requestBody"));
      content(name + " takes", body);
      body.fields("content").values().forEach(this::sent);
    }
    operation
        .at("responses")
        .fields()
        .forEach((status, response) -> {
          String answers = name + " answers " + status;
          Tree found = resolved(response);
          lines.add(answers);
          content(answers, found);
          found
              .fields("headers")
              .keySet()
              .forEach(header -> lines.add(answers + " header " + header));
        });
  }

  private void parameter(String name, Tree parameter) {
    boolean required = parameter.has("required") && isTrue(parameter.at("required"));
    lines.add(
        name
            + " "
            + parameter.at("in").text()
            + " "
            + parameter.at("name").text()
            + (required ? " required" : ""));
  }

  private void content(String name, Tree body) {
    body.fields("content")
        .forEach((type, media) -> {
          lines.add(name + " " + type);
          if (media.has("schema")) {
            schema(name + " " + type, media.at("schema"));
          }
        });
  }

  private void schema(String name, Tree schema) {
    if (schema.has("$ref")) {
      String reference = schema.at("$ref").text();
      lines.add(name + " is " + reference.substring(reference.lastIndexOf('/') + 1));
    }
    if (schema.has("type")) {
      lines.add(name + " type " + schema.at("type").json());
    }
    if (schema.has("enum")) {
      schema.at("enum").items().forEach(one -> lines.add(name + " value " + one.json()));
    }
    if (schema.has("const")) {
      lines.add(name + " value " + schema.at("const").json());
    }
    if (schema.has("required")) {
      schema
          .at("required")
          .items()
          .forEach(one -> lines.add(name + "." + one.text() + " required"));
    }
    for (String several : SEVERAL) {
      if (schema.has(several)) {
        schema.at(several).items().forEach(one -> schema(name, one));
      }
    }
    for (Map.Entry<String, Tree> property : schema.fields("properties").entrySet()) {
      lines.add(name + "." + property.getKey());
      schema(name + "." + property.getKey(), property.getValue());
    }
    if (schema.has("items")) {
      schema(name + "[]", schema.at("items"));
    }
    if (schema.has("additionalProperties") && schema.at("additionalProperties").has("type")) {
      schema(name + ".*", schema.at("additionalProperties"));
    }
  }

  private Tree resolved(Tree part) {
    if (!part.has("$ref")) {
      return part;
    }
    String[] path = part.at("$ref").text().substring("#/".length()).split("/");
    return document.at(path);
  }

  private static boolean isTrue(Tree value) {
    return Boolean.TRUE.equals(value.value());
  }
}
