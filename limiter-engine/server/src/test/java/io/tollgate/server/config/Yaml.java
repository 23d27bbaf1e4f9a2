package io.tollgate.server.config;

import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits files for tests, and what the reader says of them. */
final class Yaml {

  /** How tests call their file. */
  static final String FILE = "limits.yaml";

  private Yaml() {}

  /** The example of the documentation, with every field that there is. */
  static String fullExample() {
    try (@Nullable InputStream in = Yaml.class.getResourceAsStream("/limits/full-example.yaml")) {
      if (in == null) {
        throw new IllegalStateException("full-example.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading full-example.yaml", e);
    }
  }

  /** A file with one namespace, whose text begins in line 3 column 6. */
  static String namespace(String namespace) {
    return "version: 1\nnamespaces:\n  n: " + namespace + "\n";
  }

  /** A file with one limit, whose text begins in line 3 column 16. */
  static String limit(String limit) {
    return namespace("{limits: [" + limit + "]}");
  }

  static NamespaceSpec one(String yaml) {
    return LimitsFile.parse(FILE, yaml).getFirst();
  }

  static LimitSpec oneLimit(String limit) {
    return one(limit(limit)).limits().getFirst();
  }

  /** Every problem of a file as a line; none when it is good. */
  static List<String> problems(String yaml) {
    try {
      LimitsFile.parse(FILE, yaml);
      return List.of();
    } catch (ConfigException e) {
      return e.problems().stream().map(p -> p.text(FILE)).toList();
    }
  }
}
