package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The compiled limits in force.
 *
 * <p>Immutable and safe for use by any number of threads; a running server replaces it as a whole,
 * so that no check sees half a configuration.
 */
public final class Catalog {

  /** The most namespaces of one catalog. */
  public static final int MOST_NAMESPACES = 10_000;

  private final Map<String, NamespaceLimits> byName = new HashMap<>();
  private final @Nullable NamespaceLimits any;
  private final boolean allClosed;

  /**
   * Compiles namespaces.
   *
   * @throws InvalidLimitException when a name occurs twice, or there are too many
   */
  public Catalog(List<NamespaceSpec> namespaces) {
    this(namespaces, Map.of());
  }

  /**
   * Compiles namespaces, and takes those that have not changed as they are in another catalog: a
   * change of one costs no more because there are many.
   *
   * @throws InvalidLimitException when a name occurs twice, or there are too many
   */
  public Catalog(List<NamespaceSpec> namespaces, Catalog before) {
    this(namespaces, before.byName);
  }

  private Catalog(List<NamespaceSpec> namespaces, Map<String, NamespaceLimits> before) {
    if (namespaces.size() > MOST_NAMESPACES) {
      throw new InvalidLimitException(
          "namespaces",
          namespaces.size() + " namespaces are too many",
          "use at most " + MOST_NAMESPACES);
    }
    for (NamespaceSpec spec : namespaces) {
      NamespaceLimits known = before.get(spec.name());
      boolean same = known != null && known.spec().equals(spec);
      if (byName.put(spec.name(), same ? known : new NamespaceLimits(spec)) != null) {
        throw new InvalidLimitException(
            "namespaces", "'" + spec.name() + "' occurs twice", "keep one of the two");
      }
    }
    this.any = byName.get(NamespaceSpec.ANY);
    this.allClosed =
        !byName.isEmpty()
            && namespaces.stream().allMatch(n -> n.onStoreFailure() == StoreFailure.CLOSED);
  }

  /** The namespace of a name, or the one that answers for all others; empty without one. */
  public Optional<NamespaceLimits> find(String namespace) {
    NamespaceLimits own = byName.get(namespace);
    return Optional.ofNullable(own != null ? own : any);
  }

  /** Whether there are limits, and each of them denies while a shared store is away. */
  public boolean allClosed() {
    return allClosed;
  }

  /**
   * By how much each limit of which units are taken ahead may be passed, or reached too early; by
   * namespace and limit, without overrides.
   *
   * @param holders who may take units ahead, at least 1
   */
  public Map<String, Map<String, Long>> errorBounds(int holders) {
    Map<String, Map<String, Long>> bounds = new HashMap<>();
    byName.forEach((name, limits) -> {
      Map<String, Long> own = limits.errorBounds(holders);
      if (!own.isEmpty()) {
        bounds.put(name, own);
      }
    });
    return bounds;
  }

  /** Whether a namespace has a limit of a name, the number of which is found. */
  public boolean adapts(String namespace, String limit) {
    NamespaceLimits limits = byName.get(namespace);
    return limits != null && limits.adapts(limit);
  }

  /** The configured names. */
  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }
}
