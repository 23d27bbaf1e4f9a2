package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A namespace as configured.
 *
 * @param name 1 to 128 of {@code [A-Za-z0-9._:-]}, or {@code *} for all that have none of their own
 * @param onStoreFailure what to answer when the store is away
 * @param headers which rate-limit headers an answer carries
 * @param limits what applies to every check
 * @param overrides other numbers for some identifiers
 * @param endpoints further limits for some endpoints
 * @param descriptors further limits for what Envoy asks about
 * @param negativeHits what becomes of hits that Envoy takes back
 * @param identity by what a gateway's request is known, the first that it has; each at most once
 */
public record NamespaceSpec(
    String name,
    StoreFailure onStoreFailure,
    Headers headers,
    List<LimitSpec> limits,
    List<OverrideSpec> overrides,
    List<EndpointSpec> endpoints,
    List<DescriptorSpec> descriptors,
    NegativeHits negativeHits,
    List<Identity> identity) {

  /** By what a gateway's request is known where nothing else is said. */
  public static final List<Identity> USUAL_IDENTITY = List.of(Identity.values());

  /** The namespace that answers for all that have none of their own. */
  public static final String ANY = "*";

  /** The most limits of one namespace, endpoints included: what one check can lock and write. */
  public static final int MOST_LIMITS = 32;

  /** Globs are tried one after the other. */
  private static final int MOST_GLOBS = 100;

  private static final int MOST_OVERRIDES = 10_000;

  /** Each is found by its entries, however many there are: it bounds memory. */
  private static final int MOST_DESCRIPTORS = 10_000;

  /** Which rate-limit headers an answer carries. */
  public enum Headers {
    /** {@code RateLimit} and {@code RateLimit-Policy} of the IETF draft. */
    DRAFT,
    /** {@code X-RateLimit-*}. */
    LEGACY,
    /** Both. */
    BOTH,
    /** Neither. */
    NONE
  }

  /** What becomes of hits that Envoy takes back. */
  public enum NegativeHits {
    /** They are not given back: who could send them could lift every limit. */
    PEEK,
    /** They are given back, never more than was used. */
    REFUND
  }

  /** By what a request is known that a gateway asks about. */
  public enum Identity {
    /** A key in a header of its own. */
    API_KEY,
    /** The credentials of HTTP. */
    AUTHORIZATION,
    /** Where it comes from. */
    ADDRESS
  }

  /** Validates names, references and bounds. */
  public NamespaceSpec {
    if (!name.equals(ANY) && !Limit.NAME.matcher(name).matches()) {
      throw new InvalidLimitException(
          "namespace", "'" + name + "' is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : - or *");
    }
    limits = List.copyOf(limits);
    overrides = List.copyOf(overrides);
    endpoints = List.copyOf(endpoints);
    descriptors = List.copyOf(descriptors);
    identity = List.copyOf(identity);
    requireIdentity(identity);
    Set<String> names = requireNames(limits, endpoints);
    requireDescriptors(descriptors, limits, names);
    requireOverrides(overrides, names);
  }

  /** A namespace of which gateways ask no more than others do. */
  public NamespaceSpec(
      String name,
      StoreFailure onStoreFailure,
      Headers headers,
      List<LimitSpec> limits,
      List<OverrideSpec> overrides,
      List<EndpointSpec> endpoints) {
    this(
        name,
        onStoreFailure,
        headers,
        limits,
        overrides,
        endpoints,
        List.of(),
        NegativeHits.PEEK,
        USUAL_IDENTITY);
  }

  /** A namespace with nothing but limits. */
  public static NamespaceSpec of(String name, List<LimitSpec> limits) {
    return new NamespaceSpec(name, StoreFailure.LOCAL, Headers.DRAFT, limits, List.of(), List.of());
  }

  private static void requireIdentity(List<Identity> identity) {
    Set<Identity> seen = new HashSet<>();
    for (Identity kind : identity) {
      if (!seen.add(kind)) {
        throw new InvalidLimitException(
            "identity", "has an entry twice", "write each at most once, the preferred first");
      }
    }
    if (identity.isEmpty()) {
      throw new InvalidLimitException("identity", "is empty", "write at least one");
    }
  }

  private static Set<String> requireNames(List<LimitSpec> limits, List<EndpointSpec> endpoints) {
    Set<String> names = new HashSet<>();
    limits.forEach(limit -> requireNew(names, limit));
    for (EndpointSpec endpoint : endpoints) {
      endpoint.limits().forEach(limit -> requireNew(names, limit));
    }
    if (names.size() > MOST_LIMITS) {
      throw new InvalidLimitException(
          "limits", names.size() + " limits are too many", "use at most " + MOST_LIMITS);
    }
    return names;
  }

  /** Enters the names of the descriptors' limits beside the others. */
  private static void requireDescriptors(
      List<DescriptorSpec> descriptors, List<LimitSpec> limits, Set<String> names) {
    if (descriptors.size() > MOST_DESCRIPTORS) {
      throw new InvalidLimitException(
          "descriptors",
          descriptors.size() + " descriptors are too many",
          "use at most " + MOST_DESCRIPTORS);
    }
    Set<String> replaceable = new HashSet<>();
    limits.forEach(limit -> replaceable.add(limit.name()));
    Set<List<DescriptorSpec.Match>> seen = new HashSet<>();
    for (DescriptorSpec descriptor : descriptors) {
      if (!seen.add(descriptor.match())) {
        throw new InvalidLimitException(
            "descriptors",
            "'" + descriptor.text() + "' is matched twice",
            "write all its limits in one");
      }
      if (descriptor.limits().size() + limits.size() > MOST_LIMITS) {
        throw new InvalidLimitException(
            "descriptors",
            "'" + descriptor.text() + "' has too many limits with those of the namespace",
            "use at most " + MOST_LIMITS + " together");
      }
      for (LimitSpec limit : descriptor.limits()) {
        requireNew(names, limit);
        replaceable.add(limit.name());
      }
    }
    for (DescriptorSpec descriptor : descriptors) {
      for (String name : descriptor.replaces()) {
        if (!replaceable.contains(name)) {
          throw new InvalidLimitException(
              "replaces",
              "'" + name + "' is no limit of the namespace or of a descriptor",
              "use one of them");
        }
      }
    }
  }

  private static void requireNew(Set<String> names, LimitSpec limit) {
    if (!names.add(limit.name())) {
      throw new InvalidLimitException(
          "name",
          "'" + limit.name() + "' is used twice in this namespace",
          "give each limit a name of its own");
    }
  }

  private static void requireOverrides(List<OverrideSpec> overrides, Set<String> names) {
    Set<String> seen = new HashSet<>();
    int globs = 0;
    for (OverrideSpec override : overrides) {
      if (!seen.add(override.identifier())) {
        throw new InvalidLimitException(
            "identifier",
            "'" + override.identifier() + "' is overridden twice",
            "write both in one override");
      }
      globs += Glob.isGlob(override.identifier()) ? 1 : 0;
      for (String name : override.limits().keySet()) {
        if (!names.contains(name)) {
          throw new InvalidLimitException(
              name, "no limit of this namespace has that name", "use one of " + sorted(names));
        }
      }
    }
    if (globs > MOST_GLOBS || overrides.size() > MOST_OVERRIDES) {
      throw new InvalidLimitException(
          "overrides",
          overrides.size() + " overrides with " + globs + " globs are too many",
          "use at most " + MOST_OVERRIDES + " with " + MOST_GLOBS + " globs");
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
