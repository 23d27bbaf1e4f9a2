package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of some descriptors, as configured.
 *
 * @param match what a descriptor must have, in this order and no more; 1 to 16
 * @param replaces limits that are left out of a request in which this matches; at most 100
 * @param unlimited whether what matches passes without being counted
 * @param shadow whether its limits only watch
 * @param detailed whether metrics tell each value apart that the match leaves open
 * @param limits what applies beside the namespace's limits; none only where it is unlimited
 */
public record DescriptorSpec(
    List<Match> match,
    List<String> replaces,
    boolean unlimited,
    boolean shadow,
    boolean detailed,
    List<LimitSpec> limits) {

  /** Deeper configurations of Envoy's service are not known; it bounds the tree. */
  static final int MOST_ENTRIES = 16;

  private static final int MOST_REPLACED = 100;

  /** Longer keys and values still count, but can only be matched by their beginning. */
  private static final int MOST_BYTES = 1_024;

  /**
   * What one entry of a descriptor must be.
   *
   * @param key exactly this key
   * @param value exactly this value; with {@code *} at its end each that begins so; null: each.
   *     Whatever the value matches, each counts apart
   */
  public record Match(String key, @Nullable String value) {

    /** Validates the lengths. */
    public Match {
      requireBytes("key", key);
      if (value != null) {
        requireBytes("value", value);
      }
    }

    private static void requireBytes(String field, String text) {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > MOST_BYTES) {
        throw new InvalidLimitException(
            field,
            "has " + bytes + " bytes",
            "use 1 to " + MOST_BYTES + (field.equals("value") ? ", or none to match each" : ""));
      }
    }
  }

  /** Validates the bounds, and that the limits are such as a proxy can obey. */
  public DescriptorSpec {
    match = List.copyOf(match);
    replaces = List.copyOf(replaces);
    limits = List.copyOf(limits);
    if (match.isEmpty() || match.size() > MOST_ENTRIES) {
      throw new InvalidLimitException(
          "match", "has " + match.size() + " entries", "use 1 to " + MOST_ENTRIES);
    }
    if (replaces.size() > MOST_REPLACED) {
      throw new InvalidLimitException(
          "replaces", replaces.size() + " names are too many", "use at most " + MOST_REPLACED);
    }
    if (unlimited != limits.isEmpty()) {
      throw new InvalidLimitException(
          "limits",
          unlimited ? "never count beside unlimited: true" : "are none",
          unlimited ? "remove one of the two" : "add limits, or unlimited: true");
    }
    for (LimitSpec limit : limits) {
      requireObeyed(limit);
      if (replaces.contains(limit.name())) {
        throw new InvalidLimitException(
            "replaces", "'" + limit.name() + "' is a limit of its own", "remove one of the two");
      }
    }
  }

  private static void requireObeyed(LimitSpec limit) {
    String name = "'" + limit.name() + "' ";
    if (limit.algorithm() instanceof Algorithm.Concurrency) {
      throw new InvalidLimitException(
          "limits", name + "counts leases, which Envoy does not take", "use another algorithm");
    }
    if (limit.algorithm().queues()) {
      throw new InvalidLimitException(
          "limits", name + "delays, which Envoy cannot", "use mode: meter, or another algorithm");
    }
    if (!limit.when().isEmpty()) {
      throw new InvalidLimitException(
          "limits", name + "has a when, but descriptors have no attributes", "match an entry");
    }
  }

  /** The match as messages and metrics show it: {@code path=/login;remote_address}. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Match entry : match) {
      if (!text.isEmpty()) {
        text.append(';');
      }
      DescriptorIdentifier.escape(text, entry.key(), true);
      String value = entry.value();
      if (value != null) {
        DescriptorIdentifier.escape(text.append('='), value, false);
      }
    }
    return text.toString();
  }
}
