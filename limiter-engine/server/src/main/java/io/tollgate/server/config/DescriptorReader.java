package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.LimitSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the limits of what Envoy asks about. */
final class DescriptorReader {

  static final List<String> FIELDS =
      List.of("match", "replaces", "unlimited", "shadow", "metrics", "limits");
  private static final String EXAMPLE = "{match: [{key: path, value: /login}], limits: […]}";
  private static final Map<String, Boolean> METRICS = Map.of("detailed", true);

  /** What stands in the file, but for names of limits that may only follow. */
  private record Read(Fields fields, List<Match> match, List<LimitSpec> limits) {}

  private final LimitTable table;
  private final Map<List<Match>, Position> matches = new HashMap<>();

  /** A reader of the descriptors of the namespace that has these limits. */
  DescriptorReader(LimitTable table) {
    this.table = table;
  }

  List<DescriptorSpec> readAll(Value list) {
    List<Read> read = new ArrayList<>();
    for (Value value : list.items("[" + EXAMPLE + "]").orElse(List.of())) {
      Fields.of(value, FIELDS, EXAMPLE).map(this::read).ifPresent(read::add);
    }
    // One descriptor may replace a limit of another, wherever that stands.
    List<DescriptorSpec> specs = new ArrayList<>();
    read.forEach(one -> spec(one).ifPresent(specs::add));
    return specs;
  }

  private Read read(Fields fields) {
    Optional<Value> match = fields.require("match", "match: [{key: remote_address}]");
    List<Match> entries = match.map(DescriptorReader::match).orElse(List.of());
    List<LimitSpec> limits =
        fields.get("limits").map(new LimitReader(table)::readAll).orElse(List.of());
    Position first =
        entries.isEmpty() ? null : matches.putIfAbsent(entries, match.orElseThrow().at());
    if (first != null) {
      match
          .orElseThrow()
          .invalid("is the same as at " + first, "write all limits for it in one of the two");
    }
    return new Read(fields, entries, limits);
  }

  private Optional<DescriptorSpec> spec(Read read) {
    Fields fields = read.fields;
    boolean unlimited = fields.get("unlimited").flatMap(Value::flag).orElse(false);
    boolean shadow = fields.get("shadow").flatMap(Value::flag).orElse(false);
    boolean detailed = fields.get("metrics").flatMap(v -> v.oneOf(METRICS)).orElse(false);
    List<String> replaces = fields.get("replaces").map(this::replaces).orElse(List.of());
    if (!fields.has("limits") && !unlimited) {
      fields.owner().invalid("has no limits", "add limits, or unlimited: true");
    } else if (fields.has("limits") && unlimited) {
      fields.refuse("limits", "never count beside unlimited: true", "remove one of the two");
    }
    if (!fields.sound()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DescriptorSpec(read.match, replaces, unlimited, shadow, detailed, read.limits));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private List<String> replaces(Value list) {
    List<String> names = new ArrayList<>();
    for (Value name : list.items("[per-minute]").orElse(List.of())) {
      Optional<String> text = name.text();
      text.ifPresent(names::add);
      text.ifPresent(referred -> table.refer(referred, name.at(), name));
    }
    return names;
  }

  /** The entries that are sound; what is wrong with the others is among the problems. */
  private static List<Match> match(Value value) {
    List<Value> entries = value.items("[{key: remote_address}]").orElse(List.of());
    List<Match> read = new ArrayList<>();
    for (Value entry : entries) {
      Fields.of(entry, List.of("key", "value"), "{key: path, value: /login}")
          .flatMap(DescriptorReader::entry)
          .ifPresent(read::add);
    }
    if (entries.isEmpty() && value.node() instanceof Node.Sequence) {
      value.invalid("matches nothing", "name at least one key");
    }
    return read;
  }

  private static Optional<Match> entry(Fields fields) {
    Optional<String> key = fields.require("key", "a key, such as key: path").flatMap(Value::text);
    Optional<String> value = fields.get("value").flatMap(Value::text);
    if (key.isEmpty() || !fields.sound()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Match(key.get(), value.orElse(null)));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }
}
