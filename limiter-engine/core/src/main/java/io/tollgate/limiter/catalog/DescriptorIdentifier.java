package io.tollgate.limiter.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The identifier under which a descriptor counts: {@code path=/login;remote_address=10.0.0.1}.
 *
 * <p>Two descriptors have one identifier only if they are equal, the order of their entries
 * included. {@code %}, {@code ;} and NUL are written as {@code %25}, {@code %3B} and {@code %00},
 * {@code =} in a key as {@code %3D}. What would be longer than {@value #MOST_BYTES} bytes keeps its
 * beginning, followed by {@code %sha256:} and the SHA-256 of the whole in 64 hex digits: no other
 * identifier has a {@code %s}.
 */
public final class DescriptorIdentifier {

  /** The longest identifier of a check, in bytes of UTF-8. */
  static final int MOST_BYTES = 512;

  /** No entry begins so: what counts under it meets no descriptor's own counters. */
  private static final String INLINE = "%inline;";

  private static final String HASHED = "%sha256:";
  private static final int HASH_BYTES = HASHED.length() + 64;

  private DescriptorIdentifier() {}

  /** The identifier of a descriptor, 1 to 512 bytes. */
  public static String of(List<DescriptorEntry> entries) {
    return bounded(text(entries), MOST_BYTES);
  }

  /** The identifier of what a descriptor counts against a limit that its request brought along. */
  public static String inline(List<DescriptorEntry> entries) {
    return INLINE + bounded(text(entries), MOST_BYTES - INLINE.length());
  }

  /** The descriptor of an identifier; empty when it is none's, or was too long to be kept. */
  static Optional<List<DescriptorEntry>> parse(String identifier) {
    List<DescriptorEntry> entries = new ArrayList<>();
    for (String part : identifier.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      entries.add(
          new DescriptorEntry(
              unescape(part.substring(0, equals)), unescape(part.substring(equals + 1))));
    }
    return text(entries).equals(identifier) ? Optional.of(entries) : Optional.empty();
  }

  private static String text(List<DescriptorEntry> entries) {
    StringBuilder text = new StringBuilder(64);
    for (DescriptorEntry entry : entries) {
      if (!text.isEmpty()) {
        text.append(';');
      }
      escape(text, entry.key(), true);
      escape(text.append('='), entry.value(), false);
    }
    return text.toString();
  }

  /** Writes a key or a value so that no separator stands in it. */
  static void escape(StringBuilder to, String text, boolean key) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '%' -> to.append("%25");
        case ';' -> to.append("%3B");
        case '\0' -> to.append("%00");
        case '=' -> to.append(key ? "%3D" : "=");
        default -> to.append(c);
      }
    }
  }

  private static String unescape(String text) {
    return text.indexOf('%') < 0
        ? text
        : text.replace("%00", "\0").replace("%3B", ";").replace("%3D", "=").replace("%25", "%");
  }

  private static String bounded(String text, int most) {
    // No character needs more than three bytes.
    if (text.length() <= most / 3) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= most ? text : head(bytes, most - HASH_BYTES) + HASHED + sha256(bytes);
  }

  private static String head(byte[] bytes, int length) {
    int end = length;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
