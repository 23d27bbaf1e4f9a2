package io.tollgate.server.limits;

import static io.tollgate.server.limits.Bench.all;
import static io.tollgate.server.limits.Bench.invalid;
import static io.tollgate.server.limits.Bench.json;
import static io.tollgate.server.limits.Bench.settle;
import static io.tollgate.server.limits.Bench.unavailable;
import static io.tollgate.server.limits.Bench.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.limits.LimitsInForce.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces made through the API, beside those of the file and the built-in one. */
class ApiNamespacesTest {

  @TempDir Path folder;

  private Bench bench;

  @BeforeEach
  void bench() {
    bench = new Bench(folder);
  }

  private static Change written(boolean created, String name, int limit) {
    return new Change.Written(created, Bench.view(name, limit));
  }

  @Test
  void aNamespaceIsMadeReplacedAndDeleted() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals("*=100", all(limits));
      assertEquals(written(true, "a", 1), limits.put("a", " " + json(1).replace(":", ": ")));
      assertEquals(written(false, "a", 2), limits.put("a", json(2)));
      assertEquals(written(true, "b", 3), limits.put("b", json(3)));
      assertEquals("*=100 a=2 b=3", all(limits));
      assertEquals(2, limits.state().apiNamespaces());
      assertEquals(new Change.Deleted(), limits.delete("a"));
      assertEquals(new Change.NotFound(), limits.delete("a"));
      assertEquals("*=100 b=3", all(limits));
      assertEquals(Optional.empty(), limits.find("a"));
      assertEquals(Optional.of(Bench.view("b", 3)), limits.find("b"));
    }
  }

  @Test
  void theBuiltInExampleMayBeReplacedAndComesBack() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals(new Change.NotFound(), limits.delete("*"));
      assertEquals(written(true, "*", 5), limits.put("*", json(5)));
      assertEquals("*=5", all(limits));
      assertEquals(new Change.Deleted(), limits.delete("*"));
      assertEquals("*=100", all(limits));
      assertEquals(0, limits.state().fileNamespaces());
    }
  }

  @Test
  void aNamespaceOfTheFileIsReadOnly() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Change readOnly = new Change.ReadOnly("a", bench.file.toString());
      assertEquals(readOnly, limits.put("a", json(2)));
      assertEquals(readOnly, limits.put("a", "no JSON"));
      assertEquals(readOnly, limits.delete("a"));
      assertEquals("a!=1", all(limits));
      assertFalse(Files.exists(bench.data));
    }
  }

  @Test
  void theFileShadowsANamespaceOfTheApiForAsLongAsItHasTheName() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      limits.put("b", json(2));
      bench.write(yaml(30, "a", "b"));
      settle(limits);
      assertEquals("a!=30 b!=30", all(limits));
      assertEquals(
          List.of(
              bench.file + ": reloaded, namespaces: 2",
              "namespace b: "
                  + bench.file
                  + " has one of this name, which is in force;"
                  + " the one made through the API is kept aside"),
          bench.told());
      assertEquals(1, limits.state().apiNamespaces());
      bench.write(yaml(4, "a"));
      settle(limits);
      assertEquals("a!=4 b=2", all(limits));
      assertEquals(
          "namespace b: "
              + bench.file
              + " has none of this name any more;"
              + " the one made through the API is in force again",
          bench.told().getLast());
    }
  }

  @Test
  void aShadowedNamespaceSurvivesARestartAndIsToldOf() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      limits.put("b", json(2));
    }
    bench.write(yaml(1, "b"));
    try (LimitsInForce limits = bench.openFile()) {
      assertEquals("b!=1", all(limits));
      assertTrue(bench.told().getFirst().startsWith("namespace b: "));
    }
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      assertEquals("a!=1 b=2", all(limits));
      assertEquals(List.of(), bench.told());
    }
  }

  @Test
  void whatIsWrongChangesNothing() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      Catalog before = limits.catalog();
      Change.Invalid refused =
          invalid(limits.put("a", "{\"limits\":[{\"name\":\"m\",\"period\":\"1x\"}]}"));
      assertEquals(
          List.of("/limits/0", "/limits/0", "/limits/0/period"),
          refused.problems().stream().map(p -> p.pointer()).toList());
      assertEquals(0, refused.further());
      invalid(limits.put("a b", json(1)));
      invalid(limits.put("", json(1)));
      invalid(limits.put("x".repeat(129), json(1)));
      assertSame(before, limits.catalog());
      assertFalse(Files.exists(bench.data));
    }
  }

  @Test
  void theNumberOfNamespacesIsBounded() throws IOException {
    try (LimitsInForce limits = bench.openBuiltIn()) {
      for (int i = 0; i < LimitsInForce.MOST_MADE; i++) {
        assertEquals(written(true, "n" + i, 1), limits.put("n" + i, json(1)));
      }
      Change.Invalid refused = invalid(limits.put("more", json(1)));
      assertEquals(
          "there are 1000 namespaces made through the API already",
          refused.problems().getFirst().message());
      assertEquals(written(false, "n7", 2), limits.put("n7", json(2)));
      assertEquals(new Change.Deleted(), limits.delete("n8"));
      assertEquals(written(true, "more", 1), limits.put("more", json(1)));
    }
  }

  @Test
  void fileAndApiTogetherAreBounded() throws IOException {
    String[] many =
        IntStream.range(0, Catalog.MOST_NAMESPACES).mapToObj(i -> "f" + i).toArray(String[]::new);
    bench.write(yaml(1, many));
    try (LimitsInForce limits = bench.openFile()) {
      Change.Invalid refused = invalid(limits.put("a", json(1)));
      assertEquals("10001 namespaces are too many", refused.problems().getFirst().message());
      bench.write(yaml(1, "f"));
      settle(limits);
      assertEquals(written(true, "a", 1), limits.put("a", json(1)));
      bench.told();
      bench.write(yaml(1, many));
      settle(limits);
      assertEquals("a=1 f!=1", all(limits));
      assertFalse(limits.state().valid());
      assertEquals(
          bench.file
              + ": with those made through the API, 10001 namespaces are too many;"
              + " use at most 10000",
          limits.state().firstProblem().orElseThrow());
      settle(limits);
      assertEquals(1, bench.told().size());
    }
    ConfigException e = assertThrows(ConfigException.class, bench::openFile);
    assertTrue(String.valueOf(e.getMessage()).contains("10001 namespaces"), e.getMessage());
  }

  @Test
  void withoutADataFolderThereAreNoChanges() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits =
        LimitsInForce.unwatched(
            new Origin.File(bench.file), Optional.empty(), bench.events::add, () -> bench.now)) {
      assertEquals(
          new Change.Unavailable(
              "there is no data folder to keep namespaces in",
              "set TOLLGATE_DATA_DIR to a folder that this user may write"),
          limits.put("b", json(1)));
      assertEquals(new Change.NotFound(), limits.delete("b"));
      assertEquals("a!=1", all(limits));
    }
  }

  @Test
  void aStoppedServerTakesNoChanges() throws IOException {
    LimitsInForce limits = bench.openBuiltIn();
    limits.close();
    assertEquals("the server is stopping", unavailable(limits.put("a", json(1))).why());
    assertFalse(Files.exists(bench.data));
    limits.close();
  }
}
