package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the limits of Limitador: a list, each with conditions and variables. */
final class LimitadorImport {

  static final List<String> FIELDS =
      List.of("id", "namespace", "max_value", "seconds", "conditions", "variables", "name");
  private static final String EXAMPLE =
      "{namespace: api, max_value: 5, seconds: 60, conditions: [], variables: []}";

  /** The longest period that a limit can have, 366 days. */
  private static final long MOST_SECONDS = 366 * 86_400L;

  private static final String KEY =
      "(?:descriptors\\[0\\]\\[(?:'([^']+)'|\"([^\"]+)\")\\]"
          + "|descriptors\\[0\\]\\.([A-Za-z_][A-Za-z0-9_]*)"
          + "|(?!descriptors\\b)([A-Za-z_][A-Za-z0-9_.-]*))";
  private static final Pattern VARIABLE = Pattern.compile(KEY);
  private static final Pattern CONDITION =
      Pattern.compile(KEY + "\\s*==\\s*(?:'([^']*)'|\"([^\"]*)\"|([^'\"\\s=]+))");

  /** The limits of one list of entries, and where the first of them stands. */
  private record Rule(Value at, List<Match> match, List<LimitSpec> limits) {

    /** Whether all that another rule matches would be matched by this one too. */
    boolean covers(Rule other) {
      Map<String, String> values = new LinkedHashMap<>();
      other.match.forEach(e -> values.put(e.key(), e.value() == null ? "*" : e.value()));
      return match.stream()
          .allMatch(e -> e.value() == null || e.value().equals(values.get(e.key())));
    }

    String keys() {
      return match.stream().map(Match::key).sorted().collect(Collectors.joining("\n"));
    }
  }

  /** What becomes one namespace. */
  private static final class Namespace {
    final LimitNames names = new LimitNames();
    final List<LimitSpec> own = new ArrayList<>();
    final Map<List<Match>, Rule> rules = new LinkedHashMap<>();
  }

  private final Imports imports;
  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();

  private LimitadorImport(Imports imports) {
    this.imports = imports;
  }

  static List<NamespaceSpec> read(Value root, Imports imports) {
    LimitadorImport reader = new LimitadorImport(imports);
    List<Value> limits = root.items("a list of limits such as [" + EXAMPLE + "]").orElse(List.of());
    for (Value value : limits) {
      ForeignFields.of(value, FIELDS, EXAMPLE, imports).ifPresent(reader::limit);
    }
    if (reader.namespaces.isEmpty() && root.problems().invalidSoFar() == 0) {
      root.invalid(
          "has no limit in a namespace whose name can be one here", "add one such as " + EXAMPLE);
    }
    return reader.specs();
  }

  private void limit(ForeignFields fields) {
    Optional<Value> place = fields.require("namespace", "namespace: api");
    Optional<String> namespace = place.flatMap(ForeignFields::text);
    OptionalLong most = number(fields, "max_value", Exact.MAX);
    OptionalLong seconds = number(fields, "seconds", Long.MAX_VALUE);
    if (namespace.isEmpty() || most.isEmpty() || seconds.isEmpty()) {
      return;
    }
    if (!Limit.NAME.matcher(namespace.get()).matches()) {
      imports.leftOut(
          place.orElseThrow(),
          "'" + namespace.get() + "' cannot be a namespace",
          "rename it here and in Envoy: 1 to 128 of A-Z a-z 0-9 . _ : -");
      return;
    }
    Namespace into = namespaces.computeIfAbsent(namespace.get(), _ -> new Namespace());
    if (most.getAsLong() == 0) {
      imports.leftOut(
          fields.get("max_value").orElseThrow(),
          "0 denies everything, which no limit here does",
          "let Envoy refuse it by a route or its RBAC filter");
      return;
    }
    if (seconds.getAsLong() < 1 || seconds.getAsLong() > MOST_SECONDS) {
      imports.leftOut(
          fields.get("seconds").orElseThrow(),
          seconds.getAsLong() + " seconds are out of bounds",
          "use 1 to " + MOST_SECONDS + ", which are 366 days");
      return;
    }
    match(fields)
        .ifPresent(match -> add(fields, into, match, most.getAsLong(), seconds.getAsLong()));
  }

  private static OptionalLong number(ForeignFields fields, String name, long most) {
    var _ = fields.require(name, name + ": 60");
    return fields.wholeNumber(name, most);
  }

  private void add(
      ForeignFields fields, Namespace into, List<Match> match, long most, long seconds) {
    Algorithm window =
        new Algorithm.FixedWindow(
            most, new Period.Span(seconds * Durations.SECOND), new Alignment.FirstCall());
    String like =
        fields
            .text("name")
            .or(() -> fields.text("id"))
            .orElseGet(() -> most + "-in-" + Durations.text(seconds * Durations.SECOND));
    String name = into.names.make(like);
    if (match.isEmpty()) {
      into.own.add(new LimitSpec(name, window, false, LimitSpec.Per.NAMESPACE, Map.of()));
      imports.note(
          "a limit without conditions and variables counts each descriptor of a request here,"
              + " and each request once there");
      return;
    }
    imports.note(
        "a rule matches descriptors with exactly its entries in its order: compare them with the"
            + " actions of Envoy's routes");
    into.rules
        .computeIfAbsent(match, _ -> new Rule(fields.owner(), match, new ArrayList<>()))
        .limits
        .add(LimitSpec.of(name, window));
  }

  /** What a descriptor must have; empty when that cannot be said here, which is reported. */
  private Optional<List<Match>> match(ForeignFields fields) {
    Map<String, Match> byKey = new LinkedHashMap<>();
    boolean sound = true;
    for (Value condition : values(fields, "conditions")) {
      sound &= condition(condition, byKey);
    }
    for (Value variable : values(fields, "variables")) {
      String text = ForeignFields.text(variable).orElse("");
      Matcher parts = VARIABLE.matcher(text.strip());
      if (parts.matches()) {
        String key = key(parts);
        byKey.putIfAbsent(key, new Match(key, null));
      } else {
        imports.leftOut(
            variable,
            "the limit: '" + text + "' is no entry of one descriptor",
            "let Envoy send it as an entry, and match its key");
        sound = false;
      }
    }
    return sound ? Optional.of(List.copyOf(byKey.values())) : Optional.empty();
  }

  private boolean condition(Value condition, Map<String, Match> byKey) {
    String text = ForeignFields.text(condition).orElse("");
    Matcher parts = CONDITION.matcher(text.strip());
    if (!parts.matches()) {
      imports.leftOut(
          condition,
          "the limit: '" + text + "' is no comparison of one entry with one value by ==",
          "write a rule for each value that it stands for");
      return false;
    }
    String key = key(parts);
    String value = first(parts, 5, 6, 7);
    try {
      Match entry = new Match(key, value);
      Match before = byKey.putIfAbsent(key, entry);
      if (!value.endsWith("*") && (before == null || before.equals(entry))) {
        return true;
      }
      imports.leftOut(
          condition,
          before == null
              ? "the limit: a value that ends with * stands for all that begin so here"
              : "the limit: '" + key + "' cannot have two values",
          "remove the condition");
    } catch (InvalidLimitException refusal) {
      imports.leftOut(
          condition,
          "the limit: the " + refusal.field() + " " + refusal.detail(),
          value.isEmpty() ? "match each value, by a variable" : "match its beginning with *");
    }
    return false;
  }

  private static String key(Matcher parts) {
    return first(parts, 1, 2, 3, 4);
  }

  private static String first(Matcher parts, int... groups) {
    for (int group : groups) {
      String text = parts.group(group);
      if (text != null) {
        return text;
      }
    }
    return "";
  }

  private static List<Value> values(ForeignFields fields, String name) {
    return fields.get(name).flatMap(list -> list.items("[]")).orElse(List.of());
  }

  private List<NamespaceSpec> specs() {
    List<NamespaceSpec> specs = new ArrayList<>();
    namespaces.forEach((name, namespace) -> {
      overlaps(namespace);
      List<DescriptorSpec> descriptors =
          namespace.rules.values().stream()
              .map(r -> new DescriptorSpec(r.match, List.of(), false, false, false, r.limits))
              .toList();
      specs.add(
          new NamespaceSpec(
              name,
              StoreFailure.LOCAL,
              Headers.DRAFT,
              namespace.own,
              List.of(),
              List.of(),
              descriptors,
              NegativeHits.PEEK,
              NamespaceSpec.USUAL_IDENTITY));
    });
    return specs;
  }

  /** Of the rules that match a descriptor all count there, and only the most specific here. */
  private void overlaps(Namespace namespace) {
    Map<String, List<Rule>> byKeys =
        namespace.rules.values().stream().collect(Collectors.groupingBy(Rule::keys));
    for (Rule rule : namespace.rules.values()) {
      Stream<Rule> wider =
          byKeys.getOrDefault(rule.keys(), List.of()).stream()
              .filter(other -> !other.match.equals(rule.match) && other.covers(rule));
      wider
          .findFirst()
          .ifPresent(other ->
              imports.leftOut(
                  rule.at,
                  "the limit of line "
                      + other.at.at().line()
                      + " holds there too, and here only this more specific one",
                  "add limits like those of '"
                      + other.limits.getFirst().name()
                      + "' to its rule, with names of their own"));
    }
  }
}
