package io.tollgate.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tollgate.limiter.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is put, it is in force as a whole and on disk, or nothing has changed. */
class PutPropertyTest {

  private static final String FULL =
      "{\"on_store_failure\":\"open\",\"headers\":\"both\",\"limits\":[{\"name\":\"m\","
          + "\"algorithm\":\"token_bucket\",\"limit\":100,\"period\":\"1m\",\"burst\":120,"
          + "\"shadow\":true,\"per\":\"namespace\",\"when\":{\"attributes\":{\"region\":\"eu\"}}},"
          + "{\"name\":\"d\",\"algorithm\":\"fixed_window\",\"limit\":5,\"period\":\"1d\","
          + "\"align\":\"calendar\",\"zone\":\"Europe/Berlin\"}],\"overrides\":[{\"identifier\":"
          + "\"bot_*\",\"limits\":{\"m\":{\"limit\":10,\"burst\":20},\"d\":\"unlimited\"}}],"
          + "\"endpoints\":[{\"match\":\"POST /x*\",\"limits\":[{\"name\":\"q\",\"algorithm\":"
          + "\"leaky_bucket\",\"mode\":\"queue\",\"limit\":1,\"period\":\"1s\","
          + "\"max_delay\":\"2s\"}]}]}";

  private static final List<String> PIECES =
      List.of(
          "",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "0",
          "-",
          ".",
          "e5",
          "null",
          "true",
          "1",
          "\"x\":1,",
          "\"limits\":[],",
          "\"name\":\"d\",",
          "[[[[",
          "99999999999999999999",
          "\u0000",
          "\uD83D",
          "\uFEFF",
          "\t",
          "m",
          "ms",
          "*",
          "\\u0000",
          "\\ud800",
          "[]",
          "{}",
          "unlimited");

  private static Path folder = Path.of("");
  private static Optional<LimitsInForce> open = Optional.empty();

  @BeforeContainer
  static void open() throws IOException {
    folder = Files.createTempDirectory("tollgate-put");
    open = Optional.of(new Bench(folder).openBuiltIn());
    open.get().put("other", Bench.json(7));
  }

  @AfterContainer
  static void close() throws IOException {
    open.ifPresent(LimitsInForce::close);
    Path data = folder.resolve("data");
    Files.delete(data.resolve("namespaces.json"));
    Files.delete(data.resolve("lock"));
    Files.delete(data);
    Files.delete(folder);
  }

  @Property(tries = 1_000)
  void mutatedJsonIsTakenWholeOrNotAtAll(@ForAll long seed) throws IOException {
    LimitsInForce limits = open.orElseThrow();
    String json = mutated(new Random(seed));
    Catalog catalog = limits.catalog();
    LimitsState state = limits.state();
    Optional<NamespaceView> before = limits.find("n");
    switch (limits.put("n", json)) {
      case Change.Written(boolean created, NamespaceView view) -> {
        assertEquals(before.isEmpty(), created);
        assertEquals(Optional.of(view), limits.find("n"));
        assertEquals(view.json(), Bench.answer(limits.catalog(), "n"));
        assertEquals(2, limits.state().apiNamespaces());
      }
      case Change.Invalid(var problems, int _) -> {
        assertFalse(problems.isEmpty());
        assertSame(catalog, limits.catalog());
        assertEquals(state, limits.state());
      }
      case Change other -> throw new AssertionError(other);
    }
    assertEquals(Bench.json(7), limits.find("other").orElseThrow().json());
  }

  private static String mutated(Random random) {
    StringBuilder json = new StringBuilder(FULL);
    for (int i = random.nextInt(4); i > 0; i--) {
      int from = random.nextInt(json.length());
      int to = Math.min(json.length(), from + random.nextInt(random.nextInt(4) == 0 ? 60 : 3));
      json.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
    }
    return json.toString();
  }
}
