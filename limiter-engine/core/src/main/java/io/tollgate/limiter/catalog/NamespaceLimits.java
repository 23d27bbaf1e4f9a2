package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.NamespaceKeys;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One namespace, compiled: adds to a buffer the limits that apply to a check.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class NamespaceLimits {

  private record Rule(LimitSpec spec, @Nullable Glob endpoint, boolean concurrency) {}

  private static final class GlobOverride {
    final Glob glob;
    final @Nullable Limit[] limits;

    GlobOverride(Glob glob, @Nullable Limit[] limits) {
      this.glob = glob;
      this.limits = limits;
    }
  }

  private final NamespaceSpec spec;
  private final Rule[] rules;
  private final @Nullable Limit[] plain;
  private final Map<String, @Nullable Limit[]> exact = new HashMap<>();
  private final List<GlobOverride> globs = new ArrayList<>();

  /** The keys made last: nearly every check needs the same again. A race only costs time. */
  private volatile @Nullable NamespaceKeys latestKeys;

  NamespaceLimits(NamespaceSpec spec) {
    this.spec = spec;
    this.rules = rules(spec);
    this.plain = compile(Map.of());
    for (OverrideSpec override : spec.overrides()) {
      @Nullable Limit[] limits = compile(override.limits());
      if (Glob.isGlob(override.identifier())) {
        globs.add(new GlobOverride(new Glob(override.identifier()), limits));
      } else {
        exact.put(override.identifier(), limits);
      }
    }
    globs.sort(Comparator.comparingInt(g -> -g.glob.pattern().length()));
  }

  private static Rule[] rules(NamespaceSpec spec) {
    List<Rule> rules = new ArrayList<>();
    for (LimitSpec limit : spec.limits()) {
      rules.add(new Rule(limit, null, isConcurrency(limit)));
    }
    for (EndpointSpec endpoint : spec.endpoints()) {
      for (LimitSpec limit : endpoint.limits()) {
        rules.add(new Rule(limit, endpoint.glob(), isConcurrency(limit)));
      }
    }
    return rules.toArray(Rule[]::new);
  }

  private static boolean isConcurrency(LimitSpec limit) {
    return limit.algorithm() instanceof Algorithm.Concurrency;
  }

  private @Nullable Limit[] compile(Map<String, LimitOverride> overrides) {
    @Nullable Limit[] limits = new Limit[rules.length];
    for (int i = 0; i < rules.length; i++) {
      LimitSpec limit = rules[i].spec;
      LimitOverride override = overrides.get(limit.name());
      limits[i] =
          switch (override) {
            case null -> limit.compile(limit.algorithm(), spec.onStoreFailure());
            case LimitOverride.Unlimited() -> null;
            case LimitOverride.Numbers numbers ->
                limit.compile(numbers.applyTo(limit.algorithm()), spec.onStoreFailure());
          };
    }
    return limits;
  }

  /** The namespace as configured; {@code *} names it when it answers for another. */
  public NamespaceSpec spec() {
    return spec;
  }

  /** The bounds of its limits of which units are taken ahead, by name. */
  Map<String, Long> errorBounds(int holders) {
    Map<String, Long> bounds = new HashMap<>();
    for (Limit limit : plain) {
      if (limit != null && limit.allots()) {
        bounds.put(limit.name(), limit.errorBound(holders));
      }
    }
    return bounds;
  }

  private @Nullable Limit[] limitsOf(String identifier) {
    @Nullable Limit[] own = exact.isEmpty() ? null : exact.get(identifier);
    if (own != null) {
      return own;
    }
    for (GlobOverride override : globs) {
      if (override.glob.matches(identifier)) {
        return override.limits;
      }
    }
    return plain;
  }

  /**
   * Adds the limits that apply to a check.
   *
   * @param holding whether concurrency limits take part: they do for leases only
   */
  public void addTo(
      CheckBuffer buffer, KeyHasher hasher, Realm realm, Subject subject, boolean holding) {
    @Nullable Limit[] limits = limitsOf(subject.identifier());
    NamespaceKeys keys = keys(hasher, realm, subject.namespace());
    LimitKey own = keys.key(subject.owner(), subject.identifier());
    for (int i = 0; i < rules.length; i++) {
      Limit limit = limits[i];
      Rule rule = rules[i];
      if (limit == null || !applies(rule, subject) || (rule.concurrency && !holding)) {
        continue;
      }
      boolean shared = rule.spec.per() == LimitSpec.Per.NAMESPACE;
      if (shared) {
        buffer.add(limit, keys.sharedKey(), keys.sharedOwner(), subject.cost());
      } else {
        buffer.add(limit, own, subject.owner(), subject.cost());
      }
    }
  }

  private NamespaceKeys keys(KeyHasher hasher, Realm realm, String namespace) {
    NamespaceKeys keys = latestKeys;
    if (keys == null || !keys.are(hasher, realm, namespace)) {
      keys = hasher.keys(realm, namespace);
      latestKeys = keys;
    }
    return keys;
  }

  /** Adds every limit that an identifier has used on its own, for {@code reset}. */
  public void addOwn(CheckBuffer buffer, KeyHasher hasher, Realm realm, Subject subject) {
    NamespaceKeys keys = keys(hasher, realm, subject.namespace());
    LimitKey own = keys.key(subject.owner(), subject.identifier());
    @Nullable Limit[] limits = limitsOf(subject.identifier());
    for (int i = 0; i < rules.length; i++) {
      Limit limit = limits[i];
      if (limit != null && rules[i].spec.per() == LimitSpec.Per.IDENTIFIER) {
        buffer.add(limit, own, subject.owner(), 0);
      }
    }
  }

  private static boolean applies(Rule rule, Subject subject) {
    if (rule.endpoint != null) {
      String endpoint = subject.endpoint();
      if (endpoint == null || !rule.endpoint.matches(endpoint)) {
        return false;
      }
    }
    Map<String, String> when = rule.spec.when();
    return when.isEmpty() || subject.attributes().entrySet().containsAll(when.entrySet());
  }

  /** Says of every limit whether it applies, and why. */
  public List<Reason> reasons(Subject subject) {
    List<Reason> reasons = new ArrayList<>();
    @Nullable Limit[] limits = limitsOf(subject.identifier());
    for (int i = 0; i < rules.length; i++) {
      boolean applies = limits[i] != null && applies(rules[i], subject) && !rules[i].concurrency;
      reasons.add(new Reason(rules[i].spec.name(), applies, why(i, limits[i], subject)));
    }
    return reasons;
  }

  private String why(int i, @Nullable Limit limit, Subject subject) {
    Rule rule = rules[i];
    if (limit == null) {
      return "unlimited by the override of " + overrideOf(subject.identifier());
    }
    if (rule.endpoint != null && !applies(rule, subject)) {
      return "only for " + rule.endpoint.pattern() + " with " + rule.spec.when();
    }
    if (!applies(rule, subject)) {
      return "only when the attributes are " + rule.spec.when();
    }
    if (rule.concurrency) {
      return "counts leases; a check skips it";
    }
    String origin =
        rule.endpoint == null
            ? "limit of namespace " + spec.name()
            : "limit of endpoint " + rule.endpoint.pattern();
    boolean overridden = !limit.algorithm().equals(rule.spec.algorithm());
    return overridden
        ? origin + ", numbers by the override of " + overrideOf(subject.identifier())
        : origin;
  }

  private String overrideOf(String identifier) {
    if (exact.containsKey(identifier)) {
      return identifier;
    }
    return globs.stream()
        .filter(g -> g.glob.matches(identifier))
        .map(g -> g.glob.pattern())
        .findFirst()
        .orElse("nobody");
  }

  /**
   * Why a limit takes part in a check, or does not.
   *
   * @param limit the limit's name
   * @param applies whether it takes part
   * @param why in words
   */
  public record Reason(String limit, boolean applies, String why) {}
}
