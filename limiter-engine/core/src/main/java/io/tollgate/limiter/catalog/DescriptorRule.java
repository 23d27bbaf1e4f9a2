package io.tollgate.limiter.catalog;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.List;
import java.util.Set;

/**
 * The limits of some descriptors, compiled.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class DescriptorRule {

  private final DescriptorSpec spec;
  private final String text;
  private final List<LimitSpec> specs;
  private final Limit[] limits;

  DescriptorRule(DescriptorSpec spec, StoreFailure onStoreFailure) {
    this.spec = spec;
    this.text = spec.text();
    this.specs = spec.limits().stream().map(l -> spec.shadow() ? watching(l) : l).toList();
    this.limits =
        specs.stream().map(l -> l.compile(l.algorithm(), onStoreFailure)).toArray(Limit[]::new);
  }

  private static LimitSpec watching(LimitSpec limit) {
    return new LimitSpec(
        limit.name(), limit.algorithm(), true, limit.per(), limit.when(), limit.allotment());
  }

  /** The rule as configured. */
  public DescriptorSpec spec() {
    return spec;
  }

  /** What it matches, as metrics show it: {@code path=/login;remote_address}. */
  public String text() {
    return text;
  }

  /** Whether any of its limits is left when some are replaced. */
  public boolean asks(Set<String> replaced) {
    return specs.stream().anyMatch(limit -> !replaced.contains(limit.name()));
  }

  int size() {
    return limits.length;
  }

  /** A limit as configured, but one that only watches where the whole rule does. */
  LimitSpec spec(int i) {
    return specs.get(i);
  }

  Limit limit(int i) {
    return limits[i];
  }

  @Override
  public String toString() {
    return "DescriptorRule[" + text + "]";
  }
}
