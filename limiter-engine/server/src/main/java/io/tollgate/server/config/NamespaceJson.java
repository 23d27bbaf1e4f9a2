package io.tollgate.server.config;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.text.Shown;
import java.util.Optional;

/**
 * A namespace as JSON: the object that the limits file holds under its name.
 *
 * <p>One validation for both forms: what the file refuses is refused here in the same words.
 */
public final class NamespaceJson {

  private NamespaceJson() {}

  /**
   * Reads a namespace.
   *
   * @param json strict JSON of at most 1 MiB
   * @throws ConfigException with everything that is wrong; its pointers begin at the object, such
   *     as {@code /limits/0/period}
   */
  public static NamespaceSpec parse(String name, String json) {
    Problems problems = new Problems();
    Optional<NamespaceSpec> spec =
        JsonReader.read(json, problems)
            .flatMap(
                node -> NamespaceReader.read(name, node.at(), Value.root(node, name, problems)));
    problems.throwIfAny("namespace " + Shown.line(name, 128));
    return spec.orElseThrow();
  }

  /**
   * The namespace as canonical JSON on one line; {@link #parse} gives the same namespace again.
   *
   * <p>Fields stand in one order, durations in their largest whole unit; of a limit {@code name},
   * {@code algorithm}, {@code limit} and {@code period} are always there, everything else only
   * where it is not the default. Equal namespaces give equal texts.
   *
   * @throws IllegalArgumentException when a period is no whole number of milliseconds: no file
   *     gives such a namespace
   */
  public static String write(NamespaceSpec spec) {
    return NamespaceWriter.write(spec);
  }
}
