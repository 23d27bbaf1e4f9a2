package io.tollgate.limiter.check;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.catalog.Subject;
import io.tollgate.limiter.limit.Realm;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question: may this pass?
 *
 * @param realm what isolates the counters
 * @param owner whose state changes in one step; in a standalone server the identifier
 * @param namespace 1 to 128 of {@code [A-Za-z0-9._:-]}
 * @param identifier who is limited: 1 to 512 bytes of UTF-8, compared as bytes, without NUL
 * @param cost units, 0 … 2^53 − 1; 0 peeks: it writes nothing and is never denied
 * @param endpoint method and path, at most 1,024 bytes; null when not said
 * @param attributes at most 8, names and values at most 64 bytes each
 * @param idempotencyKey a repeated question under it within 60 s gets the first answer; 1 to 255
 *     bytes, or null
 */
public record CheckRequest(
    Realm realm,
    String owner,
    String namespace,
    String identifier,
    long cost,
    @Nullable String endpoint,
    Map<String, String> attributes,
    @Nullable String idempotencyKey)
    implements Subject {

  /** The longest identifier, in bytes of UTF-8. */
  public static final int MAX_IDENTIFIER_BYTES = 512;

  private static final int MAX_NAMESPACE_LENGTH = 128;
  private static final int MAX_ENDPOINT_BYTES = 1_024;
  private static final int MAX_ATTRIBUTES = 8;
  private static final int MAX_ATTRIBUTE_BYTES = 64;
  private static final int MAX_IDEMPOTENCY_KEY_BYTES = 255;

  /** Validates every bound. */
  public CheckRequest {
    requireText("identifier", identifier, MAX_IDENTIFIER_BYTES);
    if (!owner.equals(identifier)) {
      requireText("owner", owner, MAX_IDENTIFIER_BYTES);
    }
    requireNamespace(namespace);
    if (cost < 0 || cost > Exact.MAX) {
      throw new InvalidRequestException(
          "cost", cost + " is out of bounds", "use a whole number from 0 to " + Exact.MAX);
    }
    if (endpoint != null) {
      requireText("endpoint", endpoint, MAX_ENDPOINT_BYTES);
    }
    if (idempotencyKey != null) {
      requireText("idempotency_key", idempotencyKey, MAX_IDEMPOTENCY_KEY_BYTES);
    }
    requireAttributes(attributes);
    attributes = Map.copyOf(attributes);
  }

  /** A question to a standalone server, where the identifier owns itself. */
  public static CheckRequest of(Realm realm, String namespace, String identifier, long cost) {
    return new CheckRequest(realm, identifier, namespace, identifier, cost, null, Map.of(), null);
  }

  private static void requireAttributes(Map<String, String> attributes) {
    // Most checks have none; going through an empty map was 6 % of the samples of a profile.
    if (attributes.isEmpty()) {
      return;
    }
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw new InvalidRequestException(
          "attributes",
          attributes.size() + " attributes are too many",
          "send at most " + MAX_ATTRIBUTES);
    }
    attributes.forEach((name, value) -> {
      requireText("attributes", name, MAX_ATTRIBUTE_BYTES);
      if (!value.isEmpty()) {
        requireText("attributes", value, MAX_ATTRIBUTE_BYTES);
      }
    });
  }

  private static void requireNamespace(String namespace) {
    int length = namespace.length();
    boolean named = length > 0 && length <= MAX_NAMESPACE_LENGTH;
    for (int i = 0; named && i < length; i++) {
      named = isNamePart(namespace.charAt(i));
    }
    if (!named) {
      throw new InvalidRequestException(
          "namespace",
          length == 0 ? "is empty" : "is not a name",
          "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
  }

  private static boolean isNamePart(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    boolean digit = c >= '0' && c <= '9';
    return letter || digit || c == '.' || c == '_' || c == ':' || c == '-';
  }

  private static void requireText(String field, String text, int maxBytes) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidRequestException(field, "contains NUL", "remove it");
      }
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else {
        i = requirePair(field, text, i);
        bytes += 4;
      }
    }
    if (bytes == 0) {
      throw new InvalidRequestException(field, "is empty", "send 1 to " + maxBytes + " bytes");
    }
    if (bytes > maxBytes) {
      throw new InvalidRequestException(
          field, "has " + bytes + " bytes", "send at most " + maxBytes);
    }
  }

  private static int requirePair(String field, String text, int i) {
    boolean pair =
        Character.isHighSurrogate(text.charAt(i))
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
    if (!pair) {
      throw new InvalidRequestException(
          field, "contains half of a surrogate pair", "send valid Unicode");
    }
    return i + 1;
  }
}
