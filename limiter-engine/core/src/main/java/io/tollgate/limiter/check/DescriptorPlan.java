package io.tollgate.limiter.check;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.DescriptorIdentifier;
import io.tollgate.limiter.catalog.DescriptorRule;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request of Envoy's asks of the limiter, descriptor by descriptor; nothing is asked yet.
 *
 * <p>A limit that came along holds in place of all configured ones. Else the rule of the most
 * specific match and the limits of the namespace hold, but those that the rule of any descriptor of
 * the request replaces. An unlimited rule asks for nothing, but replaces too.
 */
public final class DescriptorPlan {

  /** The most descriptors of one request: each is a check, and a batch has no more. */
  public static final int MOST_DESCRIPTORS = Limiter.MAX_BATCH;

  private static final DescriptorStep UNKNOWN = new DescriptorStep.Unknown();
  private static final DescriptorStep REPLACED = new DescriptorStep.Replaced();

  private final @Nullable NamespaceLimits namespace;
  private final List<DescriptorStep> steps;

  private DescriptorPlan(@Nullable NamespaceLimits namespace, List<DescriptorStep> steps) {
    this.namespace = namespace;
    this.steps = List.copyOf(steps);
  }

  /**
   * The plan of a request.
   *
   * @param domain what Envoy calls the namespace
   * @param descriptors 1 to {@link #MOST_DESCRIPTORS}
   * @throws InvalidRequestException when there are none, too many, or {@code *} would have to
   *     answer for a domain that is no name of a namespace
   */
  public static DescriptorPlan of(
      Catalog catalog, Realm realm, String domain, List<Descriptor> descriptors) {
    if (domain.isEmpty()) {
      throw new InvalidRequestException("domain", "is empty", "name the namespace");
    }
    if (descriptors.isEmpty() || descriptors.size() > MOST_DESCRIPTORS) {
      throw new InvalidRequestException(
          "descriptors",
          "has " + descriptors.size() + " descriptors",
          "send 1 to " + MOST_DESCRIPTORS);
    }
    NamespaceLimits namespace = catalog.find(domain).orElse(null);
    if (namespace == null) {
      return new DescriptorPlan(null, descriptors.stream().map(_ -> UNKNOWN).toList());
    }
    if (!Limit.NAME.matcher(domain).matches()) {
      throw new InvalidRequestException(
          "domain", "is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    @Nullable DescriptorRule[] rules = new DescriptorRule[descriptors.size()];
    for (int i = 0; i < rules.length; i++) {
      Descriptor descriptor = descriptors.get(i);
      rules[i] =
          descriptor.inline() == null ? namespace.rule(descriptor.entries()).orElse(null) : null;
    }
    Set<String> replaced = replaced(rules);
    List<DescriptorStep> steps = new ArrayList<>(rules.length);
    for (int i = 0; i < rules.length; i++) {
      steps.add(step(namespace, realm, domain, descriptors.get(i), rules[i], replaced));
    }
    return new DescriptorPlan(namespace, steps);
  }

  private static Set<String> replaced(@Nullable DescriptorRule[] rules) {
    Set<String> names = new HashSet<>();
    for (DescriptorRule rule : rules) {
      if (rule != null) {
        names.addAll(rule.spec().replaces());
      }
    }
    return Set.copyOf(names);
  }

  private static DescriptorStep step(
      NamespaceLimits namespace,
      Realm realm,
      String domain,
      Descriptor descriptor,
      @Nullable DescriptorRule rule,
      Set<String> replaced) {
    InlineLimit inline = descriptor.inline();
    if (inline != null && inline.requestsPerUnit() == 0) {
      return new DescriptorStep.Blocked(inline, descriptor.cost() > 0);
    }
    if (inline == null) {
      if (rule != null && rule.spec().unlimited()) {
        return new DescriptorStep.Unlimited(rule);
      }
      boolean asks = namespace.asksOfDescriptors(replaced) || (rule != null && rule.asks(replaced));
      if (!asks) {
        boolean known = rule != null || namespace.asksOfDescriptors(Set.of());
        return known ? REPLACED : UNKNOWN;
      }
    }
    String identifier =
        inline == null
            ? DescriptorIdentifier.of(descriptor.entries())
            : DescriptorIdentifier.inline(descriptor.entries());
    CheckRequest request = CheckRequest.of(realm, domain, identifier, descriptor.cost());
    return new DescriptorStep.Asked(
        new DescriptorQuestion(namespace, request, rule, inline, replaced));
  }

  /** The namespace that answers; empty when there is none, and then every step is unknown. */
  public Optional<NamespaceLimits> namespace() {
    return Optional.ofNullable(namespace);
  }

  /** What is to be done, in the order and number of the descriptors. */
  public List<DescriptorStep> steps() {
    return steps;
  }
}
