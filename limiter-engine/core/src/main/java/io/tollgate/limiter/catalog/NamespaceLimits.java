package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.NamespaceKeys;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One namespace, compiled: adds to a buffer the limits that apply to a check.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class NamespaceLimits {

  private record Rule(LimitSpec spec, @Nullable Glob endpoint, boolean concurrency) {}

  /** The limits that hold for somebody. */
  private static final class Numbers {
    final String identifier;
    final Glob glob;

    /** In the order of the rules; null: unlimited. */
    final @Nullable Limit[] limits;

    /** Those limits of descriptors that an override changes; null: unlimited. */
    final Map<String, @Nullable Limit> ofDescriptors;

    Numbers(
        String identifier, @Nullable Limit[] limits, Map<String, @Nullable Limit> ofDescriptors) {
      this.identifier = identifier;
      this.glob = new Glob(identifier);
      this.limits = limits;
      this.ofDescriptors = ofDescriptors;
    }

    /** A limit of a descriptor with the numbers that hold here; null: unlimited. */
    @Nullable Limit of(Limit limit) {
      return ofDescriptors.containsKey(limit.name()) ? ofDescriptors.get(limit.name()) : limit;
    }
  }

  private final NamespaceSpec spec;
  private final Rule[] rules;
  private final DescriptorRules descriptors;
  private final boolean asksOfDescriptors;
  private final Numbers plain;
  private final Map<String, Numbers> exact = new HashMap<>();
  private final List<Numbers> globs = new ArrayList<>();

  /** The keys made last: nearly every check needs the same again. A race only costs time. */
  private volatile @Nullable NamespaceKeys latestKeys;

  NamespaceLimits(NamespaceSpec spec) {
    this.spec = spec;
    this.rules = rules(spec);
    this.descriptors = new DescriptorRules(spec.descriptors(), spec.onStoreFailure());
    this.asksOfDescriptors = Arrays.stream(rules).anyMatch(NamespaceLimits::ofDescriptors);
    this.plain = new Numbers("", compile(Map.of()), Map.of());
    Map<String, LimitSpec> ofDescriptors = ofDescriptors(descriptors);
    for (OverrideSpec override : spec.overrides()) {
      Numbers numbers = numbers(override, ofDescriptors);
      if (Glob.isGlob(override.identifier())) {
        globs.add(numbers);
      } else {
        exact.put(override.identifier(), numbers);
      }
    }
    globs.sort(Comparator.comparingInt(g -> -g.identifier.length()));
  }

  private Numbers numbers(OverrideSpec override, Map<String, LimitSpec> ofDescriptors) {
    Map<String, @Nullable Limit> changed = new HashMap<>();
    override
        .limits()
        .forEach((name, change) -> {
          LimitSpec limit = ofDescriptors.get(name);
          if (limit != null) {
            changed.put(name, compile(limit, change));
          }
        });
    return new Numbers(override.identifier(), compile(override.limits()), changed);
  }

  private static Map<String, LimitSpec> ofDescriptors(DescriptorRules descriptors) {
    Map<String, LimitSpec> byName = new HashMap<>();
    for (DescriptorRule rule : descriptors.all()) {
      for (int i = 0; i < rule.size(); i++) {
        byName.put(rule.spec(i).name(), rule.spec(i));
      }
    }
    return byName;
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

  /** Whether there is a limit of a name, the number of which is found. */
  boolean adapts(String limit) {
    for (Rule rule : rules) {
      if (rule.spec.name().equals(limit)
          && rule.spec.algorithm() instanceof Algorithm.Concurrency held
          && held.adapts()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isConcurrency(LimitSpec limit) {
    return limit.algorithm() instanceof Algorithm.Concurrency;
  }

  private @Nullable Limit[] compile(Map<String, LimitOverride> overrides) {
    @Nullable Limit[] limits = new Limit[rules.length];
    for (int i = 0; i < rules.length; i++) {
      LimitSpec limit = rules[i].spec;
      limits[i] = compile(limit, overrides.get(limit.name()));
    }
    return limits;
  }

  private @Nullable Limit compile(LimitSpec limit, @Nullable LimitOverride override) {
    return switch (override) {
      case null -> limit.compile(limit.algorithm(), spec.onStoreFailure());
      case LimitOverride.Unlimited() -> null;
      case LimitOverride.Numbers numbers ->
          limit.compile(numbers.applyTo(limit.algorithm()), spec.onStoreFailure());
    };
  }

  /** The namespace as configured; {@code *} names it when it answers for another. */
  public NamespaceSpec spec() {
    return spec;
  }

  /** The bounds of its limits of which units are taken ahead, by name. */
  Map<String, Long> errorBounds(int holders) {
    Map<String, Long> bounds = new HashMap<>();
    for (Limit limit : plain.limits) {
      if (limit != null) {
        putBound(bounds, limit, holders);
      }
    }
    for (DescriptorRule rule : descriptors.all()) {
      for (int i = 0; i < rule.size(); i++) {
        putBound(bounds, rule.limit(i), holders);
      }
    }
    return bounds;
  }

  private static void putBound(Map<String, Long> bounds, Limit limit, int holders) {
    if (limit.allots()) {
      bounds.put(limit.name(), limit.errorBound(holders));
    }
  }

  private Numbers numbersOf(String identifier) {
    Numbers own = exact.isEmpty() ? null : exact.get(identifier);
    if (own != null) {
      return own;
    }
    for (Numbers override : globs) {
      if (override.glob.matches(identifier)) {
        return override;
      }
    }
    return plain;
  }

  private @Nullable Limit[] limitsOf(String identifier) {
    return numbersOf(identifier).limits;
  }

  /** What a descriptor's entries match; empty when nothing is configured for them. */
  public Optional<DescriptorRule> rule(List<DescriptorEntry> entries) {
    return Optional.ofNullable(descriptors.find(entries));
  }

  /** Whether every descriptor is asked for limits of the namespace, but the replaced ones. */
  public boolean asksOfDescriptors(Set<String> replaced) {
    if (replaced.isEmpty()) {
      return asksOfDescriptors;
    }
    return Arrays.stream(rules)
        .anyMatch(r -> ofDescriptors(r) && !replaced.contains(r.spec.name()));
  }

  /** A descriptor has no endpoint and no attributes, and takes no leases. */
  private static boolean ofDescriptors(Rule rule) {
    return rule.endpoint == null && rule.spec.when().isEmpty() && !rule.concurrency;
  }

  /**
   * Adds the limits that apply to a descriptor: those of the namespace and of the rule.
   *
   * @param rule what the descriptor matches; null: nothing
   * @param replaced names of limits that are left out
   */
  public void addOfDescriptor(
      CheckBuffer buffer,
      KeyHasher hasher,
      Realm realm,
      Subject subject,
      @Nullable DescriptorRule rule,
      Set<String> replaced) {
    Numbers numbers = numbersOf(subject.identifier());
    NamespaceKeys keys = keys(hasher, realm, subject.namespace());
    LimitKey own = keys.key(subject.owner(), subject.identifier());
    for (int i = 0; i < rules.length; i++) {
      Limit limit = numbers.limits[i];
      LimitSpec of = rules[i].spec;
      if (limit != null && ofDescriptors(rules[i]) && !replaced.contains(of.name())) {
        add(buffer, limit, of.per(), keys, own, subject);
      }
    }
    for (int i = 0; rule != null && i < rule.size(); i++) {
      Limit limit = numbers.of(rule.limit(i));
      if (limit != null && !replaced.contains(limit.name())) {
        add(buffer, limit, rule.spec(i).per(), keys, own, subject);
      }
    }
  }

  /**
   * Adds a limit that the request brought along, which nothing configured shares a counter with.
   */
  public void addInline(
      CheckBuffer buffer, KeyHasher hasher, Realm realm, Subject subject, Limit limit) {
    NamespaceKeys keys = keys(hasher, realm, subject.namespace());
    buffer.add(
        limit, keys.key(subject.owner(), subject.identifier()), subject.owner(), subject.cost());
  }

  private static void add(
      CheckBuffer buffer,
      Limit limit,
      LimitSpec.Per per,
      NamespaceKeys keys,
      LimitKey own,
      Subject subject) {
    switch (per) {
      case NAMESPACE -> buffer.add(limit, keys.sharedKey(), keys.sharedOwner(), subject.cost());
      case IDENTIFIER -> buffer.add(limit, own, subject.owner(), subject.cost());
    }
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
      add(buffer, limit, rule.spec.per(), keys, own, subject);
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

  /**
   * Adds every limit that an identifier has used on its own, for {@code reset}; those of a
   * descriptor's rule too, when the identifier is a descriptor's and short enough to say which.
   */
  public void addOwn(CheckBuffer buffer, KeyHasher hasher, Realm realm, Subject subject) {
    NamespaceKeys keys = keys(hasher, realm, subject.namespace());
    LimitKey own = keys.key(subject.owner(), subject.identifier());
    Numbers numbers = numbersOf(subject.identifier());
    for (int i = 0; i < rules.length; i++) {
      Limit limit = numbers.limits[i];
      if (limit != null && rules[i].spec.per() == LimitSpec.Per.IDENTIFIER) {
        buffer.add(limit, own, subject.owner(), 0);
      }
    }
    if (descriptors.all().isEmpty()) {
      return;
    }
    DescriptorRule rule =
        DescriptorIdentifier.parse(subject.identifier()).map(descriptors::find).orElse(null);
    for (int i = 0; rule != null && i < rule.size(); i++) {
      Limit limit = numbers.of(rule.limit(i));
      if (limit != null && rule.spec(i).per() == LimitSpec.Per.IDENTIFIER) {
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
        .map(g -> g.identifier)
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
