package io.tollgate.server.limits;

import static io.tollgate.server.limits.Bench.all;
import static io.tollgate.server.limits.Bench.json;
import static io.tollgate.server.limits.Bench.unavailable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How namespaces of the API are kept. */
class DataFolderTest {

  private static final String GOOD =
      "{\"version\":1,\"namespaces\":{\n\"a\":" + json(1) + ",\n\"b\":" + json(2) + "\n}}\n";

  @TempDir Path folder;

  private Bench bench;

  @BeforeEach
  void bench() {
    bench = new Bench(folder);
  }

  private Path kept() {
    return bench.data.resolve("namespaces.json");
  }

  private void keep(String text) throws IOException {
    Files.createDirectories(bench.data);
    Files.writeString(kept(), text);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void namespacesSurviveARestartInAFormThatPeopleCanRead() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertFalse(Files.exists(bench.data));
      limits.put("b", json(2));
      limits.put("a", json(1));
      limits.put("c", json(1));
      limits.delete("c");
    }
    assertEquals(GOOD, Files.readString(kept()));
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals("*=100 a=1 b=2", all(limits));
      assertEquals(2, limits.state().apiNamespaces());
      limits.delete("a");
      limits.delete("b");
    }
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals("*=100", all(limits));
    }
  }

  @Test
  void onlyTheUserMayRead() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      limits.put("a", json(1));
      assertEquals("rwx------", permissions(bench.data));
      assertEquals("rw-------", permissions(kept()));
      assertEquals("rw-------", permissions(bench.data.resolve("lock")));
    }
  }

  @Test
  void whatACrashLeftIsRemovedWhetherOrNotAnythingIsKept() throws IOException {
    Path leftover = bench.data.resolve("namespaces.json.tmp");
    Files.createDirectories(bench.data);
    Files.writeString(leftover, GOOD.substring(0, 40));
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertFalse(Files.exists(leftover));
      assertEquals("*=100", all(limits));
    }
    keep(GOOD);
    Files.writeString(leftover, "{");
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertFalse(Files.exists(leftover));
      assertEquals("*=100 a=1 b=2", all(limits));
    }
  }

  @Test
  void theSameAgainIsNotWritten() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      limits.put("a", json(1));
      Files.delete(kept());
      assertEquals(new Change.Written(false, Bench.view("a", 1)), limits.put("a", json(1) + " "));
      assertFalse(Files.exists(kept()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|is empty",
        "{\"version\":1,\"namespaces\":{|is not JSON: line 1: Unexpected end-of-input",
        "{\"version\":1,\"namespaces\":{}|is not JSON: line 1: Unexpected end-of-input",
        "{\"version\":2,\"namespaces\":{}}|has version 2, and this server knows only 1",
        "{\"version\":\"1\",\"namespaces\":{}}|line 1: lacks a whole number at /version",
        "{\"namespaces\":{}}|lacks the field version",
        "{\"version\":1}|lacks the field namespaces",
        "{\"version\":1,\"namespaces\":[]}|line 1: lacks an object at /namespaces",
        "{\"version\":1,\"namespaces\":{\"a\":1}}|line 1: lacks an object at /namespaces/a",
        "{\"version\":1,\"namespaces\":{},\"x\":1}|line 1: lacks its end",
        "{\"version\":1,\"namespaces\":{}} {}|goes on behind its end",
        "[]|line 1: lacks an object",
        "{\"version\":1,\"namespaces\":{\"a\":{\"limits\":[]},\"a\":{\"limits\":[]}}}"
            + "|has the namespace a twice",
        "{\"version\":1,\"namespaces\":{\"a\":{\"limits\":[],\"later\":1}}}"
            + "|is not valid: namespace a:1:14: unknown field 'later'",
      })
  void aFileThatIsNotOursStopsTheStartAndSaysWhatToDo(String text, String why) throws IOException {
    keep(text);
    IOException e = assertThrows(IOException.class, bench::openBuiltIn);
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(kept() + ": " + why), message);
    assertTrue(
        message.endsWith(
            "; restore it from a copy, or move it away to start without the namespaces that were"
                + " made through the API"),
        message);
    assertEquals(text, Files.readString(kept()));
    // What failed has let the folder go.
    keep(GOOD);
    bench.openBuiltIn().close();
    assertEquals(List.of(), bench.told());
  }

  @Test
  void bytesThatAreNoTextStopTheStart() throws IOException {
    keep("");
    Files.write(
        kept(), "{\"version\":1,\"namespaces\":{\"\u00e4\":".getBytes(StandardCharsets.ISO_8859_1));
    IOException e = assertThrows(IOException.class, bench::openBuiltIn);
    assertTrue(String.valueOf(e.getMessage()).contains("is not UTF-8"), e.getMessage());
    Files.delete(kept());
    Files.createDirectory(kept());
    e = assertThrows(IOException.class, bench::openBuiltIn);
    assertTrue(
        String.valueOf(e.getMessage()).startsWith(kept() + ": cannot be read: "), e.getMessage());
  }

  @Test
  void everythingThatIsTakenCanBeReadAgainAndTheWholeIsBounded() throws IOException {
    String taken;
    try (LimitsInForce limits = bench.openBuiltIn()) {
      String large = json(1).replaceFirst("}$", overrides(1_800) + "}");
      Change change = new Change.Deleted();
      int i = 0;
      for (; i < 100 && !(change instanceof Change.Invalid); i++) {
        change = limits.put("n" + i, large);
      }
      Change.Invalid refused = assertInstanceOf(Change.Invalid.class, change);
      assertTrue(i > 1, "the first was refused");
      assertTrue(
          refused.problems().getFirst().message().matches(".* would have [0-9]+ bytes"),
          refused.toString());
      taken = all(limits);
      assertFalse(taken.contains("n" + (i - 1) + "="));
    }
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals(taken, all(limits));
    }
  }

  /** As long as overrides can be: nearly a megabyte, the longest that is read. */
  private static String overrides(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            "{\"identifier\":\"" + "x".repeat(500) + i + "\",\"limits\":{\"m\":\"unlimited\"}}")
        .collect(Collectors.joining(",", ",\"overrides\":[", "]"));
  }

  @Test
  void aFolderThatCannotBeMadeTakesNoChanges() throws IOException {
    Files.writeString(bench.data, "in the way");
    try (LimitsInForce limits = bench.openBuiltIn()) {
      Change.Unavailable refused = unavailable(limits.put("a", json(1)));
      assertTrue(refused.why().contains(bench.data.toString()), refused.why());
      assertTrue(refused.fix().contains("TOLLGATE_DATA_DIR"), refused.fix());
      assertEquals("*=100", all(limits));
      Files.delete(bench.data);
      assertInstanceOf(Change.Written.class, limits.put("a", json(1)));
    }
  }

  @Test
  void aWriteThatFailsChangesNothingAndTheNextOneWorks() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      limits.put("a", json(1));
      Path inTheWay = Files.createDirectories(bench.data.resolve("namespaces.json.tmp/x"));
      assertTrue(
          unavailable(limits.put("a", json(2))).why().contains("namespaces.json.tmp"),
          "names the file");
      unavailable(limits.delete("a"));
      assertEquals("*=100 a=1", all(limits));
      Files.delete(inTheWay);
      Files.delete(bench.data.resolve("namespaces.json.tmp"));
      assertEquals(new Change.Deleted(), limits.delete("a"));
    }
  }

  @Test
  void twoOfOneProcessDoNotShareAFolderAndTheSecondHarmsNoLock() throws IOException {
    try (LimitsInForce first = bench.openBuiltIn()) {
      first.put("a", json(1));
      try (LimitsInForce second = bench.openBuiltIn()) {
        assertEquals(1, bench.told().size());
        unavailable(second.put("b", json(2)));
      }
      try (LimitsInForce third = bench.openBuiltIn()) {
        unavailable(third.delete("a"));
      }
      try (LimitsChild other = LimitsChild.start(folder)) {
        assertTrue(other.ask("put b 2").startsWith("Unavailable another server"));
      }
      assertInstanceOf(Change.Written.class, first.put("c", json(3)));
    }
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertInstanceOf(Change.Written.class, limits.put("b", json(2)));
      assertEquals("*=100 a=1 b=2 c=3", all(limits));
    }
  }

  @Test
  void aCorruptFileFoundAtTheFirstWriteIsNotOverwritten() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      keep("{\"version\":7}");
      Change.Unavailable refused = unavailable(limits.put("a", json(1)));
      assertTrue(refused.why().contains("has version 7"), refused.why());
      assertEquals("{\"version\":7}", Files.readString(kept()));
      keep(GOOD);
      limits.put("a", json(3));
      assertEquals("*=100 a=3 b=2", all(limits));
    }
  }
}
