package io.tollgate.limiter.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.limit.Realm;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** A hostile request is refused by the name of its field, before it reaches a counter. */
class CheckRequestTest {

  private static final Realm REALM = Realm.live("standalone");

  private static CheckRequest named(String namespace, String identifier) {
    return CheckRequest.of(REALM, namespace, identifier, 1);
  }

  private static CheckRequest with(
      @Nullable String endpoint, Map<String, String> attributes, @Nullable String key) {
    return new CheckRequest(REALM, "u", "n", "u", 1, endpoint, attributes, key);
  }

  private static void refused(String field, Executable request) {
    assertEquals(field, assertThrows(InvalidRequestException.class, request).field());
  }

  @Example
  void identifierHasOneTo512BytesOfUtf8WithoutNul() {
    assertDoesNotThrow(() -> named("n", "x".repeat(512)));
    assertDoesNotThrow(() -> named("n", "é".repeat(256)));
    assertDoesNotThrow(() -> named("n", "😀".repeat(128)));
    for (String bad :
        new String[] {
          "",
          "x".repeat(513),
          "é".repeat(256) + "x",
          "€".repeat(171),
          "😀".repeat(128) + "x",
          "x".repeat(10_240),
          "a\0b",
          "\0",
          "a\ud800",
          "\ud800a",
          "\udc00",
          "\udc00\ud800"
        }) {
      refused("identifier", () -> named("n", bad));
    }
  }

  @Property
  void everyTextIsCountedInItsBytes(@ForAll String text) {
    boolean valid = StandardCharsets.UTF_8.newEncoder().canEncode(text);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (valid && text.indexOf(0) < 0 && bytes >= 1 && bytes <= 512) {
      assertEquals(text, named("n", text).identifier(), "neither trimmed nor normalised");
    } else {
      refused("identifier", () -> named("n", text));
    }
  }

  @Example
  void ownerIsBoundedAsTheIdentifierIs() {
    refused("owner", () -> new CheckRequest(REALM, "", "n", "u", 1, null, Map.of(), null));
    refused("owner", () -> new CheckRequest(REALM, "a\0", "n", "u", 1, null, Map.of(), null));
  }

  @Example
  void namespaceIsAName() {
    assertDoesNotThrow(() -> named("Az09._:-" + "x".repeat(120), "u"));
    for (String bad :
        new String[] {"", "x".repeat(129), "a b", "a/b", "*", "é", "a\n", "ı", "a\0", "😀"}) {
      refused("namespace", () -> named(bad, "u"));
    }
  }

  @Example
  void costIsFromNothingToTheEdgeOfWhatIsExact() {
    for (long good : new long[] {0, 1, Exact.MAX}) {
      assertEquals(good, CheckRequest.of(REALM, "n", "u", good).cost());
    }
    for (long bad : new long[] {-1, Exact.MAX + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      refused("cost", () -> CheckRequest.of(REALM, "n", "u", bad));
    }
  }

  @Example
  void endpointAttributesAndKeyAreBounded() {
    assertDoesNotThrow(() -> with("x".repeat(1_024), attributes(8), "k".repeat(255)));
    assertDoesNotThrow(() -> with(null, Map.of("a", ""), null));
    refused("endpoint", () -> with("x".repeat(1_025), Map.of(), null));
    refused("endpoint", () -> with("", Map.of(), null));
    refused("attributes", () -> with(null, attributes(9), null));
    refused("attributes", () -> with(null, Map.of("", "x"), null));
    refused("attributes", () -> with(null, Map.of("x".repeat(65), "x"), null));
    refused("attributes", () -> with(null, Map.of("x", "x".repeat(65)), null));
    refused("attributes", () -> with(null, Map.of("x", "\0"), null));
    refused("idempotency_key", () -> with(null, Map.of(), ""));
    refused("idempotency_key", () -> with(null, Map.of(), "k".repeat(256)));
  }

  private static Map<String, String> attributes(int count) {
    return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "a" + i, _ -> "b"));
  }
}
