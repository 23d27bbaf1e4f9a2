package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The limits file: a YAML document of version 1 with namespaces and their limits.
 *
 * <p>Reads the whole file and reports all that is wrong with it at once, each problem with its line
 * and what to write instead. What is valid but cannot be enforced by this server is refused too, by
 * name: nothing is silently ignored.
 */
public final class LimitsFile {

  private static final List<String> FIELDS = List.of("version", "namespaces");

  private LimitsFile() {}

  /**
   * The namespaces of a file's text; they compile into a {@link Catalog}.
   *
   * @param fileName how messages call the file
   * @throws ConfigException with everything that is wrong
   */
  public static List<NamespaceSpec> parse(String fileName, String yaml) {
    Problems problems = new Problems();
    List<NamespaceSpec> namespaces = List.of();
    Optional<Node> root = YamlReader.read(yaml, problems);
    if (root.isPresent()) {
      namespaces = file(Value.root(root.get(), "the file", problems));
    }
    problems.throwIfAny(fileName);
    try {
      var _ = new Catalog(namespaces);
    } catch (InvalidLimitException refusal) {
      problems.invalid(
          Position.WHOLE_FILE,
          "/namespaces",
          refusal.field() + ": " + refusal.detail(),
          refusal.fix());
    }
    problems.throwIfAny(fileName);
    return namespaces;
  }

  /**
   * The namespaces of a file of at most 8 MiB of UTF-8.
   *
   * @throws ConfigException with everything that is wrong, also when it cannot be read
   */
  public static List<NamespaceSpec> read(Path path) {
    return parse(path.toString(), text(path));
  }

  /**
   * The text of a file of at most 8 MiB of UTF-8, for {@link #parse}.
   *
   * @throws ConfigException when it cannot be read
   */
  public static String text(Path path) {
    return LimitsFileReader.text(path.toString(), path);
  }

  /**
   * The namespaces that a server has without a file: {@code *} with one limit for each identifier.
   *
   * @param limit checks per period
   * @param periodMicros the period
   * @throws InvalidLimitException when the numbers are impossible
   */
  public static List<NamespaceSpec> builtInExample(long limit, long periodMicros) {
    LimitSpec spec = LimitSpec.of("default", new Algorithm.Gcra(limit, periodMicros, limit));
    return List.of(NamespaceSpec.of(NamespaceSpec.ANY, List.of(spec)));
  }

  private static List<NamespaceSpec> file(Value root) {
    Optional<Fields> fields = Fields.of(root, FIELDS, "version: 1, then namespaces:");
    if (fields.isEmpty()) {
      return List.of();
    }
    Optional<Value> version = fields.get().require("version", "the line 'version: 1' at the top");
    if (version.isPresent()) {
      var _ = version.get().wholeNumber(1, 1);
    }
    return fields
        .get()
        .require("namespaces", "namespaces: with at least one name below it")
        .map(LimitsFile::namespaces)
        .orElse(List.of());
  }

  private static List<NamespaceSpec> namespaces(Value value) {
    Map<String, Position> seen = new HashMap<>();
    List<NamespaceSpec> specs = new ArrayList<>();
    Optional<List<Node.Entry>> entries = value.entries("api_requests: {limits: […]}");
    for (Node.Entry entry : entries.orElse(List.of())) {
      Value own = value.child(entry.key(), entry.value());
      Position first = seen.putIfAbsent(entry.key(), entry.at());
      if (first != null) {
        Fields.twice(own, entry, first);
      }
      NamespaceReader.read(entry.key(), entry.at(), own).ifPresent(specs::add);
    }
    if (entries.isPresent() && seen.isEmpty()) {
      value.invalid("is empty", "add a namespace; \"*\" answers for all names");
    }
    return specs;
  }
}
