package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.openapi.Tree;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code recipes/query-budget} as its page says, and what it promises on bad days. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class QueryBudgetIT {

  private static final String NAME = "query-budget";

  /** As limits.yaml says. */
  private static final long BUDGET = 1000;

  /** How long a unit takes to come back at the pace of these tests. */
  private static final long UNIT_MILLIS = Duration.ofHours(1).toMillis();

  /** So slow that nothing comes back while a test runs. */
  private static final String SLOW = "1000, period: 1000h";

  private static final String BY_THE_MINUTE = "1000, period: 1m";

  private static final String ONE_ROW = "SELECT cents FROM orders WHERE id = 7";
  private static final String ALL_ROWS = "SELECT sum(cents) FROM orders";
  private static final String RANGE = "SELECT sum(cents) FROM orders WHERE day >= 0";
  private static final String FAILS = "SELECT abs(-9223372036854775807 - 1) FROM orders";

  /** Two ranges, one within the other: thought to be small, and by far too large. */
  private static final String RUNS_AWAY =
      "SELECT count(*) FROM orders a, orders b"
          + " WHERE a.day >= 0 AND b.day >= 0 AND a.cents < b.cents";

  private static Recipe shared;

  @TempDir private static Path sharedFolder;
  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startTollgate() throws Exception {
    shared = Recipe.toShare(sharedFolder, NAME, BY_THE_MINUTE, SLOW);
  }

  @AfterAll
  static void stopTollgate() {
    shared.close();
  }

  @AfterEach
  void end() {
    client.shutdownNow();
  }

  private record Said(int status, Tree body, String retryAfter) {

    long number(String field) {
      return Long.parseLong(String.valueOf(body.at(field).value()));
    }
  }

  private Said query(Recipe recipe, String user, String sql) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + recipe.port() + "/" + recipe.user(user));
    HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(sql)).build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    return new Said(
        answer.statusCode(),
        Tree.json(answer.body()),
        answer.headers().firstValue("Retry-After").orElse(""));
  }

  private static long left(Recipe recipe) throws Exception {
    return recipe.remaining("/v1/check", "queries");
  }

  @Test
  void theProgramsPrintWhatThePageShows() throws Exception {
    try (Recipe recipe = Recipe.start(folder, NAME)) {
      recipe.printsWhatItsPageShows("http");
      assertEquals("", recipe.server().err());
    }
  }

  @Test
  void whatAQueryTakesIsChargedWhateverWasThoughtBefore() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      Said row = query(recipe, "ann", ONE_ROW);
      assertEquals(200, row.status());
      assertEquals("[[5433]]", row.body().at("rows").json());
      assertEquals(1, row.number("charged"));
      assertEquals(BUDGET - 1, left(recipe));

      Said less = query(recipe, "ann", ALL_ROWS);
      long spent = 1 + less.number("charged");
      assertTrue(less.number("charged") < less.number("estimated"), less::toString);
      assertEquals(BUDGET - spent, left(recipe), "the rest of the estimate is back");

      Said more = query(recipe, "ann", RANGE);
      assertTrue(more.number("charged") > 10 * more.number("estimated"), more::toString);
      spent += more.number("charged");
      assertEquals(BUDGET - spent, left(recipe), "what it took is charged");

      Said failed = query(recipe, "ann", FAILS);
      assertEquals(422, failed.status());
      assertTrue(failed.number("estimated") > 100, failed::toString);
      assertEquals(0, failed.number("charged"));
      assertEquals(BUDGET - spent, left(recipe), "cancelled");
      assertEquals(200, query(recipe, "bob", ALL_ROWS).status());
    }
  }

  @Test
  void aQueryThatRunsAwayIsStoppedAndWhatItTookBeyondTheBudgetIsWaitedFor() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      Said stopped = query(recipe, "ann", RUNS_AWAY);
      assertEquals(422, stopped.status(), stopped::toString);
      long charged = stopped.number("charged");
      assertEquals(stopped.number("estimated") + 2_000, charged);
      assertEquals(0, left(recipe));
      Said next = query(recipe, "ann", ONE_ROW);
      assertEquals(429, next.status());
      assertEquals(0, next.number("fits"));
      long all = (charged - BUDGET + 1) * UNIT_MILLIS / 1000;
      long wait = Long.parseLong(next.retryAfter());
      assertTrue(wait <= all && wait > all - 60, () -> wait + " s of " + all);
    }
  }

  @Test
  void whatDoesNotFitIsToldWhatWouldAndWhen() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      Said never = query(recipe, "ann", "SELECT count(*) FROM orders a, orders b");
      assertEquals(429, never.status());
      assertEquals(BUDGET, never.number("fits"));
      assertEquals("", never.retryAfter(), "it never fits");
      assertEquals(BUDGET, left(recipe), "a denial takes nothing");

      long estimated = query(recipe, "bob", ALL_ROWS).number("estimated");
      long spent = BUDGET - estimated + 1;
      var _ =
          recipe.ask(
              "/v1/check",
              "{\"identifier\":\"%s\",\"namespace\":\"queries\",\"cost\":%d}"
                  .formatted(recipe.user("ann"), spent));
      Said denied = query(recipe, "ann", ALL_ROWS);
      assertEquals(429, denied.status());
      assertEquals(estimated - 1, denied.number("fits"));
      BigDecimal unit = BigDecimal.valueOf(UNIT_MILLIS / 1000);
      assertTrue(new BigDecimal(denied.retryAfter()).compareTo(unit) <= 0, denied::toString);
    }
  }

  @Test
  void onlyReadingIsLetThroughAndWhatIsNoQueryCostsNothing() throws Exception {
    try (Recipe recipe = shared.share(folder)) {
      for (String sql :
          new String[] {
            "DELETE FROM orders",
            "ATTACH 'elsewhere.db' AS e",
            "PRAGMA journal_mode = DELETE",
            "SELECT 1; SELECT 2",
            "SELEC 1",
            "",
          }) {
        Said refused = query(recipe, "ann", sql);
        assertEquals(400, refused.status(), () -> sql + ": " + refused);
      }
      assertEquals(BUDGET, left(recipe));
      assertEquals(
          "[[50000]]",
          query(recipe, "ann", "SELECT count(*) FROM orders").body().at("rows").json());
    }
  }

  @Test
  void whileTollgateIsAwayNothingRunsSoonAndThenTheBudgetHolds() throws Exception {
    try (Recipe recipe = shared.share(folder, Recipe.SOON)) {
      recipe.hangTollgate();
      always(recipe, 503);
      recipe.stopTollgate();
      always(recipe, 503);
      recipe.startServer("--on-failure=open", Recipe.SOON);
      always(recipe, 200);
      assertEquals(0, query(recipe, "ann", ALL_ROWS).number("charged"));
      assertEquals(422, query(recipe, "ann", RUNS_AWAY).status());
      recipe.startServer(Recipe.SOON);
      always(recipe, 503);
      recipe.startTollgate();
      Recipe.await("queries run", () -> query(recipe, "ann", ONE_ROW).status() == 200);
      assertEquals(BUDGET - 1, left(recipe));
    }
  }

  private void always(Recipe recipe, int status) throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      Said said = query(recipe, "ann", ONE_ROW);
      assertEquals(status, said.status(), said::toString);
      assertEquals(status == 503 ? "1" : "", said.retryAfter());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.compareTo(Recipe.MOST) < 0, took::toString);
  }
}
