package io.tollgate.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The algorithms by name, each with the fields that it has beside those of every limit. */
enum AlgorithmKind {
  FIXED_WINDOW,
  SLIDING_WINDOW,
  SLIDING_LOG,
  TOKEN_BUCKET,
  GCRA,
  LEAKY_BUCKET,
  CONCURRENCY;

  private static final Map<AlgorithmKind, List<String>> FIELDS =
      Map.of(
          FIXED_WINDOW, List.of("period", "align", "zone"),
          SLIDING_WINDOW, List.of("period"),
          SLIDING_LOG, List.of("period"),
          TOKEN_BUCKET, List.of("period", "burst"),
          GCRA, List.of("period", "burst"),
          LEAKY_BUCKET, List.of("period", "burst", "mode", "max_delay"),
          CONCURRENCY, List.of("lease_ttl", "adaptive", "min_limit"));

  static final Map<String, AlgorithmKind> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(AlgorithmKind::wireName, Function.identity()));

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean has(String field) {
    return fields().contains(field);
  }

  private List<String> fields() {
    return FIELDS.getOrDefault(this, List.of());
  }

  /** The names of all algorithms that have a field, for a message. */
  static String thatHave(String field) {
    return Arrays.stream(values())
        .filter(kind -> kind.has(field))
        .map(AlgorithmKind::wireName)
        .collect(Collectors.joining(" or "));
  }

  /** Every field that only some algorithms have. */
  static List<String> specialFields() {
    return Arrays.stream(values()).flatMap(kind -> kind.fields().stream()).distinct().toList();
  }
}
