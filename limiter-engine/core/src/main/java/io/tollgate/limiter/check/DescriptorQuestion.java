package io.tollgate.limiter.check;

import io.tollgate.limiter.catalog.DescriptorRule;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a limiter is to be asked for one descriptor: exactly which limits, for whom, at which cost.
 *
 * <p>Made by {@link DescriptorPlan}. Immutable and safe for use by any number of threads.
 */
public final class DescriptorQuestion {

  private final NamespaceLimits namespace;
  private final CheckRequest request;
  private final @Nullable DescriptorRule rule;
  private final @Nullable InlineLimit inline;
  private final Set<String> replaced;

  DescriptorQuestion(
      NamespaceLimits namespace,
      CheckRequest request,
      @Nullable DescriptorRule rule,
      @Nullable InlineLimit inline,
      Set<String> replaced) {
    this.namespace = namespace;
    this.request = request;
    this.rule = rule;
    this.inline = inline;
    this.replaced = replaced;
  }

  /** Who is asked for: realm, namespace, identifier, cost. */
  public CheckRequest request() {
    return request;
  }

  /** What the descriptor matches; empty when only limits of the namespace or its own are asked. */
  public Optional<DescriptorRule> rule() {
    return Optional.ofNullable(rule);
  }

  /** The limit that the request brought along; empty when the configured ones are asked. */
  public Optional<InlineLimit> inline() {
    return Optional.ofNullable(inline);
  }

  /** The same question at another cost; 0 only looks. */
  public DescriptorQuestion withCost(long cost) {
    CheckRequest other =
        CheckRequest.of(request.realm(), request.namespace(), request.identifier(), cost);
    return new DescriptorQuestion(namespace, other, rule, inline, replaced);
  }

  void ask(CheckBuffer buffer, KeyHasher hasher) {
    buffer.begin(request.realm());
    if (inline == null) {
      namespace.addOfDescriptor(buffer, hasher, request.realm(), request, rule, replaced);
    } else {
      namespace.addInline(
          buffer,
          hasher,
          request.realm(),
          request,
          inline.limit(namespace.spec().onStoreFailure()));
    }
  }
}
