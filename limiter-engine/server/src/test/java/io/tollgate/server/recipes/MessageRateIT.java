package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.openapi.Tree;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code recipes/message-rate} as its page says, and what it promises on bad days. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class MessageRateIT {

  private static final String NAME = "message-rate";

  /** As limits.yaml says. */
  private static final int BURST = 10;

  /** So slow that nothing comes back while a test runs. */
  private static final String SLOW = "period: 60h";

  private static final String BY_THE_MINUTE = "period: 1m";

  private static final String AWAY = "{\"error\": \"away\", \"cost\": 1, \"retry_after_ms\": 1000}";

  private static Recipe shared;

  @TempDir private static Path sharedFolder;
  @TempDir private Path folder;

  @BeforeAll
  static void startTollgate() throws Exception {
    shared = Recipe.toShare(sharedFolder, NAME, BY_THE_MINUTE, SLOW);
  }

  @AfterAll
  static void stopTollgate() {
    shared.close();
  }

  private static String taken(int cost, long remaining) {
    return "{\"taken\": %d, \"remaining\": %d}".formatted(cost, remaining);
  }

  @Test
  void theProgramsPrintWhatThePageShows() throws Exception {
    try (Recipe recipe = Recipe.start(folder, NAME)) {
      recipe.printsWhatItsPageShows("ws");
      assertEquals("", recipe.server().err());
    }
  }

  @Test
  void aDenialSaysWhenToGoOnAndWhoDoesNotWaitIsClosed() throws Exception {
    try (Recipe recipe = shared.share(folder);
        Chatter one = Chatter.open(recipe.port(), recipe.user("ann"));
        Chatter two = Chatter.open(recipe.port(), recipe.user("ann"));
        Chatter other = Chatter.open(recipe.port(), recipe.user("bob"))) {
      for (int left = BURST - 1; left >= 0; left--) {
        assertEquals(taken(1, left), (left % 2 == 0 ? one : two).say("hello"));
      }
      for (int denials = 0; denials < 5; denials++) {
        Tree denied = Tree.json(one.say("hello"));
        assertEquals("rate_limited", denied.at("error").value());
        BigDecimal wait = new BigDecimal(String.valueOf(denied.at("retry_after_ms").value()));
        // One comes back in an hour.
        assertTrue(wait.longValue() > 3_500_000 && wait.longValue() <= 3_600_000, wait::toString);
      }
      assertEquals("closed 1008", one.heard());
      assertTrue(two.say("hello").contains("rate_limited"), "another connection, the same user");
      assertEquals(taken(1, BURST - 1), other.say("hello"), "another user");
    }
  }

  @Test
  void largerMessagesCostMoreAndOnesThatCouldNeverPassAreNotRead() throws Exception {
    try (Recipe recipe = shared.share(folder);
        Chatter ann = Chatter.open(recipe.port(), recipe.user("ann"));
        Chatter bob = Chatter.open(recipe.port(), recipe.user("bob"))) {
      assertEquals(taken(1, 9), ann.say("é".repeat(511)));
      assertEquals(taken(2, 7), ann.say("é".repeat(512)));
      assertEquals("closed 1009", ann.say("x".repeat(10 * 1024)));
      assertEquals(7, recipe.remaining("/v1/check", "messages"));
      assertEquals(taken(10, 0), bob.say("x".repeat(10 * 1024 - 1)));
    }
  }

  @Test
  void whileTollgateIsAwayMessagesPassSoonAndThenTheLimitHolds() throws Exception {
    try (Recipe recipe = shared.share(folder, Recipe.SOON);
        Chatter ann = Chatter.open(recipe.port(), recipe.user("ann"))) {
      assertEquals(taken(1, 9), ann.say("hello"));
      recipe.hangTollgate();
      allSay("{\"taken\": 1, \"remaining\": null}", ann);
      recipe.stopTollgate();
      allSay("{\"taken\": 1, \"remaining\": null}", ann);
      recipe.startTollgate();
      Recipe.await("the limit holds", () -> ann.say("hello").contains("rate_limited"));
    }
  }

  @Test
  void ifNoneMayPassWhileTollgateIsAwayNobodyIsClosedForTrying() throws Exception {
    try (Recipe recipe = shared.share(folder, "--on-failure=closed", Recipe.SOON);
        Chatter ann = Chatter.open(recipe.port(), recipe.user("ann"))) {
      recipe.hangTollgate();
      allSay(AWAY, ann);
      recipe.stopTollgate();
      allSay(AWAY, ann);
      recipe.startTollgate();
      Recipe.await("the limit holds", () -> ann.say("hello").startsWith("{\"taken"));
      assertTrue(recipe.remaining("/v1/check", "messages") < BURST);
    }
  }

  private static void allSay(String answer, Chatter chatter) throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < 2 * BURST; i++) {
      assertEquals(answer, chatter.say("hello"));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.compareTo(Recipe.MOST) < 0, took::toString);
  }
}
