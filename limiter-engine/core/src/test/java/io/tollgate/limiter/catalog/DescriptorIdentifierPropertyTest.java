package io.tollgate.limiter.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.limit.Realm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Two descriptors share a counter only if they are one. */
class DescriptorIdentifierPropertyTest {

  private static final Realm REALM = Realm.live("standalone");

  /** Separators, escapes, and what escapes are made of. */
  private static final char[] ALPHABET = {'a', '=', ';', '%', '2', '5', '3', 'B', 'D', '0', '\0'};

  @Provide
  Arbitrary<List<DescriptorEntry>> descriptors() {
    Arbitrary<String> keys =
        Arbitraries.strings().withChars(ALPHABET).ofMinLength(1).ofMaxLength(4);
    Arbitrary<String> values = Arbitraries.strings().withChars(ALPHABET).ofMaxLength(5);
    return Combinators.combine(keys, values)
        .as(DescriptorEntry::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property
  void differentDescriptorsNeverHaveOneIdentifier(
      @ForAll("descriptors") List<DescriptorEntry> one,
      @ForAll("descriptors") List<DescriptorEntry> other) {
    if (one.equals(other)) {
      assertEquals(DescriptorIdentifier.of(one), DescriptorIdentifier.of(other));
    } else {
      assertNotEquals(DescriptorIdentifier.of(one), DescriptorIdentifier.of(other));
    }
    assertNotEquals(DescriptorIdentifier.of(one), DescriptorIdentifier.inline(other));
    assertNotEquals(DescriptorIdentifier.of(one), DescriptorIdentifier.inline(one));
  }

  @Property
  void identifierTellsWhatItsDescriptorWas(@ForAll("descriptors") List<DescriptorEntry> entries) {
    assertEquals(
        Optional.of(entries), DescriptorIdentifier.parse(DescriptorIdentifier.of(entries)));
    assertEquals(
        Optional.empty(), DescriptorIdentifier.parse(DescriptorIdentifier.inline(entries)));
  }

  @Example
  void allShortDescriptorsHaveIdentifiersOfTheirOwn() {
    Map<String, List<DescriptorEntry>> seen = new HashMap<>();
    List<String> texts = new ArrayList<>(List.of(""));
    for (int from = 0, length = 1; length <= 2; length++) {
      int to = texts.size();
      for (int i = from; i < to; i++) {
        for (char c : new char[] {'a', '=', ';', '%', '3'}) {
          texts.add(texts.get(i) + c);
        }
      }
      from = to;
    }
    List<DescriptorEntry> entries = new ArrayList<>();
    for (String key : texts) {
      texts.stream()
          .filter(_ -> !key.isEmpty())
          .map(v -> new DescriptorEntry(key, v))
          .forEach(entries::add);
    }
    for (DescriptorEntry first : entries) {
      seen.put(DescriptorIdentifier.of(List.of(first)), List.of(first));
      for (DescriptorEntry second : entries) {
        List<DescriptorEntry> both = List.of(first, second);
        var before = seen.put(DescriptorIdentifier.of(both), both);
        assertTrue(before == null, () -> both + " and " + before);
      }
    }
    assertEquals(entries.size() * (entries.size() + 1), seen.size());
  }

  @Property
  void whatIsTooLongIsHashedAndStillToldApart(
      @ForAll("descriptors") List<DescriptorEntry> one,
      @ForAll("descriptors") List<DescriptorEntry> other) {
    String filler = "é😀".repeat(120);
    String first = DescriptorIdentifier.of(with(filler, one));
    String second = DescriptorIdentifier.of(with(filler, other));
    assertEquals(one.equals(other), first.equals(second));
    assertTrue(first.startsWith("path=é😀"), first);
    assertTrue(first.matches("(?s).*%sha256:[0-9a-f]{64}"), first);
    assertNotEquals(first, DescriptorIdentifier.inline(with(filler, one)));
    assertTrue(bytes(first) > 400 && bytes(first) <= DescriptorIdentifier.MOST_BYTES, first);
    assertEquals(first, CheckRequest.of(REALM, "n", first, 1).identifier());
  }

  private static List<DescriptorEntry> with(String filler, List<DescriptorEntry> entries) {
    List<DescriptorEntry> all = new ArrayList<>(List.of(new DescriptorEntry("path", filler)));
    all.addAll(entries);
    return all;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Example
  void everyLengthFitsACheckAndOnlyWhatIsLongerIsHashed() {
    assertEquals(CheckRequest.MAX_IDENTIFIER_BYTES, DescriptorIdentifier.MOST_BYTES);
    for (String unit : List.of("x", "é", "€", "😀", "%", "\0")) {
      for (int count : new int[] {0, 1, 40, 127, 128, 160, 168, 169, 170, 171, 509, 510, 511}) {
        var entries = List.of(new DescriptorEntry("k", unit.repeat(count)));
        String identifier = DescriptorIdentifier.of(entries);
        int plain = 2 + count * (unit.equals("%") || unit.equals("\0") ? 3 : bytes(unit));
        assertEquals(plain > 512, identifier.contains("%sha256:"), identifier);
        assertEquals(identifier, CheckRequest.of(REALM, "n", identifier, 1).identifier());
        String inline = DescriptorIdentifier.inline(entries);
        assertEquals(inline, CheckRequest.of(REALM, "n", inline, 1).identifier());
      }
    }
  }

  @Example
  void identifierReadsLikeTheDescriptor() {
    assertEquals(
        "path=/login?a=1;remote_address=10.0.0.1",
        DescriptorIdentifier.of(
            List.of(
                new DescriptorEntry("path", "/login?a=1"),
                new DescriptorEntry("remote_address", "10.0.0.1"))));
    for (String none :
        new String[] {"user_1", "", "=", ";", "a=b;", "a=%", "a=%3b", "=a", "a=%3D"}) {
      assertEquals(Optional.empty(), DescriptorIdentifier.parse(none), none);
    }
  }
}
