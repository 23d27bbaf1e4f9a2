package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.LimitOverride;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.OverrideSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads other numbers for some identifiers. */
final class OverrideReader {

  static final List<String> FIELDS = List.of("identifier", "limits");
  private static final String EXAMPLE = "{identifier: user_vip, limits: {per-minute: {limit: 10}}}";
  private static final String NUMBERS = "{limit: 10}, {limit: 10, burst: 20} or unlimited";

  private final LimitTable table;
  private final Map<String, Position> identifiers = new HashMap<>();

  /** A reader of the overrides of the namespace that has these limits. */
  OverrideReader(LimitTable table) {
    this.table = table;
  }

  List<OverrideSpec> readAll(Value list) {
    List<OverrideSpec> specs = new ArrayList<>();
    for (Value value : list.items("[" + EXAMPLE + "]").orElse(List.of())) {
      Fields.of(value, FIELDS, EXAMPLE).flatMap(this::read).ifPresent(specs::add);
    }
    return specs;
  }

  private Optional<OverrideSpec> read(Fields fields) {
    Optional<Value> value =
        fields.require("identifier", "who it is for, such as identifier: user_vip");
    Optional<String> identifier = value.flatMap(Value::text);
    if (identifier.isPresent()) {
      Position first = identifiers.putIfAbsent(identifier.get(), value.orElseThrow().at());
      if (first != null) {
        value
            .orElseThrow()
            .invalid(
                value.orElseThrow().shown() + " has an override already, at " + first,
                "write both in one");
      }
    }
    Map<String, LimitOverride> limits =
        fields
            .require("limits", "what changes, such as limits: {per-minute: unlimited}")
            .map(this::limits)
            .orElse(Map.of());
    if (!fields.sound()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OverrideSpec(identifier.orElseThrow(), limits));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private Map<String, LimitOverride> limits(Value value) {
    Map<String, Position> seen = new HashMap<>();
    Map<String, LimitOverride> overrides = new LinkedHashMap<>();
    Optional<List<Node.Entry>> entries = value.entries("{per-minute: {limit: 10}}");
    for (Node.Entry entry : entries.orElse(List.of())) {
      Value own = value.child(entry.key(), entry.value());
      Position first = seen.putIfAbsent(entry.key(), entry.at());
      if (first != null) {
        Fields.twice(own, entry, first);
      }
      Optional<LimitSpec> base = table.refer(entry.key(), entry.at(), own);
      override(own, base).ifPresent(o -> overrides.put(entry.key(), o));
    }
    if (entries.isPresent() && seen.isEmpty()) {
      value.invalid("changes no limit", "name one, or remove the override");
    }
    return overrides;
  }

  private static Optional<LimitOverride> override(Value value, Optional<LimitSpec> base) {
    if (value.node() instanceof Node.Scalar scalar) {
      if (scalar.text().equals("unlimited")) {
        return Optional.of(new LimitOverride.Unlimited());
      }
      value.invalid(value.shown() + " is not an override", "write " + NUMBERS);
      return Optional.empty();
    }
    return Fields.of(value, List.of("limit", "burst"), NUMBERS)
        .flatMap(fields -> numbers(fields, base));
  }

  private static Optional<LimitOverride> numbers(Fields fields, Optional<LimitSpec> base) {
    Optional<Value> limit = fields.require("limit", "the new limit, such as limit: 10");
    Optional<Value> burst = fields.get("burst");
    OptionalLong units = whole(limit);
    OptionalLong capacity = whole(burst);
    if (!fields.sound()) {
      return Optional.empty();
    }
    LimitOverride.Numbers numbers = new LimitOverride.Numbers(units.orElseThrow(), capacity);
    try {
      base.ifPresent(spec -> numbers.applyTo(spec.algorithm()));
      return Optional.of(numbers);
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private static OptionalLong whole(Optional<Value> value) {
    return value.isEmpty() ? OptionalLong.empty() : value.get().wholeNumber(1, Exact.MAX);
  }
}
