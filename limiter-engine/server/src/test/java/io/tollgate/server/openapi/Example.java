package io.tollgate.server.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An example of an answer, with what must be asked to get it.
 *
 * @param name what the examples of request, parameters, headers and answer share
 * @param status of the answer
 * @param type of the answer's body
 * @param value the answer's body
 * @param different how the request differs from the good ones; empty when it is one of them
 */
public record Example(
    Operation operation, String name, String status, String type, Tree value, Tree different) {

  /** Those of an operation in the order in which they are to be sent: good requests first. */
  public static List<Example> of(Operation operation) {
    Map<String, Example> byName = new LinkedHashMap<>();
    operation
        .responses()
        .forEach((status, response) ->
            response
                .fields("content")
                .forEach((type, content) ->
                    content
                        .fields("examples")
                        .forEach((name, example) -> {
                          Tree different =
                              example.has("x-request")
                                  ? example.at("x-request")
                                  : Tree.of(Map.of());
                          Example own =
                              new Example(
                                  operation, name, status, type, example.at("value"), different);
                          if (byName.put(name, own) != null) {
                            throw new AssertionError(
                                operation.name() + " answers " + name + " twice");
                          }
                        })));
    List<Example> inOrder = new ArrayList<>();
    for (String request : operation.bodyExamples().keySet()) {
      Example answered = byName.remove(request);
      if (answered == null) {
        throw new AssertionError(operation.name() + " does not answer " + request);
      }
      inOrder.add(answered);
    }
    inOrder.addAll(byName.values());
    return inOrder;
  }

  /** The schema of the answer. */
  public Tree schema() {
    return operation.response(status).at("content", type, "schema");
  }

  /** Which server is asked, by its name in the document; empty for the usual one. */
  public String server() {
    return different.has("server") ? different.at("server").text() : "";
  }

  /** How many milliseconds pass before it. */
  public long afterMillis() {
    return different.has("after_ms") ? Long.parseLong(different.at("after_ms").text()) : 0;
  }

  /** Path and query. */
  public String target() {
    String target = operation.path();
    StringBuilder query = new StringBuilder();
    for (Tree parameter : operation.parameters()) {
      String own = parameter.at("name").text();
      Map<String, Tree> examples = parameter.fields("examples");
      Tree named = examples.get(name);
      switch (parameter.at("in").text()) {
        case "path" -> {
          Tree used = named == null ? examples.values().iterator().next() : named;
          target = target.replace("{" + own + "}", used.at("value").text());
        }
        case "query" -> {
          if (named != null) {
            query.append(query.isEmpty() ? '?' : '&').append(own).append('=');
            query.append(named.at("value").text());
          }
        }
        default -> {}
      }
    }
    return target + query;
  }

  /** Headers of this very request. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Tree parameter : operation.parameters()) {
      Tree named = parameter.fields("examples").get(name);
      if (named != null && parameter.at("in").text().equals("header")) {
        headers.put(parameter.at("name").text(), named.at("value").text());
      }
    }
    different.fields("headers").forEach((header, value) -> headers.put(header, value.text()));
    return headers;
  }

  /** The body as JSON: its own, else that of the first good request; null when there is none. */
  public @Nullable String body() {
    if (different.has("body")) {
      return different.at("body").json();
    }
    Map<String, Tree> good = operation.bodyExamples();
    if (good.isEmpty()) {
      return null;
    }
    Tree named = good.get(name);
    return (named == null ? good.values().iterator().next() : named).at("value").json();
  }
}
