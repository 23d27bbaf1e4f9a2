package io.tollgate.server.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  private static final List<String> KNOWN =
      List.of("limit", "burst", "algorithm", "max_delay", "Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "limti, limit",
    "brust, burst",
    "algoritm, algorithm",
    "maxdelay, max_delay",
    "LIMIT, limit",
    "europe/berln, Europe/Berlin",
  })
  void aTypoFindsWhatWasMeant(String word, String meant) {
    assertEquals(Optional.of(meant), NearestName.of(word, KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"colour", "x", "''", "limit-of-everything"})
  void whatIsFarFromAllFindsNothing(String word) {
    assertEquals(Optional.empty(), NearestName.of(word, KNOWN));
  }

  @Test
  void ofEquallyNearNamesTheFirstInOrderIsTaken() {
    assertEquals(Optional.of("aab"), NearestName.of("aaa", List.of("aac", "aab")));
  }

  @Test
  void aHugeWordIsNotCompared() {
    assertEquals(Optional.empty(), NearestName.of("a".repeat(65), List.of("a".repeat(65))));
  }

  @ParameterizedTest
  @CsvSource({"'', '', 0", "ab, ba, 1", "ab, '', 2", "kitten, sitting, 3", "ca, abc, 3"})
  void distanceCountsEditsOfOneLetterAndSwapsOfNeighbours(String a, String b, int distance) {
    assertEquals(distance, NearestName.distance(a, b));
    assertEquals(distance, NearestName.distance(b, a));
  }
}
