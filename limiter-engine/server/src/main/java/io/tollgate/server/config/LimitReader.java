package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.LimitSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the limits of one namespace and enters them into its table. */
final class LimitReader {

  static final List<String> FIELDS =
      List.of(
          "name",
          "algorithm",
          "limit",
          "period",
          "burst",
          "align",
          "zone",
          "shadow",
          "mode",
          "max_delay",
          "lease_ttl",
          "per",
          "allotment",
          "when",
          "adaptive",
          "min_limit");
  private static final String EXAMPLE =
      "{name: per-minute, algorithm: gcra, limit: 100, period: 1m}";
  private static final Map<String, LimitSpec.Per> PER =
      Map.of("identifier", LimitSpec.Per.IDENTIFIER, "namespace", LimitSpec.Per.NAMESPACE);

  /** What a check may carry; a longer one would never match. */
  private static final int MOST_ATTRIBUTE_BYTES = 64;

  private final LimitTable table;

  LimitReader(LimitTable table) {
    this.table = table;
  }

  /** Every limit of a list that is sound. */
  List<LimitSpec> readAll(Value list) {
    List<LimitSpec> specs = new ArrayList<>();
    for (Value value : list.items("[" + EXAMPLE + "]").orElse(List.of())) {
      Fields.of(value, FIELDS, EXAMPLE).flatMap(this::read).ifPresent(specs::add);
    }
    return specs;
  }

  private Optional<LimitSpec> read(Fields fields) {
    Optional<Value> nameValue = fields.require("name", "a name, such as name: per-minute");
    Optional<String> name = nameValue.flatMap(Value::text);
    AlgorithmReader algorithm = new AlgorithmReader(fields);
    boolean shadow = fields.get("shadow").flatMap(Value::flag).orElse(false);
    LimitSpec.Per per =
        fields.get("per").flatMap(v -> v.oneOf(PER)).orElse(LimitSpec.Per.IDENTIFIER);
    Map<String, String> when = fields.get("when").map(LimitReader::when).orElse(Map.of());
    long allotment = fields.get("allotment").map(LimitReader::allotment).orElse(0L);
    Optional<LimitSpec> spec =
        algorithm
            .read()
            .flatMap(a -> build(fields, name.orElse(""), a, shadow, per, when, allotment));
    name.ifPresent(n -> table.declare(n, nameValue.orElseThrow(), spec));
    return spec;
  }

  private static Optional<LimitSpec> build(
      Fields fields,
      String name,
      Algorithm algorithm,
      boolean shadow,
      LimitSpec.Per per,
      Map<String, String> when,
      long allotment) {
    try {
      return Optional.of(new LimitSpec(name, algorithm, shadow, per, when, allotment));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private static Map<String, String> when(Value value) {
    String example = "when: {attributes: {region: eu}}";
    Optional<Value> attributes =
        Fields.of(value, List.of("attributes"), "{attributes: {region: eu}}")
            .flatMap(fields -> fields.require("attributes", example));
    if (attributes.isEmpty()) {
      return Map.of();
    }
    Map<String, Position> seen = new LinkedHashMap<>();
    Map<String, String> conditions = new LinkedHashMap<>();
    for (Node.Entry entry : attributes.get().entries("{region: eu}").orElse(List.of())) {
      Value attribute = attributes.get().child(entry.key(), entry.value());
      Position first = seen.putIfAbsent(entry.key(), entry.at());
      if (first != null) {
        Fields.twice(attribute, entry, first);
      }
      var _ = attribute.requireUnicode(entry.key());
      attribute.text().ifPresent(text -> conditions.put(entry.key(), text));
      requireShort(attribute, entry.key());
      requireShort(attribute, conditions.getOrDefault(entry.key(), "?"));
    }
    if (seen.isEmpty()) {
      attributes.get().invalid("names no attribute", "name one, or remove when");
    }
    return conditions;
  }

  private static void requireShort(Value attribute, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MOST_ATTRIBUTE_BYTES) {
      attribute.invalid(
          "an attribute's name or value has " + bytes + " bytes",
          "write 1 to " + MOST_ATTRIBUTE_BYTES);
    }
  }

  /** The most units ahead; 0 where what is written is wrong, which is among the problems. */
  private static long allotment(Value value) {
    Optional<Value> max =
        Fields.of(value, List.of("max"), "{max: 500}")
            .flatMap(fields -> fields.require("max", "a whole number, such as max: 500"));
    return max.isEmpty() ? 0 : max.get().wholeNumber(1, Exact.MAX).orElse(0);
  }
}
