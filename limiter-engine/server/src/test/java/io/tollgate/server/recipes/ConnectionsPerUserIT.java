package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.TollgateProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code recipes/connections-per-user} as its page says, and what it promises on bad days. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ConnectionsPerUserIT {

  private static final String NAME = "connections-per-user";

  /** As limits.yaml says. */
  private static final int LIMIT = 3;

  /** A time in which no lease ends by itself. */
  private static final String LONG = "600000";

  private static final int SHORT_MILLIS = 1500;

  private static Recipe shared;

  @TempDir private static Path sharedFolder;
  @TempDir private Path folder;

  private final List<Chatter> chatters = new ArrayList<>();

  @BeforeAll
  static void startTollgate() throws Exception {
    shared = Recipe.toShare(sharedFolder, NAME);
  }

  @AfterAll
  static void stopTollgate() {
    shared.close();
  }

  @AfterEach
  void hangUp() {
    chatters.forEach(Chatter::close);
  }

  private Chatter open(Recipe recipe, String user) throws Exception {
    Chatter chatter = Chatter.open(recipe.port(), recipe.user(user));
    chatters.add(chatter);
    assertEquals("hello", chatter.say("hello"));
    return chatter;
  }

  private Chatter openAll(Recipe recipe) throws Exception {
    Chatter first = open(recipe, "ann");
    for (int i = 1; i < LIMIT; i++) {
      open(recipe, "ann");
    }
    return first;
  }

  private static HttpResponse<?> refused(Recipe recipe, String user) throws Exception {
    return Chatter.refused(recipe.port(), recipe.user(user));
  }

  private static long left(Recipe recipe) throws Exception {
    return recipe.remaining("/v1/leases", "connections");
  }

  /** What the Ann of client.py has left, who is one and the same in all tests. */
  private static long clientsLeft(Recipe recipe) throws Exception {
    return recipe.remaining("/v1/leases", "connections", "ann");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void theProgramsPrintWhatThePageShows() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      recipe.printsWhatItsPageShows("ws");
      Recipe.await("all that it opened is released", () -> clientsLeft(recipe) == LIMIT);
      assertEquals("", recipe.server().err());
    }
  }

  @Test
  void oneTooManyIsRefusedBeforeTheUpgradeAndWhoeverEndsMakesRoom() throws Exception {
    try (Recipe recipe = shared.share(folder, "--ttl-ms=" + LONG)) {
      Chatter first = openAll(recipe);
      HttpResponse<?> refused = refused(recipe, "ann");
      assertEquals(429, refused.statusCode());
      int wait = Integer.parseInt(header(refused, "Retry-After"));
      assertTrue(wait > 500 && wait <= 600, () -> "in seconds: " + wait);
      open(recipe, "bob");
      first.leave();
      Recipe.await("room after a close", () -> left(recipe) == 1);
      open(recipe, "ann").vanish();
      Recipe.await("room after an end without a word", () -> left(recipe) == 1);
      open(recipe, "ann");
      assertEquals(429, refused(recipe, "ann").statusCode());
    }
  }

  @Test
  void aClientThatIsKilledLeavesItsRoomAtOnce() throws Exception {
    try (Recipe recipe = shared.share(folder, "--ttl-ms=" + LONG);
        TollgateProcess client = recipe.client("ws", "--stay")) {
      String line;
      do {
        line = client.line();
      } while (!line.startsWith("stays"));
      assertEquals(0, clientsLeft(recipe));
      client.kill();
      Recipe.await("room after the client's end", () -> clientsLeft(recipe) == LIMIT);
    }
  }

  @Test
  void whatIsOpenKeepsItsLeaseAndAServerThatIsStoppedReleases() throws Exception {
    try (Recipe recipe = shared.share(folder, "--ttl-ms=" + SHORT_MILLIS)) {
      Chatter first = openAll(recipe);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * SHORT_MILLIS);
      while (System.nanoTime() < end) {
        assertEquals(0, left(recipe));
      }
      assertNull(first.closed());
      recipe.server().terminate();
      assertEquals("closed 1001", first.heard());
      assertEquals(0, recipe.server().exitCode(), recipe.server().err());
      assertEquals(LIMIT, left(recipe));
    }
  }

  @Test
  void aServerThatIsKilledLeavesItsLeasesUntilTheirTimeIsOver() throws Exception {
    try (Recipe recipe = shared.share(folder, "--ttl-ms=" + SHORT_MILLIS)) {
      openAll(recipe);
      recipe.server().kill();
      var _ = recipe.server().exitCode();
      long begun = System.nanoTime();
      assertEquals(0, left(recipe));
      Recipe.await("room after the leases' time", () -> left(recipe) == LIMIT);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(took < SHORT_MILLIS + Recipe.MOST.toMillis(), () -> took + " ms");
      recipe.startServer();
      open(recipe, "ann");
    }
  }

  @Test
  void whileTollgateIsAwayAllMayOpenAndAfterThatTheLimitHoldsForThoseThatAreOpen()
      throws Exception {
    try (Recipe recipe = shared.share(folder, "--ttl-ms=" + SHORT_MILLIS)) {
      openAll(recipe);
      recipe.stopTollgate();
      open(recipe, "ann");
      open(recipe, "ann");
      recipe.startTollgate();
      Recipe.await("two too many are closed", () -> codes().size() == 2);
      assertEquals(List.of(1013, 1013), codes());
      Recipe.await("all leases", () -> left(recipe) == 0);
      assertEquals(429, refused(recipe, "ann").statusCode());
    }
  }

  private List<Integer> codes() {
    return chatters.stream().map(Chatter::closed).filter(Objects::nonNull).toList();
  }

  @Test
  void ifNothingMayOpenWhileTollgateIsAwayWhatIsOpenStays() throws Exception {
    try (Recipe recipe =
        shared.share(folder, "--ttl-ms=" + SHORT_MILLIS, "--on-failure=closed", Recipe.SOON)) {
      Chatter stays = open(recipe, "ann");
      recipe.hangTollgate();
      long begun = System.nanoTime();
      for (int i = 0; i < 2 * LIMIT; i++) {
        HttpResponse<?> refused = refused(recipe, "ann");
        assertEquals(503, refused.statusCode());
        assertEquals("1", header(refused, "Retry-After"));
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      assertTrue(took.compareTo(Recipe.MOST) < 0, () -> "hung: " + took);
      recipe.stopTollgate();
      assertEquals(503, refused(recipe, "ann").statusCode());
      assertEquals("still", stays.say("still"));
      recipe.startTollgate();
      Recipe.await("a lease again", () -> left(recipe) == LIMIT - 1);
      assertNull(stays.closed());
    }
  }
}
