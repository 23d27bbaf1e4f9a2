package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.Identity;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.catalog.OverrideSpec;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.server.text.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one namespace: the object that the limits file holds under its name. */
final class NamespaceReader {

  static final List<String> FIELDS =
      List.of(
          "on_store_failure",
          "headers",
          "limits",
          "overrides",
          "endpoints",
          "authz",
          "descriptors",
          "negative_hits");
  private static final String EXAMPLE =
      "{limits: [{name: per-minute, algorithm: gcra, limit: 100, period: 1m}]}";
  private static final Map<String, StoreFailure> STORE_FAILURES =
      Map.of("local", StoreFailure.LOCAL, "open", StoreFailure.OPEN, "closed", StoreFailure.CLOSED);
  private static final Map<String, Headers> HEADERS =
      Map.of(
          "draft", Headers.DRAFT,
          "legacy", Headers.LEGACY,
          "both", Headers.BOTH,
          "none", Headers.NONE);
  private static final Map<String, NegativeHits> NEGATIVE_HITS =
      Map.of("peek", NegativeHits.PEEK, "refund", NegativeHits.REFUND);

  private final LimitTable table = new LimitTable();

  private NamespaceReader() {}

  /** The namespace; empty when something is wrong with it, which is among the problems. */
  static Optional<NamespaceSpec> read(String name, Position at, Value value) {
    if (!name.equals(NamespaceSpec.ANY) && !Limit.NAME.matcher(name).matches()) {
      value
          .problems()
          .invalid(
              at,
              value.pointer(),
              "namespace " + Shown.quoted(name) + " is not a name",
              "use 1 to 128 of A-Z a-z 0-9 . _ : - or *");
      // What is wrong inside of it is still worth knowing.
      var _ = Fields.of(value, FIELDS, EXAMPLE).flatMap(f -> new NamespaceReader().read("x", f));
      return Optional.empty();
    }
    return Fields.of(value, FIELDS, EXAMPLE)
        .flatMap(fields -> new NamespaceReader().read(name, fields));
  }

  private Optional<NamespaceSpec> read(String name, Fields fields) {
    StoreFailure onStoreFailure =
        fields
            .get("on_store_failure")
            .flatMap(v -> v.oneOf(STORE_FAILURES))
            .orElse(StoreFailure.LOCAL);
    Headers headers = fields.get("headers").flatMap(v -> v.oneOf(HEADERS)).orElse(Headers.DRAFT);
    NegativeHits negativeHits =
        fields.get("negative_hits").flatMap(v -> v.oneOf(NEGATIVE_HITS)).orElse(NegativeHits.PEEK);
    if (!fields.has("limits") && !fields.has("endpoints") && !fields.has("descriptors")) {
      fields.owner().invalid("has no limits", "add some; limits: [] lets everything pass");
    }
    // Overrides may name limits of endpoints and descriptors: they are read last.
    List<LimitSpec> limits =
        fields.get("limits").map(new LimitReader(table)::readAll).orElse(List.of());
    List<EndpointSpec> endpoints = fields.get("endpoints").map(this::endpoints).orElse(List.of());
    List<DescriptorSpec> descriptors =
        fields.get("descriptors").map(new DescriptorReader(table)::readAll).orElse(List.of());
    List<Identity> identity =
        fields.get("authz").flatMap(IdentityReader::read).orElse(NamespaceSpec.USUAL_IDENTITY);
    List<OverrideSpec> overrides =
        fields.get("overrides").map(new OverrideReader(table)::readAll).orElse(List.of());
    if (!fields.sound()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new NamespaceSpec(
              name,
              onStoreFailure,
              headers,
              limits,
              overrides,
              endpoints,
              descriptors,
              negativeHits,
              identity));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private List<EndpointSpec> endpoints(Value list) {
    String example = "{match: \"POST /exports*\", limits: […]}";
    List<EndpointSpec> specs = new ArrayList<>();
    for (Value value : list.items("[" + example + "]").orElse(List.of())) {
      Fields.of(value, List.of("match", "limits"), example)
          .flatMap(this::endpoint)
          .ifPresent(specs::add);
    }
    return specs;
  }

  private Optional<EndpointSpec> endpoint(Fields fields) {
    Optional<String> match =
        fields
            .require("match", "what it matches, such as match: \"POST /exports*\"")
            .flatMap(Value::text);
    Optional<Value> list = fields.require("limits", "at least one limit");
    List<LimitSpec> limits = list.map(new LimitReader(table)::readAll).orElse(List.of());
    if (fields.sound() && limits.isEmpty()) {
      fields.refuse("limits", "is empty", "add a limit, or remove the endpoint");
    }
    if (match.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new EndpointSpec(match.get(), limits));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }
}
