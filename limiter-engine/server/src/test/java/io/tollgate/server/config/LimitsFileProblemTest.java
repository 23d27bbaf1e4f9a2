package io.tollgate.server.config;

import static io.tollgate.server.config.Yaml.limit;
import static io.tollgate.server.config.Yaml.namespace;
import static io.tollgate.server.config.Yaml.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader says of a bad file: where, what, and what to write instead. */
class LimitsFileProblemTest {

  private static final String M = "{name: m, algorithm: gcra, limit: 1, period: 1m}";
  private static final String W = "{name: w, algorithm: fixed_window, limit: 1, period: 1m}";

  static Stream<Arguments> badLimits() {
    return Cases.read("/limits/bad-limits.txt");
  }

  static Stream<Arguments> badNamespaces() {
    return Cases.read("/limits/bad-namespaces.txt");
  }

  static Stream<Arguments> badFiles() {
    return Cases.read("/limits/bad-files.txt");
  }

  @ParameterizedTest
  @MethodSource("badLimits")
  void aBadLimitIsRefusedWithItsPlaceAndAFix(String limit, List<String> expected) {
    assertEquals(expected, inLine3(problems(limit("{name: a, " + limit + "}"))));
  }

  @ParameterizedTest
  @MethodSource("badNamespaces")
  void aBadNamespaceIsRefusedWithItsPlaceAndAFix(String namespace, List<String> expected) {
    String text = namespace.replaceAll("\\bM\\b", M).replaceAll("\\bW\\b", W);
    assertEquals(expected, inLine3(problems(namespace("{" + text + "}"))));
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void aBadFileIsRefusedWithItsPlaceAndAFix(String file, List<String> expected) {
    List<String> problems = problems(file.translateEscapes());
    assertEquals(
        expected, problems.stream().map(p -> p.replaceFirst("limits.yaml: ?", "")).toList());
  }

  /** Without the file's name and line, which are the same for all. */
  private static List<String> inLine3(List<String> problems) {
    return problems.stream().map(p -> p.replace("limits.yaml:3:", "")).toList();
  }

  @Test
  void allProblemsOfAFileAreReportedInItsOrder() {
    String yaml =
        """
        version: 2
        namespaces:
          a:
            limits:
              - {name: m, algorithm: gcra, limit: 0, period: 1m}
              - {name: m, algorithm: gcra, limit: 1, period: 1x}
          b c: {limits: []}
          d:
            header: none
            limits:
              - {name: n, algorithm: gcra, limit: 1, period: 1m, allotment: {max: 2}}
        """;
    assertEquals(
        List.of("1:10", "5:43", "6:16", "6:54", "7:3", "9:5", "11:69"),
        problems(yaml).stream()
            .map(p -> p.replaceFirst("limits.yaml:", "").replaceFirst(": .*", ""))
            .toList());
  }

  @Test
  void moreProblemsThanAnybodyReadsAreCounted() {
    String limits =
        IntStream.range(0, 60)
            .mapToObj(i -> "{name: m" + i + ", algorithm: gcra, limit: 0, period: 1m}")
            .collect(Collectors.joining(", "));
    ConfigException e =
        assertThrows(ConfigException.class, () -> LimitsFile.parse("f", limit(limits)));
    assertEquals(50, e.problems().size());
    assertEquals(10, e.further());
    assertTrue(e.getMessage().endsWith("\nf: and 10 further problems"), e.getMessage());
  }

  @Test
  void aProblemKnowsItsPointer() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                LimitsFile.parse(
                    "f",
                    namespace(
                        "{limits: [{name: a, algorithm: concurrency, limit: 1, lease_ttl: 1x,"
                            + " adaptive: vegas}],"
                            + " \"a/b~c\": 1}")));
    assertEquals(
        List.of(
            "/namespaces/n/limits/0/lease_ttl",
            "/namespaces/n/limits/0/adaptive",
            "/namespaces/n/a~1b~0c"),
        e.problems().stream().map(ConfigProblem::pointer).toList());
  }

  @Test
  void aProblemBehindAnAliasIsReportedOnce() {
    String yaml =
        """
        version: 1
        namespaces:
          a: {limits: &common [{name: m, algorithm: gcra, limit: 0, period: 1m}]}
          b: {limits: *common}
        """;
    assertEquals(1, problems(yaml).size());
  }

  @Test
  void aBillionLaughsAreRefusedBeforeAnyIsRead() {
    StringBuilder yaml = new StringBuilder("version: 1\nl0: &l0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*l" + (i - 1);
      yaml.append("l%d: &l%d [%s%s]%n".formatted(i, i, alias, (", " + alias).repeat(8)));
    }
    assertEquals(
        List.of("limits.yaml:8:10: has more than 1000000 values; split it over several servers"),
        problems(yaml.toString()));
  }

  @Test
  void moreAliasesThanAnybodyWritesAreRefused() {
    String yaml = "version: &v 1\nx: [*v" + ", *v".repeat(100) + "]\n";
    assertEquals(
        List.of("limits.yaml:2:405: has more than 100 aliases; write the values out"),
        problems(yaml));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "- ", "[a, ", "{a: "})
  void nestingIsBoundedWhateverItsDepth(String opening) {
    assertEquals(
        "is nested deeper than 32; see the example in the documentation",
        problems("\n" + opening.repeat(200)).getFirst().replaceFirst(".*: ", ""));
    assertEquals(1, problems("\n" + opening.repeat(1_000_000)).size());
  }

  @Test
  void aLineThatTheParserWouldTakeLongForIsRefused() {
    String line = "#".repeat(256 * 1024);
    assertEquals(
        List.of("limits.yaml:2:1: is a line of more than 262144 characters; break it"),
        problems("\n" + line + "#\n"));
    assertEquals(
        List.of("limits.yaml: is empty; begin with the line 'version: 1'"), problems(line + "\n"));
  }

  @Test
  void aFileThatIsNotUtf8IsRefusedWithItsPlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, "version: 1\n# M\u00fcnchen\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(file + ":2:4: byte 0xFC is not UTF-8; save the file as UTF-8", refusalOf(file));
  }

  @Test
  void aFileThatEndsInsideOfACharacterIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("cut.yaml");
    Files.write(file, new byte[] {'#', (byte) 0xE2, (byte) 0x82});
    assertEquals(file + ":1:2: byte 0xE2 is not UTF-8; save the file as UTF-8", refusalOf(file));
  }

  @Test
  void aFileThatIsTooLargeIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.yaml");
    Files.writeString(file, "#\n".repeat(4 << 20) + "#");
    assertEquals(file + ": is larger than 8388608 bytes; write fewer overrides", refusalOf(file));
    Files.writeString(file, "#\n".repeat(4 << 20));
    assertEquals(file + ": is empty; begin with the line 'version: 1'", refusalOf(file));
  }

  @Test
  void aFileThatCannotBeReadIsRefused(@TempDir Path folder) {
    Path missing = folder.resolve("missing.yaml");
    assertEquals(
        missing + ": there is no such file; give the path of a limits file", refusalOf(missing));
    assertEquals(
        folder + ": is a folder; give the path of a limits file that this user may read",
        refusalOf(folder));
  }

  private static String refusalOf(Path file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> LimitsFile.read(file)).getMessage());
  }
}
