package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.DescriptorSpec.Match;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.check.RateUnit;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a configuration of Envoy's rate limit service: one domain with nested descriptors. */
final class EnvoyImport {

  private static final long MOST_REQUESTS = (1L << 32) - 1;
  private static final String EXAMPLE = "{key: remote_address, rate_limit: {…}}";
  static final List<String> DESCRIPTOR =
      List.of(
          "key",
          "value",
          "rate_limit",
          "descriptors",
          "shadow_mode",
          "detailed_metric",
          "value_to_metric",
          "share_threshold",
          "quota_mode");
  static final List<String> RATE_LIMIT =
      List.of("unit", "requests_per_unit", "unlimited", "name", "replaces");

  /**
   * Where in the tree a descriptor stands.
   *
   * @param shared whether a value's beginning is counted together
   * @param open whether a value is left open that counts apart
   */
  private record Place(List<Match> match, boolean shared, boolean open) {

    Place then(Match entry, boolean together) {
      String value = entry.value();
      List<Match> longer = new ArrayList<>(match);
      longer.add(entry);
      boolean beginning = value != null && value.endsWith("*");
      return new Place(
          longer,
          shared || (beginning && together),
          open || value == null || (beginning && !together));
    }
  }

  /** A rule whose replaced names are still those of the other configuration. */
  private record Rule(DescriptorSpec spec, List<Value> replaces) {}

  private final Imports imports;
  private final LimitNames names = new LimitNames();
  private final Map<List<Match>, Rule> rules = new LinkedHashMap<>();
  private final Map<String, Set<String>> ownNames = new HashMap<>();
  private final Set<String> uncounted = new HashSet<>();

  private EnvoyImport(Imports imports) {
    this.imports = imports;
  }

  static List<NamespaceSpec> read(Value root, Imports imports) {
    return ForeignFields.of(root, List.of("domain", "descriptors"), "domain: edge", imports)
        .flatMap(file -> new EnvoyImport(imports).namespace(file))
        .map(List::of)
        .orElse(List.of());
  }

  private Optional<NamespaceSpec> namespace(ForeignFields file) {
    Optional<Value> domain = file.require("domain", "the domain, such as domain: edge");
    Optional<String> name = domain.flatMap(ForeignFields::text);
    if (name.isPresent() && !Limit.NAME.matcher(name.get()).matches()) {
      domain
          .orElseThrow()
          .invalid(
              domain.orElseThrow().shown() + " cannot be a namespace",
              "rename it here and in Envoy: 1 to 128 of A-Z a-z 0-9 . _ : -");
      return Optional.empty();
    }
    file.get("descriptors")
        .ifPresent(list -> descriptors(list, new Place(List.of(), false, false)));
    List<DescriptorSpec> specs = rules.values().stream().map(this::resolved).toList();
    return name.map(n ->
        new NamespaceSpec(
            n,
            StoreFailure.LOCAL,
            Headers.DRAFT,
            List.of(),
            List.of(),
            List.of(),
            specs,
            NegativeHits.PEEK,
            NamespaceSpec.USUAL_IDENTITY));
  }

  private void descriptors(Value list, Place parent) {
    Set<Match> beginnings = new LinkedHashSet<>();
    for (Value value : list.items("[" + EXAMPLE + "]").orElse(List.of())) {
      ForeignFields.of(value, DESCRIPTOR, EXAMPLE, imports)
          .ifPresent(fields -> descriptor(fields, parent, beginnings));
    }
  }

  private void descriptor(ForeignFields fields, Place parent, Set<Match> beginnings) {
    Optional<Match> entry = entry(fields);
    if (entry.isEmpty()) {
      return;
    }
    hidden(fields, entry.get(), beginnings);
    for (String field : List.of("value_to_metric", "quota_mode")) {
      if (fields.flag(field)) {
        String fix = field.equals("quota_mode") ? "remove it" : "use metrics: detailed";
        imports.leftOut(fields.get(field).orElseThrow(), "there is nothing like it here", fix);
      }
    }
    Place place = parent.then(entry.get(), fields.flag("share_threshold"));
    Optional<Value> below = fields.get("descriptors");
    Optional<Value> limit = fields.get("rate_limit");
    if (limit.isPresent()) {
      ForeignFields.of(limit.get(), RATE_LIMIT, "{unit: minute, requests_per_unit: 5}", imports)
          .ifPresent(numbers -> rule(fields, numbers, place));
    } else if (below.isEmpty()) {
      add(fields, spec(fields, place, List.of()), List.of());
    }
    below.ifPresent(list -> descriptors(list, place));
  }

  private Optional<Match> entry(ForeignFields fields) {
    Optional<String> key =
        fields.require("key", "key: remote_address").flatMap(ForeignFields::text);
    Optional<String> value = fields.text("value").filter(text -> !text.isEmpty());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    if (value.isEmpty() && key.get().endsWith("*")) {
      imports.leftOut(
          fields.owner(),
          "a key that ends with * stands for all that begin so there",
          "write a rule for each key");
      return Optional.empty();
    }
    try {
      return Optional.of(new Match(key.get(), value.orElse(null)));
    } catch (InvalidLimitException refusal) {
      imports.leftOut(
          fields.owner(), refusal.field() + " " + refusal.detail(), "match its beginning with *");
      return Optional.empty();
    }
  }

  /** There the first beginning that fits counts, here the longest. */
  private void hidden(ForeignFields fields, Match entry, Set<Match> beginnings) {
    String value = entry.value();
    if (value == null || !value.endsWith("*") || !beginnings.add(entry)) {
      return;
    }
    for (Match before : beginnings) {
      String shorter = String.valueOf(before.value());
      if (!before.equals(entry)
          && before.key().equals(entry.key())
          && value.startsWith(shorter.substring(0, shorter.length() - 1))) {
        imports.leftOut(
            fields.owner(),
            "'" + shorter + "' above it counts first there, but here the longer beginning does",
            "remove this rule from the limits file if it never counted");
        break;
      }
    }
  }

  private void rule(ForeignFields fields, ForeignFields numbers, Place place) {
    List<Value> replaces = replaces(numbers);
    Optional<String> name = numbers.text("name").filter(text -> !text.isEmpty());
    if (numbers.flag("unlimited")) {
      name.ifPresent(uncounted::add);
      add(fields, spec(fields, place, List.of()), replaces);
      return;
    }
    OptionalLong requests = numbers.wholeNumber("requests_per_unit", MOST_REQUESTS);
    Optional<RateUnit> unit = unit(numbers);
    if (unit.isEmpty()) {
      return;
    }
    if (requests.orElse(0) == 0) {
      name.ifPresent(uncounted::add);
      imports.leftOut(
          numbers.get("requests_per_unit").orElse(numbers.owner()),
          "0 denies everything, which no limit here does",
          "let Envoy refuse it by a route or its RBAC filter");
      return;
    }
    if (place.shared && place.open) {
      name.ifPresent(uncounted::add);
      imports.leftOut(
          fields.owner(),
          "share_threshold beside an entry whose values count apart",
          "let Envoy send the shared entry in a descriptor of its own");
      return;
    }
    String made = names.make(name.orElseGet(() -> text(place)));
    LimitSpec limit = limit(made, requests.getAsLong(), unit.get(), place.shared);
    if (add(fields, spec(fields, place, List.of(limit)), replaces)) {
      name.ifPresent(n -> ownNames.computeIfAbsent(n, _ -> new LinkedHashSet<>()).add(made));
    }
  }

  private static LimitSpec limit(String name, long requests, RateUnit unit, boolean together) {
    Algorithm window =
        new Algorithm.FixedWindow(
            requests, new Period.Span(unit.periodMicros()), new Alignment.Epoch());
    LimitSpec.Per per = together ? LimitSpec.Per.NAMESPACE : LimitSpec.Per.IDENTIFIER;
    return new LimitSpec(name, window, false, per, Map.of());
  }

  private static String text(Place place) {
    StringBuilder text = new StringBuilder();
    for (Match entry : place.match) {
      @Nullable String value = entry.value();
      text.append(text.isEmpty() ? "" : ".").append(entry.key());
      text.append(value == null ? "" : "_" + value);
    }
    return text.toString();
  }

  private static Optional<RateUnit> unit(ForeignFields numbers) {
    Optional<Value> value = numbers.require("unit", "unit: minute");
    Optional<String> text = value.flatMap(ForeignFields::text);
    for (RateUnit unit : RateUnit.values()) {
      if (text.isPresent() && unit.name().equals(text.get().toUpperCase(Locale.ROOT))) {
        return Optional.of(unit);
      }
    }
    text.ifPresent(_ ->
        value
            .orElseThrow()
            .invalid(
                value.orElseThrow().shown() + " is not a unit",
                "write second, minute, hour, day, week, month or year"));
    return Optional.empty();
  }

  private List<Value> replaces(ForeignFields numbers) {
    return Imports.each(
        numbers.get("replaces").flatMap(list -> list.items("[{name: another}]")),
        item ->
            ForeignFields.of(item, List.of("name"), "{name: another}", imports)
                .flatMap(fields -> fields.require("name", "the name of a rate_limit"))
                .filter(name -> ForeignFields.text(name).isPresent()));
  }

  private DescriptorSpec spec(ForeignFields fields, Place place, List<LimitSpec> limits) {
    boolean unlimited = limits.isEmpty();
    boolean shadow = fields.flag("shadow_mode") && !unlimited;
    return new DescriptorSpec(
        place.match, List.of(), unlimited, shadow, fields.flag("detailed_metric"), limits);
  }

  private boolean add(ForeignFields fields, DescriptorSpec spec, List<Value> replaces) {
    if (rules.putIfAbsent(spec.match(), new Rule(spec, replaces)) == null) {
      return true;
    }
    imports.leftOut(fields.owner(), "is there twice", "write one rule for it");
    return false;
  }

  private DescriptorSpec resolved(Rule rule) {
    Set<String> replaced = new LinkedHashSet<>();
    for (Value value : rule.replaces) {
      String name = ForeignFields.text(value).orElse("");
      Set<String> own = ownNames.getOrDefault(name, Set.of());
      if (own.isEmpty() && !uncounted.contains(name)) {
        imports.leftOut(value, "no rate_limit of this file has that name", "remove it there");
      }
      replaced.addAll(own);
    }
    DescriptorSpec spec = rule.spec;
    spec.limits().forEach(limit -> replaced.remove(limit.name()));
    return new DescriptorSpec(
        spec.match(),
        List.copyOf(replaced),
        spec.unlimited(),
        spec.shadow(),
        spec.detailed(),
        spec.limits());
  }
}
