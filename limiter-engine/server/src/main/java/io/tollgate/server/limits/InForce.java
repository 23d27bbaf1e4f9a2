package io.tollgate.server.limits;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One state of all limits; a change makes another one.
 *
 * <p>A namespace of the file beats one of the API; one of the API beats a built-in one.
 *
 * @param catalog what checks see
 * @param ofFile whether {@code base} is a file's, else built in
 * @param base the file's namespaces or the built-in ones, by name
 * @param made the API's namespaces by name, shadowed ones included
 */
record InForce(
    Catalog catalog,
    boolean ofFile,
    Map<String, NamespaceSpec> base,
    SortedMap<String, Made> made) {

  /**
   * The first state.
   *
   * @throws InvalidLimitException when they are too many
   */
  static InForce first(boolean ofFile, List<NamespaceSpec> base) {
    return of(new Catalog(List.of()), ofFile, byName(base), new TreeMap<>());
  }

  /**
   * The state with another file.
   *
   * @throws InvalidLimitException when there are too many namespaces in all
   */
  InForce withFile(List<NamespaceSpec> file) {
    return of(catalog, ofFile, byName(file), made);
  }

  /**
   * The state with other namespaces of the API.
   *
   * @throws InvalidLimitException when there are too many namespaces in all
   */
  InForce withMade(SortedMap<String, Made> namespaces) {
    return namespaces.equals(made) ? this : of(catalog, ofFile, base, namespaces);
  }

  private static InForce of(
      Catalog before,
      boolean ofFile,
      Map<String, NamespaceSpec> base,
      SortedMap<String, Made> made) {
    Map<String, NamespaceSpec> all = new LinkedHashMap<>(base);
    made.forEach((name, own) -> {
      if (!ofFile || !base.containsKey(name)) {
        all.put(name, own.spec());
      }
    });
    return new InForce(new Catalog(List.copyOf(all.values()), before), ofFile, base, made);
  }

  private static Map<String, NamespaceSpec> byName(List<NamespaceSpec> specs) {
    Map<String, NamespaceSpec> byName = new LinkedHashMap<>();
    specs.forEach(spec -> byName.put(spec.name(), spec));
    return byName;
  }

  /** Whether the file has a namespace, so that the API cannot change it. */
  boolean isReadOnly(String name) {
    return ofFile && base.containsKey(name);
  }

  /** Whether the file's namespace keeps one of the API from being in force. */
  boolean isShadowed(String name) {
    return isReadOnly(name) && made.containsKey(name);
  }

  Optional<NamespaceView> find(String name) {
    boolean readOnly = isReadOnly(name);
    Made own = made.get(name);
    if (own != null && !readOnly) {
      return Optional.of(new NamespaceView(name, false, own.spec()));
    }
    return Optional.ofNullable(base.get(name)).map(spec -> new NamespaceView(name, readOnly, spec));
  }

  /** Everything in force, by name. */
  List<NamespaceView> list() {
    List<NamespaceView> views = new ArrayList<>();
    catalog.names().stream().sorted().forEach(name -> find(name).ifPresent(views::add));
    return views;
  }
}
