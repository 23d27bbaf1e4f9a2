package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tollgate.server.Markdown;
import io.tollgate.server.Markdown.Block;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever is done to the examples, the reader answers soon, takes little memory for it, and says
 * only in its own words, with a place and a fix, what is wrong.
 */
class LimitsFileMutationPropertyTest {

  private static final Duration SOON = Duration.ofSeconds(5);

  /** Ten times what the largest file here has needed; a thousand laughs would need more. */
  private static final long MOST_ALLOCATED = 64L << 20;

  /** The full example holds what this server cannot enforce; the others but one are good. */
  private static final List<String> EXAMPLES =
      Stream.concat(
              Stream.of(Yaml.fullExample()),
              Markdown.page("docs/limits-file.md").blocks().stream()
                  .filter(block -> block.language().equals("yaml"))
                  .map(Block::text))
          .toList();

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
          "[]",
          "!!java.lang.Runtime ",
          "%YAML 9.9\n---\n",
          "%TAG ! tag:x,2000:\n",
          "&a [*a]",
          "<<: *a",
          "\uDE00",
          "\uD83D\uDE00",
          "\u0085",
          "\u007f",
          "9".repeat(400),
          "0".repeat(400) + "1",
          "1".repeat(400) + "d",
          "x".repeat(10_000),
          "[".repeat(1_000),
          "{a: ".repeat(1_000),
          "\n" + " ".repeat(1_000) + "- ",
          "- ".repeat(1_000),
          "\n  l0: &l0 [x, x, x, x, x, x, x, x]" + laughs());

  /** Each line is eight of the line before. */
  private static String laughs() {
    return IntStream.range(1, 12)
        .mapToObj(i -> "\n  l%d: &l%d [%s]".formatted(i, i, ("*l" + (i - 1) + ",").repeat(8)))
        .collect(Collectors.joining());
  }

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1.5",
          "9007199254740991",
          "9007199254740992",
          "9223372036854775807",
          "9223372036854775808",
          "1_000",
          "0x10",
          "0o7",
          "1e9",
          "١",
          ".inf",
          ".nan",
          "9".repeat(5_000));

  @Property
  void changedBytesAreReadOrRefused(
      @ForAll("examples") String example, @ForAll("changes") List<Change> changes) {
    byte[] bytes = example.getBytes(StandardCharsets.UTF_8);
    for (Change change : changes) {
      bytes[Math.floorMod(change.place, bytes.length)] = (byte) change.with;
    }
    readOrRefuse(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property
  void insertedPiecesAreReadOrRefused(
      @ForAll("examples") String example, @ForAll("changes") List<Change> changes) {
    StringBuilder text = new StringBuilder(example);
    for (Change change : changes) {
      String piece = PIECES.get(Math.floorMod(change.with, PIECES.size()));
      text.insert(Math.floorMod(change.place, text.length()), piece);
    }
    readOrRefuse(text.toString());
  }

  @Property
  void movedRepeatedAndRemovedLinesAreReadOrRefused(
      @ForAll("examples") String example, @ForAll("changes") List<Change> changes) {
    List<String> lines = new ArrayList<>(example.lines().toList());
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

  @Property
  void otherNumbersAreReadOrRefused(
      @ForAll("examples") String example, @ForAll("changes") List<Change> changes) {
    String text = example;
    for (Change change : changes) {
      List<MatchResult> numbers = NUMBER.matcher(text).results().toList();
      MatchResult one = numbers.get(Math.floorMod(change.place, numbers.size()));
      String other = NUMBERS.get(Math.floorMod(change.with, NUMBERS.size()));
      text = text.substring(0, one.start()) + other + text.substring(one.end());
    }
    readOrRefuse(text);
  }

  @Provide
  Arbitrary<String> examples() {
    return Arbitraries.of(EXAMPLES);
  }

  private static void readOrRefuse(String yaml) {
    assertTimeoutPreemptively(
        SOON,
        () -> {
          ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
          long before = threads.getCurrentThreadAllocatedBytes();
          try {
            LimitsFile.parse("f", yaml);
          } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
            e.problems().forEach(problem -> requireHelpful(problem, yaml));
          }
          long allocated = threads.getCurrentThreadAllocatedBytes() - before;
          assertTrue(allocated < MOST_ALLOCATED, () -> allocated + " bytes were allocated");
        });
  }

  /** Only emptiness has no place. */
  private static void requireHelpful(ConfigProblem problem, String yaml) {
    String text = problem.text("f");
    assertFalse(problem.message().isBlank(), text);
    assertFalse(problem.fix().isBlank(), text);
    assertFalse(text.contains("\n"), text);
    assertTrue(text.length() < 1_000, text);
    long lines = yaml.chars().filter(c -> "\n\r\u0085\u2028\u2029".indexOf(c) >= 0).count() + 1;
    Position at = problem.at();
    boolean inside = at.line() >= 1 && at.line() <= lines && at.column() >= 1;
    boolean nowhere = at.equals(Position.WHOLE_FILE) && problem.message().equals("is empty");
    assertTrue(inside || nowhere, text);
  }
}
