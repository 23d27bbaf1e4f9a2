package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.catalog.DescriptorEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that Envoy asks about in a request.
 *
 * @param entries what is known of it, in the order of the proxy's actions, which counts; at least
 *     one and at most {@value #MOST_ENTRIES}, with keys that are not empty
 * @param cost units, 0 … 2^53 − 1; 0 peeks
 * @param inline a limit that holds in place of the configured ones; null: those hold
 */
public record Descriptor(List<DescriptorEntry> entries, long cost, @Nullable InlineLimit inline) {

  /** Far above what a proxy's actions make; each costs time. */
  public static final int MOST_ENTRIES = 1_000;

  /** Validates every bound. */
  public Descriptor {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
      throw new InvalidRequestException(
          "descriptors.entries",
          "has " + entries.size() + " entries",
          "send 1 to " + MOST_ENTRIES + " in each descriptor");
    }
    for (DescriptorEntry entry : entries) {
      if (entry.key().isEmpty()) {
        throw new InvalidRequestException("descriptors.entries.key", "is empty", "name each key");
      }
      requireUnicode("descriptors.entries.key", entry.key());
      requireUnicode("descriptors.entries.value", entry.value());
    }
    if (cost < 0 || cost > Exact.MAX) {
      throw new InvalidRequestException(
          "hits_addend", cost + " is out of bounds", "use a whole number from 0 to " + Exact.MAX);
    }
  }

  /** What is asked about when no limit comes along. */
  public static Descriptor of(List<DescriptorEntry> entries, long cost) {
    return new Descriptor(entries, cost, null);
  }

  /** Halves of a pair would all be hashed as one and the same character. */
  private static void requireUnicode(String field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new InvalidRequestException(
            field, "contains half of a surrogate pair", "send valid Unicode");
      }
    }
  }
}
