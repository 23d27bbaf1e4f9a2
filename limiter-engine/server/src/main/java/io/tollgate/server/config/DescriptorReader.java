package io.tollgate.server.config;

import io.tollgate.limiter.catalog.LimitSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Validates what gateways bring: descriptors of Envoy, and whom {@code /v1/authz} asks for. */
final class DescriptorReader {

  private static final List<String> FIELDS =
      List.of("match", "replaces", "unlimited", "shadow", "metrics", "limits");
  private static final String EXAMPLE = "{match: [{key: path, value: /login}], limits: […]}";
  private static final Map<String, Boolean> METRICS = Map.of("detailed", true);
  private static final Map<String, Boolean> IDENTITIES =
      Map.of("api_key", true, "authorization", true, "address", true);

  private final LimitTable table;

  DescriptorReader(LimitTable table) {
    this.table = table;
  }

  void validateAll(Value list) {
    for (Value value : list.items("[" + EXAMPLE + "]").orElse(List.of())) {
      Fields.of(value, FIELDS, EXAMPLE).ifPresent(this::validate);
    }
    list.notSupportedYet("descriptors", "remove them: there is no door for Envoy");
  }

  private void validate(Fields fields) {
    fields.require("match", "match: [{key: remote_address}]").ifPresent(DescriptorReader::match);
    Optional<Value> unlimited = fields.get("unlimited");
    boolean free = unlimited.flatMap(Value::flag).orElse(false);
    var _ = fields.get("shadow").flatMap(Value::flag);
    var _ = fields.get("metrics").flatMap(v -> v.oneOf(METRICS));
    Optional<List<LimitSpec>> limits = fields.get("limits").map(new LimitReader(table)::readAll);
    if (limits.isEmpty() && !free) {
      fields.owner().invalid("has no limits", "add limits, or unlimited: true");
    } else if (limits.isPresent() && free) {
      fields.refuse("limits", "never count beside unlimited: true", "remove one of the two");
    }
    for (Value name :
        fields.get("replaces").flatMap(v -> v.items("[per-minute]")).orElse(List.of())) {
      name.text().ifPresent(text -> table.refer(text, name.at(), name));
    }
  }

  private static void match(Value value) {
    List<Value> entries = value.items("[{key: remote_address}]").orElse(List.of());
    for (Value entry : entries) {
      Optional<Fields> fields =
          Fields.of(entry, List.of("key", "value"), "{key: path, value: /login}");
      fields.flatMap(f -> f.require("key", "a key, such as key: path")).ifPresent(Value::text);
      fields.flatMap(f -> f.get("value")).ifPresent(Value::text);
    }
    if (entries.isEmpty() && value.node() instanceof Node.Sequence) {
      value.invalid("matches nothing", "name at least one key");
    }
  }

  /** Validates whom {@code /v1/authz} takes as the identifier. */
  static void authz(Value value) {
    Fields.of(value, List.of("identity"), "{identity: [api_key, address]}")
        .flatMap(fields -> fields.require("identity", "identity: [api_key, address]"))
        .flatMap(identity -> identity.items("[api_key, authorization, address]"))
        .ifPresent(sources -> {
          sources.forEach(source -> source.oneOf(IDENTITIES));
          value.notSupportedYet("authz", "remove it: there is no /v1/authz");
        });
  }
}
