package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is done to the full example, the reader answers soon, and only with its own words. */
class LimitsFileMutationPropertyTest {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String EXAMPLE = Yaml.fullExample();

  /** What YAML gives a meaning to, and what numbers and names break on. */
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          ",",
          "- ",
          "? ",
          "*",
          "&a ",
          "*a",
          "!",
          "!!map ",
          "|",
          ">",
          "\"",
          "'",
          "#",
          "%",
          "---\n",
          "...\n",
          "\n",
          "\t",
          " ",
          "\u0000",
          "\uFEFF",
          "\u2028",
          "~",
          "null",
          "<<",
          "-1",
          "1e400",
          "9223372036854775808",
          "0.5",
          "month",
          "\\",
          "\uD83D",
          "ğ",
          "unlimited",
          "namespaces:",
          "limits: ",
          "{}",
          "[]");

  @Property
  void changedBytesAreReadOrRefused(@ForAll("changes") List<Change> changes) {
    byte[] bytes = EXAMPLE.getBytes(StandardCharsets.UTF_8);
    for (Change change : changes) {
      bytes[Math.floorMod(change.place, bytes.length)] = (byte) change.with;
    }
    readOrRefuse(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property
  void insertedPiecesAreReadOrRefused(@ForAll("changes") List<Change> changes) {
    StringBuilder text = new StringBuilder(EXAMPLE);
    for (Change change : changes) {
      String piece = PIECES.get(Math.floorMod(change.with, PIECES.size()));
      text.insert(Math.floorMod(change.place, text.length()), piece);
    }
    readOrRefuse(text.toString());
  }

  @Property
  void movedRepeatedAndRemovedLinesAreReadOrRefused(@ForAll("changes") List<Change> changes) {
    List<String> lines = new ArrayList<>(EXAMPLE.lines().toList());
    for (Change change : changes) {
      String line = lines.get(Math.floorMod(change.place, lines.size()));
      switch (Math.floorMod(change.with, 4)) {
        case 0 -> lines.add(Math.floorMod(change.place * 31 + change.with, lines.size()), line);
        case 1 -> lines.set(Math.floorMod(change.with, lines.size()), line);
        case 2 -> lines.add(" ".repeat(Math.floorMod(change.place, 9)) + line.strip());
        default -> lines.set(Math.floorMod(change.place, lines.size()), "");
      }
    }
    readOrRefuse(String.join("\n", lines));
  }

  /**
   * A change of a text.
   *
   * @param place where, modulo the length
   * @param with what with, modulo what there is
   */
  record Change(int place, int with) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 100_000);
    Arbitrary<Integer> withs = Arbitraries.integers().between(0, 255);
    return Combinators.combine(places, withs).as(Change::new).list().ofMinSize(1).ofMaxSize(4);
  }

  /** The example holds what this server cannot enforce, so it never passes as it is. */
  private static void readOrRefuse(String yaml) {
    assertTimeoutPreemptively(
        SOON,
        () -> {
          try {
            LimitsFile.parse("f", yaml);
          } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
            assertFalse(e.getMessage().isBlank());
          }
        });
  }
}
