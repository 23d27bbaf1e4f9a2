package io.tollgate.server.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The OpenAPI document as it is built into the server. */
public final class ApiDocument {

  private static final String RESOURCE = "/io/tollgate/server/openapi.yaml";

  private static final ApiDocument THE_ONE = new ApiDocument(read());

  private final String text;
  private final Tree root;
  private final Schemas schemas;
  private final List<Operation> operations;

  private ApiDocument(String text) {
    this.text = text;
    this.root = Tree.yaml(text);
    this.schemas = new Schemas(root.at("components", "schemas"));
    this.operations = List.copyOf(readOperations());
  }

  /** The document, read once. */
  public static ApiDocument get() {
    return THE_ONE;
  }

  private static String read() {
    try (@Nullable InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE, e);
    }
  }

  public String text() {
    return text;
  }

  public Tree root() {
    return root;
  }

  public Schemas schemas() {
    return schemas;
  }

  /** A schema that has a name. */
  public Tree schema(String name) {
    return root.at("components", "schemas", name);
  }

  /** The node itself, or what it refers to. */
  public Tree follow(Tree node) {
    Tree target = node;
    while (target.has("$ref")) {
      String ref = target.at("$ref").text();
      if (!ref.startsWith("#/")) {
        throw new AssertionError("leads out of the document: " + ref);
      }
      target = root.at(ref.substring(2).split("/", -1));
    }
    return target;
  }

  /** The operation that a request of this method and path asks for. */
  public Optional<Operation> operation(String method, String path) {
    return operations.stream().filter(o -> o.isAsked(method, path)).findFirst();
  }

  /** All operations, in the order of the document. */
  public List<Operation> operations() {
    return operations;
  }

  private List<Operation> readOperations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, Tree> path : root.at("paths").fields().entrySet()) {
      for (String method : path.getValue().fields().keySet()) {
        if (Operation.METHODS.contains(method)) {
          operations.add(Operation.of(this, method, path.getKey(), path.getValue()));
        }
      }
    }
    return operations;
  }
}
