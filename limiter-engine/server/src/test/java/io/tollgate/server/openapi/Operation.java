package io.tollgate.server.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One call that the document describes.
 *
 * @param method in capitals
 * @param path with the names of its parameters in braces
 * @param item what stands at the path
 * @param node what stands at the method
 */
public record Operation(ApiDocument document, String method, String path, Tree item, Tree node) {

  static final List<String> METHODS =
      List.of("get", "head", "post", "put", "delete", "patch", "options", "trace");

  static Operation of(ApiDocument document, String method, String path, Tree item) {
    return new Operation(document, method.toUpperCase(Locale.ROOT), path, item, item.at(method));
  }

  /** Method and path. */
  public String name() {
    return method + " " + path;
  }

  /** Whether such a request asks for it. */
  boolean isAsked(String asked, String target) {
    return asked.equals(method)
        && target.matches(Pattern.quote(path).replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q"));
  }

  public String id() {
    return node.at("operationId").text();
  }

  /** The names of the security schemes, of which one is needed. */
  public List<String> security() {
    List<String> schemes = new ArrayList<>();
    node.at("security").items().forEach(need -> schemes.addAll(need.fields().keySet()));
    return schemes;
  }

  /** Its parameters, those of the path included. */
  public List<Tree> parameters() {
    List<Tree> all = new ArrayList<>(item.items("parameters"));
    all.addAll(node.items("parameters"));
    return all.stream().map(document::follow).toList();
  }

  /** Whether it has a body. */
  public boolean hasBody() {
    return node.has("requestBody");
  }

  /** The schema of its body. */
  public Tree bodySchema() {
    return body().at("schema");
  }

  /** The examples of its body by name. */
  public Map<String, Tree> bodyExamples() {
    return hasBody() ? body().fields("examples") : Map.of();
  }

  private Tree body() {
    return document.follow(node.at("requestBody")).at("content", "application/json");
  }

  /** Its answers by status, where {@code default} is all others. */
  public Map<String, Tree> responses() {
    Map<String, Tree> responses = new LinkedHashMap<>();
    node.at("responses").fields().forEach((s, r) -> responses.put(s, document.follow(r)));
    return responses;
  }

  /** The answer that is described for just this status. */
  Tree response(String status) {
    return document.follow(node.at("responses", status));
  }

  /** The answer that a status stands for. */
  public Tree response(int status) {
    Map<String, Tree> responses = responses();
    Tree exact = responses.get(String.valueOf(status));
    if (exact != null) {
      return exact;
    }
    Tree other = responses.get("default");
    if (other == null || status < 400) {
      throw new AssertionError(name() + " has no status " + status);
    }
    return other;
  }
}
